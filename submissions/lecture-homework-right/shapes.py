def output_size(size, kernel, stride, padding):
    # (H + 2P - F) / S + 1
    top = size + 2 * padding - kernel
    if top < 0 or top % stride != 0:
        raise ValueError("not a whole number of outputs")
    return top // stride + 1


def parameter_count(in_channels, out_channels, kernel_size, bias):
    # F * F * C weights for each of the K filters, and K biases
    return kernel_size * kernel_size * in_channels * out_channels + bias * out_channels
