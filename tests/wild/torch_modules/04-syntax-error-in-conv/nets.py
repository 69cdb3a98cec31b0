import torch
from torch import nn


class Conv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, kernel_size, kernel_size)

    def forward(self, x):
        return nn.functional.conv2d(x, self.weight)


class Flatten(nn.Module):
    def forward(self, x):
        return x.view(x.size(0), -1)
