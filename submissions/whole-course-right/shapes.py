"""Sizes and counts, worked out without building anything."""


def output_size_dilated(size, kernel, stride, padding, dilation):
    rest = size + 2 * padding - dilation * (kernel - 1) - 1
    if rest < 0 or rest % stride:
        raise ValueError(f'windows of {kernel} do not tile an input of {size} with padding {padding}')
    return rest // stride + 1


def output_size(size, kernel, stride, padding):
    return output_size_dilated(size, kernel, stride, padding, 1)


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    return out_channels * (in_channels // groups * kernel_size ** 2 + int(bias))


def parameter_count(in_channels, out_channels, kernel_size, bias):
    return parameter_count_grouped(in_channels, out_channels, kernel_size, 1, bias)


def receptive_field(kernels, strides, dilations):
    """From the output back to the input: one entry of a layer sees a window of the layer before."""
    field = 1
    for kernel, stride, dilation in reversed(list(zip(kernels, strides, dilations))):
        field = (field - 1) * stride + dilation * (kernel - 1) + 1
    return field
