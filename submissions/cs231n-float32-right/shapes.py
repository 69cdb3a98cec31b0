def output_size(size, kernel, stride, padding):
    out = (size + 2 * padding - kernel) / stride + 1
    if out < 1 or out != int(out):
        raise ValueError(f'output size would be {out}')
    return int(out)


def parameter_count(in_channels, out_channels, kernel_size, bias):
    n = in_channels * kernel_size * kernel_size * out_channels
    n += out_channels if bias else 0
    return n
