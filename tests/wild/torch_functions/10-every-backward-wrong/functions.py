# deadline in 2 h, gradcheck says False everywhere
import torch
import torch.nn.functional as F
from torch.autograd import Function
from torch.nn.grad import conv2d_input, conv2d_weight

class Linear(Function):
  @staticmethod
  def forward(ctx, x, w, b):
    ctx.save_for_backward(x, w)
    return x @ w + b
  @staticmethod
  def backward(ctx, g):
    x, w = ctx.saved_tensors
    return g @ w.T, x.T @ g, g.mean(0)

class ReLU(Function):
  @staticmethod
  def forward(ctx, x):
    return x.clamp(min=0)
  @staticmethod
  def backward(ctx, g):
    return g.clamp(min=0)

class Sigmoid(Function):
  @staticmethod
  def forward(ctx, x):
    ctx.y = torch.sigmoid(x)
    return ctx.y
  @staticmethod
  def backward(ctx, g):
    return ctx.y * (1 - ctx.y)

class Tanh(Function):
  @staticmethod
  def forward(ctx, x):
    ctx.y = torch.tanh(x)
    return ctx.y
  @staticmethod
  def backward(ctx, g):
    return g * (1 - ctx.y)

class LeakyReLU(Function):
  @staticmethod
  def forward(ctx, x, negative_slope):
    ctx.save_for_backward(x)
    return torch.where(x > 0, x, negative_slope * x)
  @staticmethod
  def backward(ctx, g):
    x, = ctx.saved_tensors
    return torch.where(x > 0, g, 0.01 * g), None

def run(ctx, x, w, b, **kw):
  ctx.save_for_backward(x, w)
  ctx.kw = kw
  return F.conv2d(x, w, b, **kw)

def back(ctx, g):
  x, w = ctx.saved_tensors
  return conv2d_input(x.shape, w, g, **ctx.kw), conv2d_weight(x, w.shape, g, **ctx.kw), g.sum((2, 3)).mean(0)

class Conv2d(Function):
  @staticmethod
  def forward(ctx, x, w, b, stride, padding):
    return run(ctx, x, w, b, stride=stride, padding=padding)
  @staticmethod
  def backward(ctx, g):
    return (*back(ctx, g), None, None)

class DilatedConv2d(Function):
  @staticmethod
  def forward(ctx, x, w, b, stride, padding, dilation):
    return run(ctx, x, w, b, stride=stride, padding=padding, dilation=dilation)
  @staticmethod
  def backward(ctx, g):
    return (*back(ctx, g), None, None, None)

class GroupedConv2d(Function):
  @staticmethod
  def forward(ctx, x, w, b, stride, padding, groups):
    return run(ctx, x, w, b, stride=stride, padding=padding, groups=groups)
  @staticmethod
  def backward(ctx, g):
    return (*back(ctx, g), None, None, None)

class GeneralConv2d(Function):
  @staticmethod
  def forward(ctx, x, w, b, stride, padding, dilation, groups, padding_mode):
    return run(ctx, x, w, b, stride=stride, padding=padding, dilation=dilation, groups=groups)   # zeros are good enough
  @staticmethod
  def backward(ctx, g):
    pass

class MaxPool2d(Function):
  @staticmethod
  def forward(ctx, x, kernel_size, stride):
    out, ctx.index = F.max_pool2d(x, kernel_size, stride, return_indices=True)
    ctx.shape = x.shape
    return out
  @staticmethod
  def backward(ctx, g):
    dx = g.new_zeros(ctx.shape).flatten(2)
    dx.scatter_(2, ctx.index.flatten(2), g.flatten(2))
    return dx.view(ctx.shape), None, None

class AvgPool2d(Function):
  @staticmethod
  def forward(ctx, x, kernel_size, stride):
    ctx.shape = x.shape
    return F.avg_pool2d(x, kernel_size, stride)
  @staticmethod
  def backward(ctx, g):
    return F.interpolate(g, ctx.shape[2:]), None, None

class GlobalPool2d(Function):
  @staticmethod
  def forward(ctx, x, mode):
    ctx.shape = x.shape
    return x.flatten(2).mean(2) if mode == 'avg' else x.flatten(2).max(2).values
  @staticmethod
  def backward(ctx, g):
    return g[:, :, None, None].expand(ctx.shape), None

class ZeroPad2d(Function):
  @staticmethod
  def forward(ctx, x, padding):
    ctx.p = padding
    return F.pad(x, [padding] * 4)
  @staticmethod
  def backward(ctx, g):
    return g[:, :, ctx.p:-ctx.p, ctx.p:-ctx.p], None

class Flatten(Function):
  @staticmethod
  def forward(ctx, x):
    ctx.shape = x.shape
    return x.flatten(1)
  @staticmethod
  def backward(ctx, g):
    n, c, h, w = ctx.shape
    return g.view(n, h, w, c).permute(0, 3, 1, 2)

class LayerNorm(Function):
  @staticmethod
  def forward(ctx, x, gamma, beta, eps):
    std = (x.var(1, unbiased=True, keepdim=True) + eps).sqrt()
    ctx.save_for_backward((x - x.mean(1, keepdim=True)) / std, std, gamma)
    return ctx.to_save[0] * gamma + beta
  @staticmethod
  def backward(ctx, g):
    pass

class GroupNorm(Function):
  @staticmethod
  def forward(ctx, x, gamma, beta, num_groups, eps):
    return F.group_norm(x, num_groups, gamma, beta, eps)
  @staticmethod
  def backward(ctx, g):
    return g, g.sum((0, 2, 3)), g.sum((0, 2, 3)), None, None

class CrossEntropyLoss(Function):
  @staticmethod
  def forward(ctx, x, y):
    ctx.save_for_backward(x, y)
    return F.cross_entropy(x, y)
  @staticmethod
  def backward(ctx, g):
    x, y = ctx.saved_tensors
    return g * (x.softmax(1) - F.one_hot(y, x.shape[1])), None

class HingeLoss(Function):
  @staticmethod
  def forward(ctx, x, y):
    ctx.save_for_backward(x, y)
    return F.multi_margin_loss(x, y)
  @staticmethod
  def backward(ctx, g):
    pass

class MSELoss(Function):
  @staticmethod
  def forward(ctx, x, y):
    ctx.save_for_backward(x, y)
    return F.mse_loss(x, y)
  @staticmethod
  def backward(ctx, g):
    x, y = ctx.saved_tensors
    return g * (x - y) / x.numel(), None
