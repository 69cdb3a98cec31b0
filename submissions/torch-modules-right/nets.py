"""Nets of the layers beside them."""

from layers import MyLinear, ReLU
from torch import nn


class TwoLayerNet(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes):
        super().__init__()
        self.body = nn.Sequential(MyLinear(input_size, hidden_size), ReLU(), MyLinear(hidden_size, num_classes))

    def forward(self, x):
        return self.body(x)
