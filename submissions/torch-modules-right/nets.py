"""Nets of the layers beside them."""

import torch
from layers import MyLinear, ReLU
from torch import nn


class TwoLayerNet(nn.Module):
    def __init__(self, input_size, hidden_size, num_classes):
        super().__init__()
        self.body = nn.Sequential(MyLinear(input_size, hidden_size), ReLU(), MyLinear(hidden_size, num_classes))

    def forward(self, x):
        return self.body(x)


class ThreeLayerNet(nn.Module):
    def __init__(self, D, H1, H2, K):
        super().__init__()
        self.W1, self.b1 = nn.Parameter(torch.randn(D, H1)), nn.Parameter(torch.zeros(H1))
        self.W2, self.b2 = nn.Parameter(torch.randn(H1, H2)), nn.Parameter(torch.zeros(H2))
        self.W3, self.b3 = nn.Parameter(torch.randn(H2, K)), nn.Parameter(torch.zeros(K))

    def forward(self, x):
        h1 = torch.sigmoid(x @ self.W1 + self.b1)
        return torch.sigmoid(h1 @ self.W2 + self.b2) @ self.W3 + self.b3
