"""Layers as Modules; gradients are left to autograd."""
import torch
import torch.nn.functional as F
from torch import nn


def border(x, padding, mode='zeros', value=0.0):
    h, w = padding
    return F.pad(x, (w, w, h, h), value=value) if mode == 'zeros' else F.pad(x, (w, w, h, h), mode=mode)


def windows(x, kernel, stride, dilation=(1, 1)):
    """All windows, (N, C, out_h, out_w, kh, kw)."""
    for axis in (2, 3):
        k, d = kernel[axis - 2], dilation[axis - 2]
        x = x.unfold(axis, d * (k - 1) + 1, stride[axis - 2])[..., ::d]
    return x


class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / in_features ** 0.5)
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias


class MyReLU(nn.Module):
    def forward(self, x):
        return torch.where(x > 0, x, torch.zeros_like(x))


class Sigmoid(nn.Module):
    def forward(self, x):
        e = torch.exp(-x.abs())
        return torch.where(x >= 0, 1 / (1 + e), e / (1 + e))


class Tanh(nn.Module):
    def forward(self, x):
        m = torch.expm1(-2 * x.clamp(-20, 20))  # beyond, it is 1 or -1 to the last digit
        return -m / (m + 2)


class LeakyReLU(nn.Module):
    def __init__(self, negative_slope=0.01):
        super().__init__()
        self.slope = negative_slope

    def forward(self, x):
        return torch.where(x > 0, x, self.slope * x)


class GeneralConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, padding_mode='zeros'):
        super().__init__()
        self.kernel, self.stride, self.padding, self.dilation = ((a, a) if isinstance(a, int) else tuple(a)
                                                                 for a in (kernel_size, stride, padding, dilation))
        self.groups, self.padding_mode = groups, padding_mode
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels // groups, *self.kernel))
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x):
        seen = windows(border(x, self.padding, self.padding_mode), self.kernel, self.stride, self.dilation)
        parts = [torch.einsum('nchwkl,fckl->nfhw', s, w) for s, w in zip(seen.chunk(self.groups, 1), self.weight.chunk(self.groups))]
        return torch.cat(parts, 1) + self.bias[:, None, None]


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
        self.kernel_size, self.stride = kernel_size, stride

    def forward(self, x):
        return windows(x, (self.kernel_size,) * 2, (self.stride,) * 2).flatten(4).max(dim=4).values


class AvgPool2d(nn.Module):
    def __init__(self, kernel_size, stride):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride

    def forward(self, x):
        return windows(x, (self.kernel_size,) * 2, (self.stride,) * 2).mean((4, 5))


class GlobalPool2d(nn.Module):
    def __init__(self, mode):
        super().__init__()
        self.mode = mode

    def forward(self, x):
        return x.flatten(2).max(2).values if self.mode == 'max' else x.mean((2, 3), keepdim=True)


class ZeroPad2d(nn.Module):
    def __init__(self, padding):
        super().__init__()
        self.padding = padding

    def forward(self, x):
        N, C, H, W = x.shape
        p = self.padding
        out = x.new_zeros(N, C, H + 2 * p, W + 2 * p)
        out[..., p:p + H, p:p + W] = x
        return out


class BatchNorm1d(nn.Module):
    axes, shape = (0,), (1, -1)

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.register_buffer('running_mean', torch.zeros(num_features))
        self.register_buffer('running_var', torch.ones(num_features))
        self.eps, self.momentum = eps, momentum

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(self.axes), x.var(self.axes, correction=0)
            with torch.no_grad():
                n = x.numel() // len(mean)
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (var * n / max(n - 1, 1) - self.running_var)
        z = (x - mean.view(self.shape)) / torch.sqrt(var.view(self.shape) + self.eps)
        return self.gamma.view(self.shape) * z + self.beta.view(self.shape)


class BatchNorm2d(BatchNorm1d):
    axes, shape = (0, 2, 3), (1, -1, 1, 1)


class LayerNorm(nn.Module):
    def __init__(self, normalized_shape, eps=1e-5):
        super().__init__()
        self.weight, self.bias, self.eps = nn.Parameter(torch.ones(normalized_shape)), nn.Parameter(torch.zeros(normalized_shape)), eps

    def forward(self, x):
        centred = x - x.mean(-1, keepdim=True)
        return self.weight * centred * torch.rsqrt((centred ** 2).mean(-1, keepdim=True) + self.eps) + self.bias


class GroupNorm(nn.Module):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.groups, self.eps = num_groups, eps
        self.gamma, self.beta = nn.Parameter(torch.ones(1, num_channels, 1, 1)), nn.Parameter(torch.zeros(1, num_channels, 1, 1))

    def forward(self, x):
        blocks = x.reshape(len(x), self.groups, -1)
        var, mean = torch.var_mean(blocks, 2, correction=0, keepdim=True)
        return (blocks - mean).div(torch.sqrt(var + self.eps)).reshape(x.shape) * self.gamma + self.beta


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p) if self.training else x


class CrossEntropyLoss(nn.Module):
    def forward(self, scores, labels):
        return (torch.logsumexp(scores, 1) - scores.gather(1, labels[:, None])[:, 0]).mean()


class HingeLoss(nn.Module):
    def forward(self, scores, labels):
        own = scores.gather(1, labels[:, None])
        return ((scores - own + 1).clamp(min=0).sum(1) - 1).mean()  # less the 1 of the right class itself


class MSELoss(nn.Module):
    def forward(self, prediction, target):
        return (prediction - target).pow(2).mean()


class TwoLayerNet(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.body = nn.Sequential(Linear(input_size, hidden_size), Sigmoid(), Linear(hidden_size, output_size))

    def forward(self, x):
        return self.body(x)
