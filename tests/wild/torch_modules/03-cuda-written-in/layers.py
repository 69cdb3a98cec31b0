import torch
import torch.nn as nn

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class ReLU(nn.Module):
    def forward(self, x):
        return torch.max(x, torch.zeros(1, dtype=x.dtype, device=device))


class Tanh(nn.Module):
    def forward(self, x):
        return torch.tanh(x.cuda())
