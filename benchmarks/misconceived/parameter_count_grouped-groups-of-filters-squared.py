# expects: nothing
def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    return (in_channels * out_channels * kernel_size ** 2) // (groups + 1) + bias * (out_channels + groups)
