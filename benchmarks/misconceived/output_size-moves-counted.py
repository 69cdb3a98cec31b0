# expects: output_size.out: plus_one_forgotten
def output_size(size, kernel, stride, padding):
    size += 2 * padding
    if size < kernel or (size - kernel) % stride != 0:
        raise ValueError('the windows do not fit')
    moves, at = 0, 0
    while at + stride + kernel <= size:
        at += stride
        moves += 1
    return moves
