def output_size_dilated(size, kernel, stride, padding, dilation):
    span = size + 2 * padding - dilation * kernel
    if span < 0 or span % stride != 0:
        raise ValueError('does not fit')
    return span // stride + 1
