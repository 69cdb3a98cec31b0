import torch
from torch.nn import functional as F

from .common import columns


class MaxPoolFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        n, c, h, w = x.shape
        cols = columns(x, kernel_size, stride, 0).reshape(n, c, kernel_size ** 2, -1)
        out, index = cols.max(dim=2)
        ctx.save_for_backward(index)
        ctx.size, ctx.k, ctx.s = (h, w), kernel_size, stride
        return out.reshape(n, c, (h - kernel_size) // stride + 1, -1)

    @staticmethod
    def backward(ctx, grad):
        index, = ctx.saved_tensors
        n, c, length = index.shape
        cols = F.one_hot(index, ctx.k ** 2).to(grad).transpose(2, 3) * grad.reshape(n, c, 1, length)
        dx = F.fold(cols.reshape(n, -1, length), ctx.size, ctx.k, stride=ctx.s)
        # a pixel that was taken twice is counted once
        return dx / F.fold((cols != 0).to(cols).reshape(n, -1, length), ctx.size, ctx.k, stride=ctx.s).clamp(min=1), None, None
