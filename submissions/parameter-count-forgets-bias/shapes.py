def output_size(size, kernel, stride, padding):
    n = size + 2 * padding - kernel
    if n < 0 or n % stride != 0:
        raise ValueError('does not fit')
    return n // stride + 1


def parameter_count(in_channels, out_channels, kernel_size, bias):
    return out_channels * in_channels * kernel_size ** 2
