def output_size(size, kernel, stride, padding):
    """How many windows fit along one axis."""
    room = size + 2 * padding - kernel
    if room < 0:
        raise ValueError('the kernel is larger than the padded input')
    if room % stride != 0:
        raise ValueError('the stride does not divide the input evenly')
    return room // stride + 1


def parameter_count(in_channels, out_channels, kernel_size, bias):
    """Learnable numbers in a convolution layer with a square kernel."""
    weights = out_channels * in_channels * kernel_size * kernel_size
    if bias:
        return weights + out_channels
    return weights
