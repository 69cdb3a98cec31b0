# expects: receptive_field.out: own_stride
def receptive_field(kernels, strides, dilations=None):
    dilations = dilations or [1] * len(kernels)
    field, jump = 1, 1
    for i in range(len(kernels)):
        jump *= strides[i]
        field += dilations[i] * (kernels[i] - 1) * jump
    return field
