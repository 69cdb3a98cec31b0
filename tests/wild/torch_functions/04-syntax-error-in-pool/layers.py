import torch
import torch.nn.functional as F


class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.y = torch.sigmoid(x)
        return ctx.y

    @staticmethod
    def backward(ctx, dy):
        return dy * ctx.y * (1.0 - ctx.y)


class AvgPool2d(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, kernel_size, stride):
        ctx.shape, ctx.k, ctx.s = x.shape, kernel_size, stride
        return F.avg_pool2d(x, kernel_size, stride)

    @staticmethod
    def backward(ctx, dy):
        dx = torch.zeros(ctx.shape, dtype=dy.dtype
        for i in range(dy.shape[2]):
            for j in range(dy.shape[3]):
                dx[:, :, i * ctx.s:i * ctx.s + ctx.k, j * ctx.s:j * ctx.s + ctx.k] += dy[:, :, i:i + 1, j:j + 1] / ctx.k ** 2
        return dx, None, None


class Flatten(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.reshape(x.size(0), -1)

    @staticmethod
    def backward(ctx, dy):
        return dy.reshape(ctx.shape)
