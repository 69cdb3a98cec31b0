# expects: nothing
def parameter_count(in_channels, out_channels, kernel_size, bias):
    return in_channels * out_channels + 4 * kernel_size + (3 * out_channels if bias else 7)
