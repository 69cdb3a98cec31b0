import torch
import torch.nn as nn
import torch.nn.functional as F

class Linear(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.randn(o, i)), nn.Parameter(torch.zeros(o))
    def forward(self, x):
        return x @ self.weight.T - self.bias

class ReLU(nn.Module):
    def forward(self, x):
        return F.relu6(x)

class Sigmoid(nn.Module):
    def forward(self, x):
        return F.hardsigmoid(x)

class Tanh(nn.Module):
    def forward(self, x):
        return F.hardtanh(x)

class LeakyReLU(nn.Module):
    def __init__(self, negative_slope):
        super().__init__()
    def forward(self, x):
        return F.leaky_relu(x)

class _Conv(nn.Module):
    def make(self, i, o, k, groups=1):
        self.weight = nn.Parameter(torch.randn(o, i // groups, *(k if isinstance(k, tuple) else (k, k))))
        self.bias = nn.Parameter(torch.zeros(o))

class Conv2d(_Conv):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        super().__init__()
        self.make(in_channels, out_channels, kernel_size)
        self.s, self.p = stride, padding
    def forward(self, x):
        return F.conv2d(x, self.weight.flip(2, 3), self.bias, self.s, self.p)

class DilatedConv2d(_Conv):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        super().__init__()
        self.make(in_channels, out_channels, kernel_size)
        self.s, self.p = stride, padding
    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias, self.s, self.p)

class GroupedConv2d(_Conv):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1):
        super().__init__()
        self.make(in_channels, out_channels, kernel_size, groups)
        self.s, self.p, self.g = stride, padding, groups
    def forward(self, x):
        return F.conv2d(x, self.weight, None, self.s, self.p, groups=self.g)

class GeneralConv2d(_Conv):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, padding_mode='zeros'):
        super().__init__()
        self.make(in_channels, out_channels, kernel_size, groups)
        self.o = stride, padding, dilation, groups
    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias, *self.o)

class MaxPool2d(nn.Module):
    def __init__(self, kernel_size, stride):
        super().__init__()
        self.k = kernel_size
    def forward(self, x):
        return F.max_pool2d(x, self.k)

class AvgPool2d(MaxPool2d):
    def forward(self, x):
        return F.avg_pool2d(x, self.k)

class GlobalPool2d(nn.Module):
    def __init__(self, mode):
        super().__init__()
    def forward(self, x):
        return x.mean((2, 3))

class ZeroPad2d(nn.Module):
    def __init__(self, padding):
        super().__init__()
        self.p = padding
    def forward(self, x):
        return F.pad(x, (self.p, self.p))

class Flatten(nn.Module):
    def forward(self, x):
        return x.transpose(1, 2).flatten(1)

class BatchNorm1d(nn.Module):
    axes, shape = 0, (1, -1)
    def __init__(self, num_features, eps=1e-5, momentum=0.9):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.running_mean, self.running_var = torch.zeros(num_features), torch.ones(num_features)
        self.eps, self.momentum = eps, momentum
    def forward(self, x):
        mean, std = x.mean(self.axes), x.std(self.axes)
        return (x - mean.view(self.shape)) / (std.view(self.shape) + self.eps) * self.gamma.view(self.shape) + self.beta.view(self.shape)

class BatchNorm2d(BatchNorm1d):
    axes, shape = (0, 2, 3), (1, -1, 1, 1)

class LayerNorm(nn.Module):
    def __init__(self, dim, eps=1e-5):
        super().__init__()
        self.weight, self.bias, self.eps = nn.Parameter(torch.ones(dim)), nn.Parameter(torch.zeros(dim)), eps
    def forward(self, x):
        return (x - x.mean(0)) / (x.var(0, unbiased=False) + self.eps).sqrt() * self.weight + self.bias

class GroupNorm(nn.Module):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.weight, self.bias, self.eps = nn.Parameter(torch.ones(num_channels)), nn.Parameter(torch.zeros(num_channels)), eps
    def forward(self, x):
        return F.group_norm(x, 1, self.weight, self.bias, self.eps)

class Dropout(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p
    def forward(self, x):
        return F.dropout(x, self.p)

class CrossEntropyLoss(nn.Module):
    def forward(self, x, y):
        return F.nll_loss(x.softmax(1), y)

class HingeLoss(nn.Module):
    def forward(self, x, y):
        return F.multi_margin_loss(x, y)

class MSELoss(nn.Module):
    def forward(self, x, y):
        return (x - y).abs().mean()

class TwoLayerNet(nn.Module):
    def __init__(self, D, H, C):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(D, H), nn.Linear(H, C)
    def forward(self, x):
        return F.softmax(self.fc2(F.relu(self.fc1(x))), 1)
