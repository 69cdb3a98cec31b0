# 출력 크기, 파라미터 수 문제


def output_size(size, kernel, stride, padding):
    n = (size + 2 * padding - kernel) / stride + 1
    if n < 1 or n != int(n):
        raise ValueError('맞지 않음')
    return int(n)


def output_size_dilated(size, kernel, stride, padding, dilation):
    # 커널 길이 = dilation * kernel 이라고 생각함
    return output_size(size, dilation * kernel, stride, padding)


def parameter_count(in_channels, out_channels, kernel_size, bias):
    return (in_channels * kernel_size * kernel_size + int(bias)) * out_channels


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    필터 = in_channels // groups * kernel_size ** 2
    return 필터 * out_channels + (out_channels if bias else 0)
