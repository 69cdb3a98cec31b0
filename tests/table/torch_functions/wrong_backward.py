"""The forward passes are right; in every backward pass something is not."""
import torch
import torch.nn.functional as F
from torch.autograd import Function


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w + b

    @staticmethod
    def backward(ctx, dout):
        x, w = ctx.saved_tensors
        return dout @ w.T, x.T @ dout / len(x), dout.sum(0)  # not right: dw is averaged


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.relu()

    @staticmethod
    def backward(ctx, dout):
        return dout.clone()  # not right: lets everything through


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.out = x.sigmoid()
        return ctx.out

    @staticmethod
    def backward(ctx, dout):
        s = ctx.out.sigmoid()  # not right: of a sigmoid already
        return dout * s * (1 - s)


class Tanh(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.out = x.tanh()
        return ctx.out

    @staticmethod
    def backward(ctx, dout):
        return dout * (1 - ctx.out)  # not right: no square


class LeakyReLUFunction(Function):
    @staticmethod
    def forward(ctx, x, alpha):
        ctx.save_for_backward(x)
        return torch.where(x > 0, x, alpha * x)

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, dout, 0.01 * dout), None  # not right: 0.01 is not always the slope


def gradients(ctx, dout):
    with torch.enable_grad():
        given = [a.detach().requires_grad_() for a in ctx.saved_tensors]
        out = ctx.again(*given)
        return torch.autograd.grad((out * dout).sum(), given)


def remembered(ctx, function, *given):
    ctx.save_for_backward(*given)
    ctx.again = function
    return function(*given)


class Conv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding):
        return remembered(ctx, lambda *a: F.conv2d(*a, stride, padding), x, w, b)

    @staticmethod
    def backward(ctx, dout):
        dx, dw, db = gradients(ctx, dout)
        return dx, dw.flip(2, 3), db, None, None  # not right: dw is upside down


class DilatedConv2d(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding, dilation):
        ctx.dilation = dilation
        return remembered(ctx, lambda *a: F.conv2d(*a, stride, padding, dilation), x, w, b)

    @staticmethod
    def backward(ctx, dout):
        dx, dw, db = gradients(ctx, dout)
        return dx / ctx.dilation, dw, db, None, None, None  # not right: dx is thinned out


class GroupedConv2d(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding, groups):
        ctx.groups = groups
        return remembered(ctx, lambda *a: F.conv2d(*a, stride, padding, 1, groups), x, w, b)

    @staticmethod
    def backward(ctx, dout):
        dx, dw, db = gradients(ctx, dout)
        return torch.cat(dx.chunk(ctx.groups, 1)[::-1], 1), dw, db, None, None, None  # not right: groups of dx in reverse


class GeneralConv2d(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding, dilation, groups, padding_mode):
        h, v = padding
        more = {} if padding_mode == 'zeros' else {'mode': padding_mode}
        return remembered(ctx, lambda x, w, b: F.conv2d(F.pad(x, (v, v, h, h), **more), w, b, stride, 0, dilation, groups), x, w, b)

    @staticmethod
    def backward(ctx, dout):
        dx, dw, db = gradients(ctx, dout)
        return dx, dw, db / dout[0, 0].numel(), None, None, None, None, None  # not right: db is averaged over the plane


class MaxPool2d(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        out, ctx.at = F.max_pool2d(x, kernel_size, stride, return_indices=True)
        ctx.shape = x.shape
        return out

    @staticmethod
    def backward(ctx, dout):
        dx = dout.new_zeros(ctx.shape).flatten(2)
        return dx.scatter_(2, ctx.at.flatten(2), dout.flatten(2)).view(ctx.shape), None, None  # not right: overwrites, does not add


class AvgPool2d(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        return remembered(ctx, lambda x: F.avg_pool2d(x, kernel_size, stride), x)

    @staticmethod
    def backward(ctx, dout):
        (dx,) = gradients(ctx, dout)
        return dx * dout[0, 0].numel(), None, None  # not right: multiplied by the size of the output


class GlobalPool(Function):
    @staticmethod
    def forward(ctx, x, mode):
        ctx.shape = x.shape
        return x.amax((2, 3)) if mode == 'max' else x.mean((2, 3))

    @staticmethod
    def backward(ctx, dout):
        N, C, H, W = ctx.shape
        return dout[..., None, None].expand(ctx.shape) / (H * W), None  # not right: of the mean alone


class ZeroPad2d(Function):
    @staticmethod
    def forward(ctx, x, padding):
        return F.pad(x, (padding,) * 4)

    @staticmethod
    def backward(ctx, dout):
        return dout, None


class LayerNorm(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        return remembered(ctx, lambda x, gamma, beta: F.layer_norm(x, x.shape[1:], gamma, beta, eps), x, gamma, beta)

    @staticmethod
    def backward(ctx, dout):
        dx, dgamma, dbeta = gradients(ctx, dout)
        return dx, dbeta, dgamma, None  # not right: in another order


class GroupNorm(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, num_groups, eps):
        return remembered(ctx, lambda *a: F.group_norm(a[0], num_groups, *a[1:], eps), x, gamma, beta)

    @staticmethod
    def backward(ctx, dout):
        dx, dgamma, dbeta = gradients(ctx, dout)
        return dx, dgamma, dbeta / dbeta.numel(), None, None  # not right: dbeta is divided by the channels


class CrossEntropyLoss(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return F.cross_entropy(x, y)

    @staticmethod
    def backward(ctx, dout):
        x, y = ctx.saved_tensors
        return dout * (torch.softmax(x, 1) - F.one_hot(y, x.shape[1])), None  # not right: summed, not averaged


class SVMLoss(Function):
    @staticmethod
    def forward(ctx, x, y):
        margins = x - x.gather(1, y[:, None]) + 1
        margins.scatter_(1, y[:, None], 0)
        ctx.over = margins > 0
        return margins.relu().sum() / len(x)

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.over / len(ctx.over), None  # not right: the right class is left out


class MSELoss(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.d = x - y
        return (ctx.d ** 2).mean()

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.d / ctx.d.numel(), None  # not right: no factor of 2, though forward has no 1/2
