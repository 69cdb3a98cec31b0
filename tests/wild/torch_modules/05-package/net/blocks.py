import torch
from torch import nn


class Block(nn.Module):
    def extra_repr(self):
        return "ours"
