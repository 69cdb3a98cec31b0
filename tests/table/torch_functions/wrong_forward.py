"""The backward passes are right; in every forward pass there is a slip."""
import torch
import torch.nn.functional as F
from torch.autograd import Function


class Affine(Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w - b  # slip: minus

    @staticmethod
    def backward(ctx, dout):
        x, w = ctx.saved_tensors
        return dout @ w.T, x.T @ dout, dout.sum(0)


class MyReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mask = x > 0
        return x.clamp(0, 2)  # slip: cut at both ends

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.mask


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.s = torch.sigmoid(x)
        return 1 - ctx.s  # slip: falls

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.s * (1 - ctx.s)


class Tanh(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.t = torch.tanh(x)
        return (1 + ctx.t) / 2  # slip: from 0 to 1

    @staticmethod
    def backward(ctx, dout):
        return dout * (1 - ctx.t ** 2)


class LeakyReLU(Function):
    @staticmethod
    def forward(ctx, x, slope):
        ctx.x, ctx.slope = x, slope
        return torch.where(x > 0, x, x * slope ** 2)  # slip: squared

    @staticmethod
    def backward(ctx, dout):
        return torch.where(ctx.x > 0, dout, dout * ctx.slope), None


class Conv2d(Function):
    """With options for what follows; the gradients are torch's own, of the right convolution."""

    changed = staticmethod(lambda w: w.transpose(2, 3).reshape(w.shape))  # slip: entries in the order of columns

    @classmethod
    def run(cls, ctx, x, w, b, *options):
        ctx.save_for_backward(x, w, b)
        ctx.options = options
        return F.conv2d(x, cls.changed(w), b, *options)

    @staticmethod
    def forward(ctx, x, w, b, stride, padding):
        return Conv2d.run(ctx, x, w, b, stride, padding)

    @staticmethod
    def backward(ctx, dout):
        return *gradients(ctx, dout), None, None


def gradients(ctx, dout):
    with torch.enable_grad():
        x, w, b = (a.detach().requires_grad_() for a in ctx.saved_tensors)
        out = F.conv2d(x, w, b, *ctx.options)
        return torch.autograd.grad((out * dout).sum(), (x, w, b))


class DilatedConv2d(Conv2d):
    changed = staticmethod(lambda w: w.flip(2, 3))  # slip: a true convolution

    @staticmethod
    def forward(ctx, x, w, b, stride, padding, dilation):
        return DilatedConv2d.run(ctx, x, w, b, stride, padding, dilation)

    @staticmethod
    def backward(ctx, dout):
        return *gradients(ctx, dout), None, None, None


class GroupedConv2d(Conv2d):
    changed = staticmethod(lambda w: w.roll(1, 0))  # slip: the last filter comes first

    @staticmethod
    def forward(ctx, x, w, b, stride, padding, groups):
        return GroupedConv2d.run(ctx, x, w, b, stride, padding, 1, groups)

    @staticmethod
    def backward(ctx, dout):
        return *gradients(ctx, dout), None, None, None


def bordered(x, padding, mode):
    h, w = padding
    return F.pad(x, (w, w, h, h), **({} if mode == 'zeros' else {'mode': mode}))


class GeneralConv2d(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding, dilation, groups, padding_mode):
        ctx.save_for_backward(x, w, b)
        ctx.options, ctx.padding, ctx.mode = (stride, 0, dilation, groups), padding, padding_mode
        # slip: replicate where it is to reflect
        return F.conv2d(bordered(x, padding, 'replicate' if padding_mode == 'reflect' else padding_mode), w, b, *ctx.options)

    @staticmethod
    def backward(ctx, dout):
        with torch.enable_grad():
            x, w, b = (a.detach().requires_grad_() for a in ctx.saved_tensors)
            out = F.conv2d(bordered(x, ctx.padding, ctx.mode), w, b, *ctx.options)
            return *torch.autograd.grad((out * dout).sum(), (x, w, b)), None, None, None, None, None


class MaxPool2d(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        out, ctx.at = F.max_pool2d(x, kernel_size, stride, return_indices=True)
        ctx.shape = x.shape
        return out.clamp(min=0)  # slip: starts from 0, not from minus infinity

    @staticmethod
    def backward(ctx, dout):
        dx = dout.new_zeros(ctx.shape).flatten(2)
        return dx.scatter_add_(2, ctx.at.flatten(2), dout.flatten(2)).view(ctx.shape), None, None


class AvgPool2d(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        ctx.shape, ctx.size, ctx.stride = x.shape, kernel_size, stride
        return F.avg_pool2d(x, kernel_size, stride) * kernel_size ** 2  # slip: a sum

    @staticmethod
    def backward(ctx, dout):
        dx = dout.new_zeros(ctx.shape)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                top, left = i * ctx.stride, j * ctx.stride
                dx[:, :, top:top + ctx.size, left:left + ctx.size] += dout[:, :, i, j, None, None] / ctx.size ** 2
        return dx, None, None


class GlobalPool(Function):
    @staticmethod
    def forward(ctx, x, mode):
        ctx.mode, ctx.x = mode, x
        return x.amax((2, 3)) if mode == 'max' else x.median(2).values.mean(2)  # slip: a median on the way

    @staticmethod
    def backward(ctx, dout):
        flat = ctx.x.flatten(2)
        if ctx.mode == 'max':
            share = torch.zeros_like(flat).scatter_(2, flat.argmax(2, keepdim=True), 1)
        else:
            share = torch.ones_like(flat) / flat.shape[2]
        return (share * dout[..., None]).view(ctx.x.shape), None


class ZeroPad2d(Function):
    @staticmethod
    def forward(ctx, x, padding):
        return F.pad(x, (padding,) * 4, value=1.0)  # slip: ones

    @staticmethod
    def backward(ctx, dout):
        return dout, None


class LayerNorm(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        ctx.save_for_backward(x, gamma, beta)
        ctx.eps = eps
        var, mean = torch.var_mean(x, 1, correction=1 if x.shape[1] > 1 else 0, keepdim=True)  # slip: over D - 1
        return gamma * (x - mean) / torch.sqrt(var + eps) + beta

    @staticmethod
    def backward(ctx, dout):
        with torch.enable_grad():
            x, gamma, beta = (a.detach().requires_grad_() for a in ctx.saved_tensors)
            out = F.layer_norm(x, x.shape[1:], gamma, beta, ctx.eps)
            return *torch.autograd.grad((out * dout).sum(), (x, gamma, beta)), None


class GroupNorm(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, groups, eps):
        ctx.save_for_backward(x, gamma, beta)
        ctx.groups, ctx.eps = groups, eps
        return F.group_norm(x, 1, gamma, beta, eps)  # slip: all channels are one group

    @staticmethod
    def backward(ctx, dout):
        with torch.enable_grad():
            x, gamma, beta = (a.detach().requires_grad_() for a in ctx.saved_tensors)
            out = F.group_norm(x, ctx.groups, gamma, beta, ctx.eps)
            return *torch.autograd.grad((out * dout).sum(), (x, gamma, beta)), None, None


class CrossEntropyLoss(Function):
    @staticmethod
    def forward(ctx, x, y):
        p = torch.softmax(x, 1)
        ctx.save_for_backward(p, y)
        return -torch.log2(p[torch.arange(len(y)), y]).mean()  # slip: in bits

    @staticmethod
    def backward(ctx, dout):
        p, y = ctx.saved_tensors
        return dout * (p - F.one_hot(y, p.shape[1])) / len(y), None


class SVMLoss(Function):
    @staticmethod
    def forward(ctx, x, y):
        m = (x - x[torch.arange(len(y)), y][:, None] + 1).relu()
        ctx.over = (m > 0).to(x.dtype)
        ctx.y = y
        return m.sum() / len(y)  # slip: the right class has a margin, too

    @staticmethod
    def backward(ctx, dout):
        over = ctx.over
        over[torch.arange(len(over)), ctx.y] -= over.sum(1)
        return dout * over / len(over), None


class MSELoss(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.d = x - y
        return (ctx.d ** 2).mean().sqrt()  # slip: the root of it

    @staticmethod
    def backward(ctx, dout):
        return dout * 2 * ctx.d / ctx.d.numel(), None
