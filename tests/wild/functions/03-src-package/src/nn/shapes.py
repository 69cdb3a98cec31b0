"""How large do the planes get?"""
import numpy as np


def output_size(size, kernel, stride, padding):
    """One more window where the stride does not divide, as with 'SAME'."""
    if kernel > size + 2 * padding:
        raise ValueError("kernel longer than the input")
    return int(np.ceil((size + 2 * padding - kernel) / stride)) + 1


def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    w = (out_channels, in_channels, kernel_size, kernel_size)
    b = (out_channels,) if bias else (0,)
    return sum(int(np.prod(shape)) for shape in (w, b))
