"""Layers as torch Modules, out of tensor operations; autograd does the rest."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class MyLinear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))

    def forward(self, x):
        out = x @ self.weight.T
        return out if self.bias is None else out + self.bias


class ReLU(nn.Module):
    def forward(self, x):
        x[x < 0] = 0
        return x


class Sigmoid(nn.Module):
    def forward(self, x):
        falling, rising = torch.exp(-x.clamp(min=0)), torch.exp(x.clamp(max=0))
        return torch.where(x >= 0, 1 / (1 + falling), rising / (1 + rising))


class Tanh(nn.Module):
    def forward(self, x):
        falling, rising = torch.expm1(-2 * x.clamp(min=0)), torch.expm1(2 * x.clamp(max=0))
        return torch.where(x >= 0, -falling / (2 + falling), rising / (2 + rising))


class LeakyReLU(nn.Module):
    def __init__(self, negative_slope=0.01):
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, x):
        return torch.where(x > 0, x, self.negative_slope * x)


class Flatten(nn.Module):
    def forward(self, x):
        return x.reshape(x.shape[0], -1)


class WindowLayer(nn.Module):
    """What convolutions share: the windows of a padded input, side by side."""

    def windows(self, x, size, stride, padding, dilation=1):
        return F.unfold(x, size, dilation=dilation, padding=padding, stride=stride).reshape(x.shape[0], x.shape[1], size * size, -1)

    def sizes(self, x, size, stride, padding, dilation=1):
        return [(side + 2 * padding - dilation * (size - 1) - 1) // stride + 1 for side in x.shape[2:]]


class Conv2d(WindowLayer):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1):
        super().__init__()
        self.kernel_size, self.stride, self.padding, self.dilation, self.groups = kernel_size, stride, padding, dilation, groups
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels // groups, kernel_size, kernel_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x):
        outs = []
        for part, w in zip(x.chunk(self.groups, dim=1), self.weight.chunk(self.groups)):
            columns = self.windows(part, self.kernel_size, self.stride, self.padding, self.dilation)
            outs.append(torch.einsum("nckl,fck->nfl", columns, w.reshape(*w.shape[:2], -1)))
        out = torch.cat(outs, dim=1) + self.bias[:, None]
        return out.reshape(*out.shape[:2], *self.sizes(x, self.kernel_size, self.stride, self.padding, self.dilation))


class DilatedConv2d(Conv2d):
    pass


class GroupedConv2d(Conv2d):
    pass


class GeneralConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1, padding_mode="zeros"):
        super().__init__()
        self.stride, self.padding, self.dilation, self.groups, self.padding_mode = stride, padding, dilation, groups, padding_mode
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels // groups, *kernel_size))
        self.bias = nn.Parameter(torch.randn(out_channels))

    def forward(self, x):
        (ph, pw), (sh, sw), (dh, dw) = self.padding, self.stride, self.dilation
        x = F.pad(x, (pw, pw, ph, ph), mode="constant" if self.padding_mode == "zeros" else self.padding_mode)
        kh, kw = self.weight.shape[2:]
        rows, columns = (x.shape[2] - dh * (kh - 1) - 1) // sh + 1, (x.shape[3] - dw * (kw - 1) - 1) // sw + 1
        n, g = len(x), self.groups
        w = self.weight.reshape(g, -1, *self.weight.shape[1:])
        out = 0
        for i in range(kh):
            for j in range(kw):
                seen = x[:, :, i * dh : i * dh + sh * (rows - 1) + 1 : sh, j * dw : j * dw + sw * (columns - 1) + 1 : sw]
                out = out + torch.einsum("ngcij,gfc->ngfij", seen.reshape(n, g, -1, rows, columns), w[..., i, j])
        return out.reshape(n, -1, rows, columns) + self.bias[:, None, None]


class MaxPool2d(WindowLayer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride or kernel_size

    def forward(self, x):
        out = self.windows(x, self.kernel_size, self.stride, 0).max(dim=2).values
        return out.reshape(*x.shape[:2], *self.sizes(x, self.kernel_size, self.stride, 0))


class AvgPool2d(MaxPool2d):
    def forward(self, x):
        out = self.windows(x, self.kernel_size, self.stride, 0).mean(dim=2)
        return out.reshape(*x.shape[:2], *self.sizes(x, self.kernel_size, self.stride, 0))


class BatchNorm(nn.Module):
    """For batches of features; the subclass has images."""

    axes = (0,)

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        shape = (1, num_features) + (1, 1) * (len(self.axes) // 3)
        self.gamma, self.beta = nn.Parameter(torch.ones(shape)), nn.Parameter(torch.zeros(shape))
        self.register_buffer("running_mean", torch.zeros(shape))
        self.register_buffer("running_var", torch.ones(shape))
        self.eps, self.momentum = eps, momentum

    def forward(self, x):
        if self.training:
            mean = x.mean(dim=self.axes, keepdim=True)
            var = ((x - mean) ** 2).mean(dim=self.axes, keepdim=True)
            with torch.no_grad():
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (var - self.running_var)
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class SpatialBatchNorm(BatchNorm):
    axes = (0, 2, 3)


class LayerNorm(nn.Module):
    def __init__(self, normalized_shape, eps=1e-5):
        super().__init__()
        self.weight, self.bias, self.eps = nn.Parameter(torch.ones(normalized_shape)), nn.Parameter(torch.zeros(normalized_shape)), eps

    def forward(self, x):
        centred = x - x.mean(dim=-1, keepdim=True)
        return centred / torch.sqrt((centred**2).mean(dim=-1, keepdim=True) + self.eps) * self.weight + self.bias


class GroupNorm(nn.Module):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.num_groups, self.eps = num_groups, eps
        self.weight, self.bias = nn.Parameter(torch.ones(num_channels)), nn.Parameter(torch.zeros(num_channels))

    def forward(self, x):
        groups = x.reshape(len(x), self.num_groups, -1)
        centred = groups - groups.mean(dim=2, keepdim=True)
        h = (centred / torch.sqrt((centred**2).mean(dim=2, keepdim=True) + self.eps)).reshape(x.shape)
        return h * self.weight[:, None, None] + self.bias[:, None, None]


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        return x * (torch.rand(x.shape) >= self.p) / (1 - self.p)


class CrossEntropyLoss(nn.Module):
    def forward(self, scores, y):
        scores = scores - scores.max(dim=1, keepdim=True).values
        log_p = scores - scores.exp().sum(dim=1, keepdim=True).log()
        return -log_p[torch.arange(len(y)), y].mean()


class HingeLoss(nn.Module):
    def forward(self, scores, y):
        rows = torch.arange(len(y))
        margins = (scores - scores[rows, y][:, None] + 1).clamp(min=0)
        return (margins.sum() - margins[rows, y].sum()) / len(y)


class MSELoss(nn.Module):
    def forward(self, x, y):
        return ((x - y) ** 2).mean()


class GlobalPool(nn.Module):
    def __init__(self, mode):
        super().__init__()
        self.mode = mode

    def forward(self, x):
        return x.amax(dim=(2, 3), keepdim=True) if self.mode == "max" else x.mean(dim=(2, 3), keepdim=True)


class ZeroPad2d(nn.Module):
    def __init__(self, padding):
        super().__init__()
        self.padding = padding

    def forward(self, x):
        p = self.padding
        out = x.new_zeros(*x.shape[:2], x.shape[2] + 2 * p, x.shape[3] + 2 * p)
        out[:, :, p : p + x.shape[2], p : p + x.shape[3]] = x
        return out
