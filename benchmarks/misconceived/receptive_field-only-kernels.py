# expects: receptive_field.out: strides_forgotten
def receptive_field(kernels, strides, dilations):
    seen = 1
    for kernel, dilation in zip(kernels, dilations):
        window = kernel + (kernel - 1) * (dilation - 1)
        seen = seen + window - 1
    return seen
