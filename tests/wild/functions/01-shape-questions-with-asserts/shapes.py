"""Exercise sheet 3: shapes of convolutional layers.

All formulas along one axis. I keep everything in integers on purpose: with
floats the check "is it a whole number" is a lottery.
"""


def output_size(size, kernel, stride, padding):
    """How often does the kernel fit?

    >>> output_size(7, 3, 2, 0)
    3
    """
    room = size + 2 * padding - kernel
    if room < 0:
        raise ValueError(f"kernel {kernel} is longer than the padded input {size + 2 * padding}")
    steps, rest = divmod(room, stride)
    if rest:
        raise ValueError(f"stride {stride} does not divide {room}")
    return steps + 1


def output_size_dilated(size, kernel, stride, padding, dilation):
    """A dilated kernel is a longer kernel with holes."""
    return output_size(size, kernel + (kernel - 1) * (dilation - 1), stride, padding)


def parameter_count(in_channels, out_channels, kernel_size, bias):
    one_filter = in_channels * kernel_size ** 2
    if bias:
        one_filter += 1
    return out_channels * one_filter


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    # every group is a small convolution
    per_group = parameter_count(in_channels // groups, out_channels // groups, kernel_size, bias)
    return per_group


def receptive_field(kernels, strides, dilations=None):
    """Walk from the output to the input: one pixel needs (r - 1) * s + k pixels of the layer below."""
    if dilations is None:
        dilations = [1 for _ in kernels]
    r = 1
    for k, s, d in reversed(list(zip(kernels, strides, dilations))):
        r = (r - 1) * s + d * (k - 1) + 1
    return r


# the examples of the slides
assert output_size(7, 3, 1, 0) == 5
assert output_size(32, 5, 1, 2) == 32
assert parameter_count(3, 10, 5, True) == 760
assert receptive_field([3, 3], [1, 1]) == 5
assert receptive_field([3, 3, 3], [1, 1, 1]) == 7
for bad in [(7, 3, 3, 0), (2, 3, 1, 0)]:
    try:
        output_size(*bad)
    except ValueError as e:
        print("ok:", e)
    else:
        raise AssertionError(bad)
