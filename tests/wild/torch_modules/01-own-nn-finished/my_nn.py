"""torch.nn without torch.nn's layers."""
import math

import torch
import torch.nn.functional as F
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / math.sqrt(in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


class ReLU(nn.Module):
    def forward(self, x):
        return torch.where(x > 0, x, torch.zeros_like(x))


class Sigmoid(nn.Module):
    def forward(self, x):
        return 0.5 + 0.5 * torch.tanh(0.5 * x)


class Tanh(nn.Module):
    def forward(self, x):
        return 2 * torch.sigmoid(2 * x) - 1


class LeakyReLU(nn.Module):
    def __init__(self, negative_slope=0.01):
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, x):
        return torch.where(x > 0, x, self.negative_slope * x)


class GeneralConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros"):
        super().__init__()
        k = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
        self.weight = nn.Parameter(0.1 * torch.randn(out_channels, in_channels // groups, *k))
        self.bias = nn.Parameter(torch.zeros(out_channels))
        pair = lambda v: v if isinstance(v, tuple) else (v, v)
        self.stride, self.padding, self.dilation = pair(stride), pair(padding), pair(dilation)
        self.groups, self.padding_mode = groups, padding_mode

    def forward(self, x):
        (ph, pw), (sh, sw), (dh, dw) = self.padding, self.stride, self.dilation
        if ph or pw:
            x = F.pad(x, (pw, pw, ph, ph), mode="constant" if self.padding_mode == "zeros" else self.padding_mode)
        kh, kw = self.weight.shape[2:]
        oh, ow = (x.shape[2] - dh * (kh - 1) - 1) // sh + 1, (x.shape[3] - dw * (kw - 1) - 1) // sw + 1
        g = self.groups
        weight = self.weight.view(g, -1, *self.weight.shape[1:])
        out = 0
        for i in range(kh):
            for j in range(kw):
                tap = x[:, :, i * dh:i * dh + sh * (oh - 1) + 1:sh, j * dw:j * dw + sw * (ow - 1) + 1:sw]
                out = out + torch.einsum("ngchw,gfc->ngfhw", tap.reshape(len(x), g, -1, oh, ow), weight[..., i, j])
        return out.reshape(len(x), -1, oh, ow) + self.bias[:, None, None]


class Conv2d(GeneralConv2d):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding)


class DilatedConv2d(GeneralConv2d):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation)


class GroupedConv2d(GeneralConv2d):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, 1, groups)


class MaxPool2d(nn.Module):
    def __init__(self, kernel_size, stride):
        super().__init__()
        self.k, self.s = kernel_size, stride

    def forward(self, x):
        return x.unfold(2, self.k, self.s).unfold(3, self.k, self.s).flatten(4).max(-1).values


class AvgPool2d(MaxPool2d):
    def forward(self, x):
        return x.unfold(2, self.k, self.s).unfold(3, self.k, self.s).mean((-1, -2))


class GlobalPool2d(nn.Module):
    def __init__(self, mode):
        super().__init__()
        self.mode = mode

    def forward(self, x):
        return x.flatten(2).max(2).values if self.mode == "max" else x.mean((2, 3))


class ZeroPad2d(nn.Module):
    def __init__(self, padding):
        super().__init__()
        self.padding = padding

    def forward(self, x):
        return F.pad(x, (self.padding,) * 4)


class Flatten(nn.Module):
    def forward(self, x):
        return x.reshape(x.shape[0], -1)


class BatchNorm1d(nn.Module):
    axes, view = (0,), (1, -1)

    def __init__(self, num_features, eps=1e-5, momentum=0.9):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.eps, self.momentum = eps, momentum

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(self.axes), x.var(self.axes, unbiased=False)
            with torch.no_grad():
                self.running_mean.mul_(self.momentum).add_((1 - self.momentum) * mean)
                self.running_var.mul_(self.momentum).add_((1 - self.momentum) * var)
        xhat = (x - mean.view(self.view)) / (var.view(self.view) + self.eps).sqrt()
        return xhat * self.gamma.view(self.view) + self.beta.view(self.view)


class BatchNorm2d(BatchNorm1d):
    axes, view = (0, 2, 3), (1, -1, 1, 1)


class LayerNorm(nn.Module):
    def __init__(self, normalized_shape, eps=1e-5):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(normalized_shape)), nn.Parameter(torch.zeros(normalized_shape))
        self.eps = eps

    def forward(self, x):
        var, mean = torch.var_mean(x, -1, unbiased=False, keepdim=True)
        return (x - mean) * (var + self.eps).rsqrt() * self.weight + self.bias


class GroupNorm(nn.Module):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.num_groups, self.eps = num_groups, eps
        self.weight, self.bias = nn.Parameter(torch.ones(num_channels)), nn.Parameter(torch.zeros(num_channels))

    def forward(self, x):
        rows = x.reshape(len(x), self.num_groups, -1)
        var, mean = torch.var_mean(rows, -1, unbiased=False, keepdim=True)
        xhat = ((rows - mean) / (var + self.eps).sqrt()).view_as(x)
        return xhat * self.weight[:, None, None] + self.bias[:, None, None]


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)


class CrossEntropyLoss(nn.Module):
    def forward(self, logits, target):
        return (logits.logsumexp(1) - logits[torch.arange(len(target)), target]).mean()


class HingeLoss(nn.Module):
    def forward(self, scores, target):
        rows = torch.arange(len(target))
        margins = (scores - scores[rows, target][:, None] + 1).clamp(min=0)
        return (margins.sum() - margins[rows, target].sum()) / len(target)


class MSELoss(nn.Module):
    def forward(self, x, y):
        return ((x - y) ** 2).mean()


class TwoLayerNet(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.fc1, self.relu, self.fc2 = Linear(input_size, hidden_size), ReLU(), Linear(hidden_size, output_size)

    def forward(self, x):
        return self.fc2(self.relu(self.fc1(x)))
