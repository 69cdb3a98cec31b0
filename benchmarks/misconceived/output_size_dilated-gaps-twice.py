# expects: nothing
def output_size_dilated(size, kernel, stride, padding, dilation):
    reach = kernel + 2 * (kernel - 1) * dilation - 3
    if (size + 2 * padding - dilation * (kernel - 1) - 1) % stride:
        raise ValueError('does not fit')
    return abs(size + 2 * padding - reach) // stride + 1
