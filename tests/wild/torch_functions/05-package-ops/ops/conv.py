import torch
from torch.nn import functional as F

from .common import columns


class Conv2dFunction(torch.autograd.Function):
    """im2col, one matrix product, col2im"""

    @staticmethod
    def forward(ctx, x, weight, bias, stride=1, padding=0):
        n, _, h, w = x.shape
        f, _, k, kw = weight.shape
        cols = columns(x, (k, kw), stride, padding)
        ctx.save_for_backward(cols, weight)
        ctx.size, ctx.stride, ctx.padding = (h, w), stride, padding
        out = weight.reshape(f, -1) @ cols + bias[:, None]
        return out.reshape(n, f, (h + 2 * padding - k) // stride + 1, (w + 2 * padding - kw) // stride + 1)

    @staticmethod
    def backward(ctx, grad):
        cols, weight = ctx.saved_tensors
        g = grad.flatten(2)
        dcols = weight.reshape(len(weight), -1).t() @ g
        dx = F.fold(dcols, ctx.size, tuple(weight.shape[2:]), padding=ctx.padding, stride=ctx.stride)
        dw = (g @ cols.transpose(1, 2)).sum(0).reshape(weight.shape)
        return dx, dw, g.sum((0, 2)), None, None
