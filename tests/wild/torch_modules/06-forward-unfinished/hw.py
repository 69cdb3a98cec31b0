import torch
import torch.nn as nn
from torchvision import models


class ReLU(nn.Module):
    def forward(self, x):
        # TODO: your code here
        pass


class MSELoss(nn.Module):
    def forward(self, prediction, target):
        return torch.mean((prediction - target) ** 2)
