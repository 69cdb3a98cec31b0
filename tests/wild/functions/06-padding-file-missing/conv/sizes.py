import math

from torchsummary import summary


def output_size(size, kernel, stride, padding):
    return math.floor((size + 2 * padding - kernel) / stride) + 1


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias=True):
    return (in_channels // groups) * kernel_size * kernel_size * out_channels + bias * out_channels


def receptive_field(kernels, strides, dilations):
    field = 1
    for k, d in zip(kernels, dilations):
        field += d * (k - 1)
    return field
