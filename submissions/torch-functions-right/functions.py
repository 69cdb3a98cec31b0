"""Layers as autograd Functions, each with a backward of its own."""

import torch
import torch.nn.functional as F
from torch.autograd import Function


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        return input.mm(weight.t()) + bias

    @staticmethod
    def backward(ctx, grad_output):
        input, weight, bias = ctx.saved_tensors
        grad_input = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            grad_input = grad_output.mm(weight)
        if ctx.needs_input_grad[1]:
            grad_weight = grad_output.t().mm(input)
        if ctx.needs_input_grad[2]:
            grad_bias = grad_output.sum(0)
        return grad_input, grad_weight, grad_bias


class MyReLU(Function):
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return input.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        grad_input = grad_output.clone()
        grad_input[input < 0] = 0
        return grad_input


class SigmoidFunction(Function):
    @staticmethod
    def forward(x):
        small = torch.exp(-x.abs())
        return torch.where(x >= 0, 1 / (1 + small), small / (1 + small))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, grad_output):
        (out,) = ctx.saved_tensors
        return grad_output * out * (1 - out)


class TanhFunction(Function):
    @staticmethod
    def forward(ctx, x):
        out = torch.sign(x) * -torch.expm1(-2 * x.abs()) / (1 + torch.exp(-2 * x.abs()))
        ctx.out = out
        return out

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output * (1 - ctx.out) * (1 + ctx.out)


class LeakyReLUFunction(Function):
    @staticmethod
    def forward(ctx, x, negative_slope=0.01):
        ctx.save_for_backward(x)
        ctx.slope = negative_slope
        return torch.where(x > 0, x, negative_slope * x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, grad_output, ctx.slope * grad_output), None


class FlattenFunction(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.reshape(len(x), -1)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.reshape(ctx.shape)


def unfolded(x, size, stride, padding, dilation=1):
    columns = F.unfold(x, size, dilation=dilation, padding=padding, stride=stride)
    return columns.reshape(len(x), x.shape[1], size[0] * size[1], -1)


def folded(columns, shape, size, stride, padding, dilation=1):
    flat = columns.reshape(len(columns), -1, columns.shape[-1])
    return F.fold(flat, shape[2:], size, dilation=dilation, padding=padding, stride=stride)


class Conv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride=1, padding=0, dilation=1, groups=1):
        size = tuple(weight.shape[2:])
        ctx.settings = (size, stride, padding, dilation)
        ctx.groups, ctx.shape = groups, x.shape
        out_h, out_w = (
            (side + 2 * padding - dilation * (k - 1) - 1) // stride + 1 for side, k in zip(x.shape[2:], size)
        )
        columns = unfolded(x, *ctx.settings)
        columns = columns.reshape(len(x), groups, -1, columns.shape[-1])
        rows = weight.reshape(groups, len(weight) // groups, -1)
        ctx.save_for_backward(columns, rows, weight)
        out = torch.einsum("ngkl,gfk->ngfl", columns, rows)
        return out.reshape(len(x), len(weight), out_h, out_w) + bias[:, None, None]

    @staticmethod
    def backward(ctx, grad_output):
        columns, rows, weight = ctx.saved_tensors
        grads = grad_output.reshape(len(grad_output), ctx.groups, rows.shape[1], -1)
        grad_weight = torch.einsum("ngfl,ngkl->gfk", grads, columns).reshape(weight.shape)
        grad_columns = torch.einsum("ngfl,gfk->ngkl", grads, rows)
        grad_x = folded(grad_columns, ctx.shape, *ctx.settings)
        return grad_x, grad_weight, grad_output.sum((0, 2, 3)), None, None, None, None


class DilatedConv2dFunction(Conv2dFunction):
    pass


class GroupedConv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding, groups):
        return Conv2dFunction.forward(ctx, x, weight, bias, stride, padding, 1, groups)

    @staticmethod
    def backward(ctx, grad_output):
        return Conv2dFunction.backward(ctx, grad_output)[:6]


class GeneralConv2dFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, padding, dilation, groups, padding_mode):
        ctx.mode = "constant" if padding_mode == "zeros" else padding_mode
        (ph, pw), (sh, sw), (dh, dw) = padding, stride, dilation
        padded = F.pad(x, (pw, pw, ph, ph), mode=ctx.mode)
        # Where each entry of the padded input comes from; -1 is a zero.
        numbers = torch.arange(x.shape[2] * x.shape[3], dtype=x.dtype).reshape(1, 1, *x.shape[2:]) + 1
        ctx.origin = F.pad(numbers, (pw, pw, ph, ph), mode=ctx.mode).long().flatten() - 1
        rows = (padded.shape[2] - dh * (w.shape[2] - 1) - 1) // sh + 1
        columns = (padded.shape[3] - dw * (w.shape[3] - 1) - 1) // sw + 1
        ctx.grid, ctx.groups, ctx.shape = (rows, columns, sh, sw, dh, dw), groups, x.shape
        ctx.save_for_backward(padded, w)
        kernels = w.reshape(groups, -1, *w.shape[1:])
        out = torch.zeros(len(x), groups, len(w) // groups, rows, columns)
        for i, j, seen in GeneralConv2dFunction.seen(ctx, padded, w):
            parts = padded[seen].reshape(len(x), groups, -1, rows, columns)
            out += torch.einsum("ngcij,gfc->ngfij", parts, kernels[..., i, j])
        return out.reshape(len(x), -1, rows, columns) + b[:, None, None]

    @staticmethod
    def seen(ctx, padded, w):
        rows, columns, sh, sw, dh, dw = ctx.grid
        for i in range(w.shape[2]):
            for j in range(w.shape[3]):
                down = slice(i * dh, i * dh + sh * (rows - 1) + 1, sh)
                across = slice(j * dw, j * dw + sw * (columns - 1) + 1, sw)
                yield i, j, (slice(None), slice(None), down, across)

    @staticmethod
    def backward(ctx, grad_output):
        padded, w = ctx.saved_tensors
        n, g, (rows, columns) = len(padded), ctx.groups, ctx.grid[:2]
        grads = grad_output.reshape(n, g, -1, rows, columns)
        kernels = w.reshape(g, -1, *w.shape[1:])
        dpadded, dw = torch.zeros_like(padded), torch.zeros_like(kernels)
        for i, j, seen in GeneralConv2dFunction.seen(ctx, padded, w):
            parts = padded[seen].reshape(n, g, -1, rows, columns)
            dw[..., i, j] = torch.einsum("ngfij,ngcij->gfc", grads, parts)
            dpadded[seen] += torch.einsum("ngfij,gfc->ngcij", grads, kernels[..., i, j]).reshape(n, -1, rows, columns)
        dx = torch.zeros(n, ctx.shape[1], ctx.shape[2] * ctx.shape[3])
        inside = ctx.origin >= 0
        dx.index_add_(2, ctx.origin[inside], dpadded.reshape(n, ctx.shape[1], -1)[:, :, inside])
        return dx.reshape(ctx.shape), dw.reshape(w.shape), grad_output.sum((0, 2, 3)), None, None, None, None, None


class MaxPool2dFunction(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        size = (kernel_size, kernel_size)
        columns = unfolded(x, size, stride, 0)
        out, ctx.winners = columns.max(dim=2)
        ctx.settings, ctx.shape, ctx.columns = (size, stride, 0), x.shape, columns.shape
        return out.reshape(*x.shape[:2], *((side - kernel_size) // stride + 1 for side in x.shape[2:]))

    @staticmethod
    def backward(ctx, grad_output):
        columns = torch.zeros(ctx.columns)
        columns.scatter_(2, ctx.winners[:, :, None], grad_output.reshape(*ctx.shape[:2], 1, -1))
        return folded(columns, ctx.shape, *ctx.settings), None, None


class AvgPool2dFunction(Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        size = (kernel_size, kernel_size)
        ctx.settings, ctx.shape, ctx.area = (size, stride, 0), x.shape, kernel_size**2
        out = unfolded(x, size, stride, 0).mean(dim=2)
        return out.reshape(*x.shape[:2], *((side - kernel_size) // stride + 1 for side in x.shape[2:]))

    @staticmethod
    def backward(ctx, grad_output):
        share = grad_output.reshape(*ctx.shape[:2], 1, -1) / ctx.area
        return folded(share.expand(-1, -1, ctx.area, -1), ctx.shape, *ctx.settings), None, None


class LayerNormFunction(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps=1e-5):
        centred = x - x.mean(dim=1, keepdim=True)
        inverse = 1 / torch.sqrt((centred**2).mean(dim=1, keepdim=True) + eps)
        ctx.save_for_backward(centred * inverse, inverse, gamma)
        return centred * inverse * gamma + beta

    @staticmethod
    def backward(ctx, grad_output):
        h, inverse, gamma = ctx.saved_tensors
        dh = grad_output * gamma
        dx = inverse * (dh - dh.mean(dim=1, keepdim=True) - h * (dh * h).mean(dim=1, keepdim=True))
        return dx, (grad_output * h).sum(0), grad_output.sum(0), None


class GroupNormFunction(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, num_groups, eps):
        groups = x.reshape(len(x), num_groups, -1)
        centred = groups - groups.mean(dim=2, keepdim=True)
        inverse = 1 / torch.sqrt((centred**2).mean(dim=2, keepdim=True) + eps)
        h = centred * inverse
        ctx.save_for_backward(h, inverse, gamma)
        return h.reshape(x.shape) * gamma[:, None, None] + beta[:, None, None]

    @staticmethod
    def backward(ctx, grad_output):
        h, inverse, gamma = ctx.saved_tensors
        dh = (grad_output * gamma[:, None, None]).reshape(h.shape)
        dx = inverse * (dh - dh.mean(dim=2, keepdim=True) - h * (dh * h).mean(dim=2, keepdim=True))
        over = (0, 2, 3)
        return dx.reshape(grad_output.shape), (grad_output * h.reshape(grad_output.shape)).sum(over), grad_output.sum(over), None, None


class SoftmaxLossFunction(Function):
    @staticmethod
    def forward(ctx, scores, y):
        shifted = scores - scores.max(dim=1, keepdim=True).values
        log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
        ctx.save_for_backward(log_p.exp(), y)
        return -log_p[torch.arange(len(y)), y].mean()

    @staticmethod
    def backward(ctx, grad_output):
        p, y = ctx.saved_tensors
        dx = p.clone()
        dx[torch.arange(len(y)), y] -= 1
        return grad_output * dx / len(y), None


class HingeLossFunction(Function):
    @staticmethod
    def forward(ctx, scores, y):
        rows = torch.arange(len(y))
        margins = (scores - scores[rows, y][:, None] + 1).clamp(min=0)
        margins[rows, y] = 0
        ctx.save_for_backward(margins, y)
        return margins.sum() / len(y)

    @staticmethod
    def backward(ctx, grad_output):
        margins, y = ctx.saved_tensors
        dx = (margins > 0).to(margins.dtype)
        dx[torch.arange(len(y)), y] = -dx.sum(dim=1)
        return grad_output * dx / len(y), None


class MSELossFunction(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return ((x - y) ** 2).mean()

    @staticmethod
    def backward(ctx, grad_output):
        x, y = ctx.saved_tensors
        dx = grad_output * 2 * (x - y) / x.numel()
        return dx, -dx


class GlobalPoolFunction(Function):
    @staticmethod
    def forward(ctx, x, mode):
        flat = x.flatten(2)
        out, winner = flat.max(dim=2)
        ctx.shape, ctx.winner, ctx.mode = flat.shape, winner, mode
        ctx.sides = x.shape[2:]
        return out if mode == "max" else flat.mean(dim=2)

    @staticmethod
    def backward(ctx, grad_output):
        if ctx.mode == "max":
            dx = torch.zeros(ctx.shape).scatter_(2, ctx.winner[:, :, None], grad_output[:, :, None])
        else:
            dx = (grad_output[:, :, None] / ctx.shape[2]).expand(ctx.shape)
        return dx.reshape(*ctx.shape[:2], *ctx.sides), None


class ZeroPadFunction(Function):
    @staticmethod
    def forward(ctx, x, padding):
        ctx.padding, ctx.sides = padding, x.shape[2:]
        return F.pad(x, (padding,) * 4)

    @staticmethod
    def backward(ctx, grad_output):
        p, (h, w) = ctx.padding, ctx.sides
        return grad_output[:, :, p : p + h, p : p + w], None
