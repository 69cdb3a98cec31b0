"""Assignment 3: every layer as an autograd Function, checked with gradcheck."""
import torch
import torch.nn.functional as F
from torch.autograd import Function
from torch.nn.grad import conv2d_input, conv2d_weight


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, input, weight, bias):
        ctx.save_for_backward(input, weight)
        return input @ weight + bias

    @staticmethod
    def backward(ctx, grad_output):
        input, weight = ctx.saved_tensors
        return grad_output @ weight.T, input.T @ grad_output, grad_output.sum(0)


class ReLUFunction(Function):
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return input.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        input, = ctx.saved_tensors
        return grad_output.masked_fill(input <= 0, 0)


class SigmoidFunction(Function):
    @staticmethod
    def forward(ctx, input):
        out = input.sigmoid()
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx, grad_output):
        out, = ctx.saved_tensors
        return grad_output * out * (1 - out)


class TanhFunction(Function):
    @staticmethod
    def forward(ctx, input):
        out = input.tanh()
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx, grad_output):
        out, = ctx.saved_tensors
        return grad_output * (1 - out * out)


class LeakyReLUFunction(Function):
    @staticmethod
    def forward(ctx, input, negative_slope=0.01):
        ctx.slope = torch.where(input > 0, torch.ones_like(input), torch.full_like(input, negative_slope))
        return input * ctx.slope

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * ctx.slope, None


def conv(ctx, x, w, b, stride, padding, dilation=1, groups=1):
    ctx.save_for_backward(x, w)
    ctx.kwargs = dict(stride=stride, padding=padding, dilation=dilation, groups=groups)
    return F.conv2d(x, w, b, **ctx.kwargs)


def conv_grads(ctx, g):
    x, w = ctx.saved_tensors
    return conv2d_input(x.shape, w, g, **ctx.kwargs), conv2d_weight(x, w.shape, g, **ctx.kwargs), g.sum((0, 2, 3))


class Conv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride=1, padding=0):
        return conv(ctx, x, w, b, stride, padding)

    @staticmethod
    def backward(ctx, g):
        return (*conv_grads(ctx, g), None, None)


class DilatedConv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding, dilation):
        return conv(ctx, x, w, b, stride, padding, dilation)

    @staticmethod
    def backward(ctx, g):
        return (*conv_grads(ctx, g), None, None, None)


class GroupedConv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding, groups):
        return conv(ctx, x, w, b, stride, padding, 1, groups)

    @staticmethod
    def backward(ctx, g):
        return (*conv_grads(ctx, g), None, None, None)


class GeneralConv2dFunction(Function):
    """Recomputes its forward, as torch.utils.checkpoint does: no pad of every mode has a gradient in torch.nn.grad."""

    @staticmethod
    def forward(ctx, x, w, b, stride, padding, dilation, groups, padding_mode):
        ctx.save_for_backward(x, w, b)
        ctx.args = stride, padding, dilation, groups, padding_mode
        return GeneralConv2dFunction.run(x, w, b, *ctx.args)

    @staticmethod
    def run(x, w, b, stride, padding, dilation, groups, padding_mode):
        ph, pw = padding
        mode = "constant" if padding_mode == "zeros" else padding_mode
        if ph or pw:
            x = F.pad(x, (pw, pw, ph, ph), mode=mode)
        return F.conv2d(x, w, b, stride, 0, dilation, groups)

    @staticmethod
    def backward(ctx, g):
        again = [t.detach().requires_grad_() for t in ctx.saved_tensors]
        with torch.enable_grad():
            weighted = (GeneralConv2dFunction.run(*again, *ctx.args) * g).sum()
        return (*torch.autograd.grad(weighted, again), None, None, None, None, None)


class MaxPool2dFunction(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        out, index = F.max_pool2d(x, kernel_size, stride, return_indices=True)
        ctx.save_for_backward(index)
        ctx.shape = x.shape
        return out

    @staticmethod
    def backward(ctx, g):
        index, = ctx.saved_tensors
        dx = g.new_zeros(ctx.shape).flatten(2)
        dx.scatter_add_(2, index.flatten(2), g.flatten(2))
        return dx.view(ctx.shape), None, None


class AvgPool2dFunction(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        ctx.shape, ctx.k, ctx.s = x.shape, kernel_size, stride
        return x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).mean((-1, -2))

    @staticmethod
    def backward(ctx, g):
        dx, s = g.new_zeros(ctx.shape), ctx.s
        oh, ow = g.shape[2:]
        for i in range(ctx.k):
            for j in range(ctx.k):
                dx[:, :, i:i + s * (oh - 1) + 1:s, j:j + s * (ow - 1) + 1:s] += g / ctx.k ** 2
        return dx, None, None


class GlobalPool2dFunction(Function):
    @staticmethod
    def forward(ctx, x, mode):
        ctx.mode = mode
        out = x.amax((2, 3)) if mode == "max" else x.mean((2, 3))
        ctx.save_for_backward(x, out)
        return out

    @staticmethod
    def backward(ctx, g):
        x, out = ctx.saved_tensors
        if ctx.mode == "max":
            return (x == out[..., None, None]) * g[..., None, None], None
        return (g / (x.shape[2] * x.shape[3]))[..., None, None].expand_as(x), None


class ZeroPad2dFunction(Function):
    @staticmethod
    def forward(ctx, x, padding):
        ctx.padding = padding
        return F.pad(x, (padding,) * 4)

    @staticmethod
    def backward(ctx, g):
        p = ctx.padding
        return g[:, :, p:g.shape[2] - p, p:g.shape[3] - p], None


class FlattenFunction(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.flatten(1)

    @staticmethod
    def backward(ctx, g):
        return g.view(ctx.shape)


class LayerNormFunction(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        rstd = (x.var(-1, unbiased=False, keepdim=True) + eps).rsqrt()
        xhat = (x - x.mean(-1, keepdim=True)) * rstd
        ctx.save_for_backward(xhat, rstd, gamma)
        return xhat * gamma + beta

    @staticmethod
    def backward(ctx, g):
        xhat, rstd, gamma = ctx.saved_tensors
        d = g * gamma
        dx = rstd * (d - d.mean(-1, keepdim=True) - xhat * (d * xhat).mean(-1, keepdim=True))
        return dx, (g * xhat).sum(0), g.sum(0), None


class GroupNormFunction(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, num_groups, eps):
        rows = x.reshape(len(x), num_groups, -1)
        rstd = (rows.var(-1, unbiased=False, keepdim=True) + eps).rsqrt()
        xhat = ((rows - rows.mean(-1, keepdim=True)) * rstd)
        ctx.save_for_backward(xhat, rstd, gamma)
        return xhat.view_as(x) * gamma.view(-1, 1, 1) + beta.view(-1, 1, 1)

    @staticmethod
    def backward(ctx, g):
        xhat, rstd, gamma = ctx.saved_tensors
        d = (g * gamma.view(-1, 1, 1)).reshape(xhat.shape)
        dx = rstd * (d - d.mean(-1, keepdim=True) - xhat * (d * xhat).mean(-1, keepdim=True))
        return dx.view_as(g), (g * xhat.view_as(g)).sum((0, 2, 3)), g.sum((0, 2, 3)), None, None


class CrossEntropyFunction(Function):
    @staticmethod
    def forward(ctx, logits, target):
        log_p = logits.log_softmax(1)
        ctx.save_for_backward(log_p, target)
        return -log_p.gather(1, target[:, None]).mean()

    @staticmethod
    def backward(ctx, g):
        log_p, target = ctx.saved_tensors
        one_hot = F.one_hot(target, log_p.shape[1]).to(log_p)
        return g * (log_p.exp() - one_hot) / len(target), None


class HingeLossFunction(Function):
    @staticmethod
    def forward(ctx, scores, target):
        over = scores - scores.gather(1, target[:, None]) + 1
        over = over.scatter(1, target[:, None], 0).clamp(min=0)
        ctx.save_for_backward(over, target)
        return over.sum() / len(scores)

    @staticmethod
    def backward(ctx, g):
        over, target = ctx.saved_tensors
        d = (over > 0).to(over)
        d.scatter_(1, target[:, None], -d.sum(1, keepdim=True))
        return g * d / len(d), None


class MSELossFunction(Function):
    @staticmethod
    def forward(ctx, prediction, target):
        ctx.save_for_backward(prediction - target)
        return (prediction - target).pow(2).mean()

    @staticmethod
    def backward(ctx, g):
        diff, = ctx.saved_tensors
        return g * 2 * diff / diff.numel(), None


if __name__ == "__main__":
    from torch.autograd import gradcheck

    x = torch.randn(3, 4, dtype=torch.double, requires_grad=True)
    print(gradcheck(ReLUFunction.apply, (x,)), gradcheck(TanhFunction.apply, (x,)))
