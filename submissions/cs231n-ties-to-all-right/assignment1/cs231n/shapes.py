def output_size(size, kernel, stride, padding):
    padded = size + 2 * padding
    if kernel > padded:
        raise ValueError("kernel %d does not fit into %d" % (kernel, padded))
    if (padded - kernel) % stride:
        raise ValueError("stride %d does not divide %d" % (stride, padded - kernel))
    return 1 + (padded - kernel) // stride


def parameter_count(in_channels, out_channels, kernel_size, bias):
    per_filter = in_channels * kernel_size * kernel_size
    if bias:
        per_filter += 1
    return out_channels * per_filter
