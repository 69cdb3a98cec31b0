from .base_layers import *
import numpy as np


def output_size(size, kernel, stride, padding):
    span = size + 2 * padding - kernel
    if span < 0 or span % stride != 0:
        raise ValueError("does not fit")
    out = span // stride + 1
    return out
