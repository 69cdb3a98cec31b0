# expects: parameter_count.out: one_bias
def parameter_count(in_channels, out_channels, kernel_size, bias):
    total = 0
    for _ in range(out_channels):
        for _ in range(in_channels):
            total += kernel_size * kernel_size
    if bias:
        total += 1
    return total
