"""Every layer as an autograd Function, with its backward by hand."""
import torch
from torch.autograd import Function


def windows(x, kernel, stride, dilation=(1, 1)):
    """Views of all windows, (N, C, out_h, out_w, kh, kw)."""
    for axis, k, s, d in zip((2, 3), kernel, stride, dilation):
        x = x.unfold(axis, d * (k - 1) + 1, s)[..., ::d]
    return x


def sources(size, pad, mode):
    """What each entry of a padded axis is a copy of: a matrix of zeros and ones."""
    at = torch.arange(-pad, size + pad)
    if mode == 'circular':
        at = at % size
    elif mode == 'replicate':
        at = at.clamp(0, size - 1)
    elif mode == 'reflect':
        at = at.abs()
        at = torch.minimum(at, 2 * (size - 1) - at)
    return (at[:, None] == torch.arange(size)).to(torch.get_default_dtype())


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, input, weight, bias):
        ctx.save_for_backward(input, weight)
        return input @ weight.T + bias

    @staticmethod
    def backward(ctx, grad_output):
        input, weight = ctx.saved_tensors
        return grad_output @ weight, grad_output.T @ input, grad_output.sum(0)


class ReLUFunction(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.positive = x > 0
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.positive


class SigmoidFn(Function):
    @staticmethod
    def forward(x):
        return torch.sigmoid(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, dout):
        (s,) = ctx.saved_tensors
        return dout * s * (1 - s)


class MyTanh(Function):
    @staticmethod
    def forward(ctx, x):
        out = torch.tanh(x)
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx, dout):
        return dout - dout * ctx.saved_tensors[0] ** 2


class LeakyReLU(Function):
    @staticmethod
    def forward(ctx, x, negative_slope):
        ctx.slope = torch.where(x > 0, torch.ones_like(x), torch.full_like(x, negative_slope))
        return x * ctx.slope

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.slope, None


def convolved(ctx, x, w, b, stride, padding, dilation=(1, 1), groups=1, mode='zeros'):
    down, along = (sources(size, p, mode).to(x.dtype) for size, p in zip(x.shape[2:], padding))
    xp = down @ x @ along.T
    ctx.save_for_backward(xp, w, down, along)
    ctx.stride, ctx.dilation, ctx.groups = stride, dilation, groups
    seen = windows(xp, w.shape[2:], stride, dilation).chunk(groups, 1)
    return torch.cat([torch.einsum('nchwkl,fckl->nfhw', *p) for p in zip(seen, w.chunk(groups))], 1) + b[:, None, None]


def convolution_gradients(ctx, dout):
    xp, w, down, along = ctx.saved_tensors
    parts, dxp = dout.chunk(ctx.groups, 1), torch.zeros_like(xp)
    seen = windows(xp, w.shape[2:], ctx.stride, ctx.dilation).chunk(ctx.groups, 1)
    dw = torch.cat([torch.einsum('nfhw,nchwkl->fckl', *p) for p in zip(parts, seen)])
    dseen = torch.cat([torch.einsum('nfhw,fckl->nchwkl', *p) for p in zip(parts, w.chunk(ctx.groups))], 1)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            target = windows(dxp, w.shape[2:], ctx.stride, ctx.dilation)[:, :, i, j]
            target += dseen[:, :, i, j]
    return down.T @ dxp @ along, dw, dout.sum((0, 2, 3))


class Conv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride=1, padding=0):
        return convolved(ctx, x, w, b, (stride, stride), (padding, padding))

    @staticmethod
    def backward(ctx, dout):
        return *convolution_gradients(ctx, dout), None, None


class DilatedConv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride=1, padding=0, dilation=1):
        return convolved(ctx, x, w, b, (stride, stride), (padding, padding), (dilation, dilation))

    @staticmethod
    def backward(ctx, dout):
        return *convolution_gradients(ctx, dout), None, None, None


class GroupedConv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride=1, padding=0, groups=1):
        return convolved(ctx, x, w, b, (stride, stride), (padding, padding), groups=groups)

    @staticmethod
    def backward(ctx, dout):
        return *convolution_gradients(ctx, dout), None, None, None


class GeneralConv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding, dilation, groups, padding_mode):
        return convolved(ctx, x, w, b, stride, padding, dilation, groups, padding_mode)

    @staticmethod
    def backward(ctx, dout):
        return *convolution_gradients(ctx, dout), None, None, None, None, None


class MaxPool2dFunction(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        seen = windows(x, (kernel_size,) * 2, (stride,) * 2)
        best, ctx.arg = seen.flatten(4).max(4)
        ctx.shape, ctx.window = x.shape, ((kernel_size,) * 2, (stride,) * 2)
        return best

    @staticmethod
    def backward(ctx, dout):
        dx = dout.new_zeros(ctx.shape)
        size = ctx.window[0][0]
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                share = torch.nn.functional.one_hot(ctx.arg[:, :, i, j], size * size).view(*dx.shape[:2], size, size)
                target = windows(dx, *ctx.window)[:, :, i, j]
                target += share * dout[:, :, i, j, None, None]
        return dx, None, None


class AvgPool2dFunction(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        ctx.shape, ctx.window = x.shape, ((kernel_size,) * 2, (stride,) * 2)
        return windows(x, *ctx.window).mean((4, 5))

    @staticmethod
    def backward(ctx, dout):
        dx = dout.new_zeros(ctx.shape)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                target = windows(dx, *ctx.window)[:, :, i, j]
                target += dout[:, :, i, j, None, None] / ctx.window[0][0] ** 2
        return dx, None, None


class GlobalPoolFunction(Function):
    @staticmethod
    def forward(ctx, x, mode):
        flat = x.flatten(2)
        if mode == 'max':
            out, at = flat.max(2, keepdim=True)
            ctx.share = torch.zeros_like(flat).scatter_(2, at, 1).view(x.shape)
        else:
            out = flat.mean(2, keepdim=True)
            ctx.share = torch.full_like(x, 1 / flat.shape[2])
        return out[..., None]

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.share, None


class ZeroPad2dFunction(Function):
    @staticmethod
    def forward(ctx, x, padding):
        N, C, H, W = x.shape
        out = x.new_zeros(N, C, H + 2 * padding, W + 2 * padding)
        ctx.inside = (..., slice(padding, padding + H), slice(padding, padding + W))
        out[ctx.inside] = x
        return out

    @staticmethod
    def backward(ctx, dout):
        return dout[ctx.inside], None


def normalised(ctx, x, blocks, eps):
    var, mean = torch.var_mean(blocks, -1, correction=0, keepdim=True)
    ctx.std, ctx.shape = torch.sqrt(var + eps), blocks.shape
    ctx.z = ((blocks - mean) / ctx.std).view(x.shape)
    return ctx.z


def through(ctx, dz):
    dz, z = dz.reshape(ctx.shape), ctx.z.reshape(ctx.shape)
    return (dz - dz.mean(-1, keepdim=True) - z * (dz * z).mean(-1, keepdim=True)) / ctx.std


class LayerNormFunction(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps=1e-5):
        ctx.gamma = gamma
        return gamma * normalised(ctx, x, x, eps) + beta

    @staticmethod
    def backward(ctx, dout):
        return through(ctx, dout * ctx.gamma), (dout * ctx.z).sum(0), dout.sum(0), None


class GroupNormFunction(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, num_groups, eps=1e-5):
        ctx.gamma = gamma[:, None, None]
        return ctx.gamma * normalised(ctx, x, x.reshape(len(x), num_groups, -1), eps) + beta[:, None, None]

    @staticmethod
    def backward(ctx, dout):
        dx = through(ctx, dout * ctx.gamma).view(dout.shape)
        return dx, (dout * ctx.z).sum((0, 2, 3)), dout.sum((0, 2, 3)), None, None


class CrossEntropyFunction(Function):
    @staticmethod
    def forward(ctx, scores, labels):
        logs = scores - torch.logsumexp(scores, 1, keepdim=True)
        ctx.save_for_backward(logs, labels)
        return -logs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, dout):
        logs, labels = ctx.saved_tensors
        d = logs.exp()
        d[torch.arange(len(d)), labels] -= 1
        return dout * d / len(d), None


class HingeLossFunction(Function):
    @staticmethod
    def forward(ctx, scores, labels):
        margins = scores - scores.gather(1, labels[:, None]) + 1
        margins.scatter_(1, labels[:, None], 0)
        ctx.save_for_backward(margins > 0, labels)
        return margins.clamp(min=0).sum() / len(scores)

    @staticmethod
    def backward(ctx, dout):
        over, labels = ctx.saved_tensors
        d = over.to(dout.dtype)
        d[torch.arange(len(d)), labels] = -d.sum(1)
        return dout * d / len(d), None


class MSELossFunction(Function):
    @staticmethod
    def forward(ctx, prediction, target):
        ctx.difference = prediction - target
        return (ctx.difference ** 2).mean()

    @staticmethod
    def backward(ctx, dout):
        return dout * 2 * ctx.difference / ctx.difference.numel(), None
