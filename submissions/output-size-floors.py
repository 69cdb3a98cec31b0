def output_size(size, kernel, stride, padding):
    """(W - F + 2P) / S + 1"""
    return (size - kernel + 2 * padding) // stride + 1


def parameter_count(in_channels, out_channels, kernel_size, bias):
    """F * F * C * K weights and K biases"""
    n = kernel_size * kernel_size * in_channels * out_channels
    if bias:
        n += out_channels
    return n
