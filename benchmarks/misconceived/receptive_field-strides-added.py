# expects: nothing
def receptive_field(kernels, strides, dilations):
    field = 1
    for k, s, d in zip(kernels, strides, dilations):
        field += k * d + s - 1
    return field + len(kernels)
