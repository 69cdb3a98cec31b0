# expects: output_size.out: padding_at_one_end
def output_size(size, kernel, stride, padding):
    positions, left = divmod(size + padding - kernel, stride)
    if left:
        raise ValueError('the stride does not fit')
    return positions + 1
