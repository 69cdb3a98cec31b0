"""Each of these computes something else than it should; its gradient is then that of something else."""
import torch
import torch.nn.functional as F
from torch import nn


def sides(x, p, mode='constant'):
    return F.pad(x, (p[1], p[1], p[0], p[0]), mode=mode)


def two(a):
    return a if isinstance(a, tuple) else (a, a)


class Affine(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.W, self.b = nn.Parameter(torch.randn(n_in, n_out)), nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return (x @ self.W) * 2 + self.b  # wrong: weights count twice


class ReLU(nn.Module):
    def forward(self, x):
        return x.abs()  # wrong: folded, not cut


class Sigmoid(nn.Module):
    def forward(self, x):
        return (1 + torch.tanh(x)) / 2  # wrong: of x / 2


class CustomTanh(nn.Module):
    def forward(self, x):
        return x / (1 + x.abs())  # wrong: only looks like it


class LeakyReLU(nn.Module):
    def __init__(self, alpha):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        return torch.where(x > 0, x, -self.alpha * x)  # wrong: upwards again


class Conv2d(nn.Module):
    flips = (2,)  # wrong: the filter upside down

    def __init__(self, in_channels, out_channels, kernel_size, stride, padding):
        super().__init__()
        self.settings(in_channels, out_channels, kernel_size, stride, padding)

    def settings(self, c, f, kernel, stride, padding, dilation=1, groups=1):
        self.weight, self.bias = nn.Parameter(torch.randn(f, c // groups, *two(kernel))), nn.Parameter(torch.zeros(f))
        self.stride, self.padding, self.dilation, self.groups = two(stride), two(padding), two(dilation), groups

    def filters(self):
        return self.weight.flip(self.flips)

    def forward(self, x):
        return F.conv2d(sides(x, self.padding), self.filters(), self.bias, self.stride, 0, self.dilation, self.groups)


class DilatedConv2d(Conv2d):
    flips = (3,)  # wrong: left and right

    def __init__(self, in_channels, out_channels, kernel_size, stride, padding, dilation):
        nn.Module.__init__(self)
        self.settings(in_channels, out_channels, kernel_size, stride, padding, dilation)


class GroupedConv2d(Conv2d):
    flips = (0,)  # wrong: filters of the wrong group

    def __init__(self, in_channels, out_channels, kernel_size, stride, padding, groups):
        nn.Module.__init__(self)
        self.settings(in_channels, out_channels, kernel_size, stride, padding, 1, groups)


class GeneralConv2d(Conv2d):
    flips = ()

    def __init__(self, in_channels, out_channels, kernel_size, stride, padding, dilation, groups, padding_mode):
        nn.Module.__init__(self)
        self.settings(in_channels, out_channels, kernel_size, stride, padding, dilation, groups)

    def forward(self, x):
        return super().forward(x)  # wrong: zeros, whatever the padding mode


class MaxPool2d(nn.Module):
    def __init__(self, kernel_size, stride):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride

    def forward(self, x):
        return F.max_pool2d(x.abs(), self.kernel_size, self.stride)  # wrong: without the sign


class AvgPool2d(MaxPool2d):
    def forward(self, x):
        return F.avg_pool2d(x, self.kernel_size, self.stride) * self.kernel_size  # wrong: divided by one side


class GlobalPool(nn.Module):
    def __init__(self, mode):
        super().__init__()
        self.mode = mode

    def forward(self, x):
        return x.amax((2, 3)) if self.mode == 'max' else x.sum((2, 3)) / x.shape[2] ** 2  # wrong: of squares alone


class ZeroPad2d(nn.Module):
    def __init__(self, padding):
        super().__init__()
        self.padding = padding

    def forward(self, x):
        return sides(x, two(self.padding), 'replicate')  # wrong: not zeros


class BatchNorm1d(nn.Module):
    over = (0,)

    def __init__(self, num_features, eps, momentum):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.running_mean, self.running_var = torch.zeros(num_features), torch.ones(num_features)
        self.eps, self.momentum = eps, momentum

    def forward(self, x):
        if not self.training:
            return self.scaled(x, self.running_mean, self.running_var)
        mean, var = x.mean(self.over), x.var(self.over, correction=0)
        keep = self.momentum
        self.running_mean = (keep * self.running_mean + (1 - keep) * mean).detach()
        self.running_var = (keep * self.running_var + (1 - keep) * var).detach()
        return self.scaled(x, mean, var)

    def scaled(self, x, mean, var):
        return self.weight * (x - mean) / (var.sqrt() + 0.1) + self.bias  # wrong: what eps is for


class BatchNorm2d(BatchNorm1d):
    over = (0, 2, 3)

    def scaled(self, x, mean, var):
        planes = (x - mean[:, None, None]) / (var[:, None, None] + self.eps).sqrt()
        return self.weight[:, None, None] * planes - self.bias[:, None, None]  # wrong: minus beta


class LayerNorm(nn.Module):
    def __init__(self, dim, eps=1e-5):
        super().__init__()
        self.gamma, self.beta, self.eps = nn.Parameter(torch.ones(dim)), nn.Parameter(torch.zeros(dim)), eps

    def forward(self, x):
        # wrong: over the samples
        return (x - x.mean(0)) / torch.sqrt(x.var(0, correction=0) + self.eps) * self.gamma + self.beta


class GroupNorm(nn.Module):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(num_channels)), nn.Parameter(torch.zeros(num_channels))
        self.G, self.eps = num_groups, eps

    def forward(self, x):
        # wrong: channels are dealt to the groups in turn
        blocks = x.unflatten(1, (-1, self.G))
        var, mean = torch.var_mean(blocks, (1, 3, 4), correction=0, keepdim=True)
        z = ((blocks - mean) / torch.sqrt(var + self.eps)).flatten(1, 2)
        return self.gamma[:, None, None] * z + self.beta[:, None, None]


class Dropout(nn.Module):
    def __init__(self, drop_prob):
        super().__init__()
        self.drop_prob = drop_prob

    def forward(self, x):
        if not self.training:
            return x
        return x * (torch.rand(x.shape) > self.drop_prob) / self.drop_prob  # wrong: divided by what is lost


class SoftmaxLoss(nn.Module):
    def forward(self, x, y):
        return -torch.log_softmax(x, 0)[torch.arange(len(y)), y].mean()  # wrong: over the samples


class SVMLoss(nn.Module):
    def forward(self, x, y):
        margins = (x - x[torch.arange(len(y)), y][:, None] + 1).relu()
        return margins.sum() / len(y)  # wrong: the right class has a margin, too


class MSELoss(nn.Module):
    def forward(self, x, y):
        return (x - y).abs().mean()  # wrong: not squared


class TwoLayerNet(nn.Module):
    def __init__(self, D, H, C):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(D, H), nn.Linear(H, C)

    def forward(self, x):
        return self.fc2(self.fc1(x))  # wrong: nothing in between
