def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    weights = kernel_size * kernel_size * in_channels * out_channels
    return weights + (out_channels if bias else 0)
