def receptive_field(kernels, strides, dilations):
    field = 1
    for k, d in zip(kernels, dilations):
        field += d * (k - 1)
    return field
