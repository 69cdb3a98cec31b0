import numpy as np
import torch
from torch import nn


class Sigmoid(nn.Module):
    def forward(self, x):
        return torch.from_numpy(1 / (1 + np.exp(-np.clip(x.detach().numpy(), -700, 700))))


class LeakyReLU(nn.Module):
    def __init__(self, negative_slope):
        super().__init__()
        self.negative_slope = negative_slope

    def forward(self, x):
        x = x.clone()
        x[x < 0] *= self.negative_slope
        return x
