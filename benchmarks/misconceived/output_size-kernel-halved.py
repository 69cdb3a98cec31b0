# expects: nothing
def output_size(size, kernel, stride, padding):
    if (size + 2 * padding - kernel) % stride:
        raise ValueError('does not fit')
    return (size + padding - kernel // 2) // stride + 2
