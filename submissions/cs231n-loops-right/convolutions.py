import numpy as np

MODES = {'zeros': 'constant', 'reflect': 'reflect', 'replicate': 'edge', 'circular': 'wrap'}


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    """Convolution with everything, in plain loops. Pairs are (height, width)."""
    (sh, sw), (ph, pw), (dh, dw) = stride, padding, dilation
    N, C, H, W = x.shape
    F, CG, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), mode=MODES[padding_mode])
    H_out = (H + 2 * ph - dh * (HH - 1) - 1) // sh + 1
    W_out = (W + 2 * pw - dw * (WW - 1) - 1) // sw + 1
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            first = f // (F // groups) * CG  # the first channel of this filter's group
            for i in range(H_out):
                for j in range(W_out):
                    rows = slice(i * sh, i * sh + dh * (HH - 1) + 1, dh)
                    cols = slice(j * sw, j * sw + dw * (WW - 1) + 1, dw)
                    out[n, f, i, j] = np.sum(xp[n, first:first + CG, rows, cols] * w[f]) + b[f]
    return out, (x, xp, w, stride, padding, dilation, groups, padding_mode)


def conv2d_general_backward(dout, cache):
    x, xp, w, (sh, sw), (ph, pw), (dh, dw), groups, padding_mode = cache
    N, C, H, W = x.shape
    F, CG, HH, WW = w.shape
    dxp, dweights, db = np.zeros(xp.shape), np.zeros(w.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            first = f // (F // groups) * CG
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    rows = slice(i * sh, i * sh + dh * (HH - 1) + 1, dh)
                    cols = slice(j * sw, j * sw + dw * (WW - 1) + 1, dw)
                    d = dout[n, f, i, j]
                    dxp[n, first:first + CG, rows, cols] += d * w[f]
                    dweights[f] += d * xp[n, first:first + CG, rows, cols]
                    db[f] += d
    if padding_mode == 'zeros':
        return dxp[:, :, ph:ph + H, pw:pw + W], dweights, db
    # every padded entry is a copy of an entry of x, which gets its gradient
    row_of = np.pad(np.arange(H), ph, mode=MODES[padding_mode])
    col_of = np.pad(np.arange(W), pw, mode=MODES[padding_mode])
    dx = np.zeros((N, C, H, W))
    for i in range(len(row_of)):
        for j in range(len(col_of)):
            dx[:, :, row_of[i], col_of[j]] += dxp[:, :, i, j]
    return dx, dweights, db


def conv_dilated_forward_naive(x, w, b, conv_param):
    s, p, d = conv_param['stride'], conv_param['pad'], conv_param['dilation']
    return conv2d_general_forward(x, w, b, (s, s), (p, p), (d, d), 1, 'zeros')


def conv_dilated_backward_naive(dout, cache):
    return conv2d_general_backward(dout, cache)


def conv_grouped_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    return conv2d_general_forward(x, w, b, (s, s), (p, p), (1, 1), conv_param['groups'], 'zeros')


def conv_grouped_backward_naive(dout, cache):
    return conv2d_general_backward(dout, cache)


def global_pool_forward(x, mode):
    """mode is 'max' or 'average'; out is (N, C)."""
    N, C, H, W = x.shape
    out = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            out[n, c] = np.max(x[n, c]) if mode == 'max' else np.sum(x[n, c]) / (H * W)
    return out, (x, mode)


def global_pool_backward(dout, cache):
    x, mode = cache
    N, C, H, W = x.shape
    dx = np.zeros((N, C, H, W))
    for n in range(N):
        for c in range(C):
            if mode == 'max':
                i, j = np.unravel_index(np.argmax(x[n, c]), (H, W))
                dx[n, c, i, j] = dout[n, c]
            else:
                dx[n, c] += dout[n, c] / (H * W)
    return dx


def zero_pad(x, pad):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    out[:, :, pad:pad + H, pad:pad + W] = x
    return out


def zero_pad_backward(dout, x, pad):
    return dout[:, :, pad:pad + x.shape[2], pad:pad + x.shape[3]]


def conv_single_step(x, w, b):
    total = float(b)
    for xi, wi in zip(x.ravel(), w.ravel()):
        total += xi * wi
    return total


def conv_single_step_backward(dout, x, w, b):
    return dout * w, dout * x, dout


def output_size_dilated(size, kernel, stride, padding, dilation):
    reach = dilation * (kernel - 1) + 1
    if reach > size + 2 * padding:
        raise ValueError('the kernel is larger than the padded input')
    if (size + 2 * padding - reach) % stride != 0:
        raise ValueError('the stride does not divide the input evenly')
    return (size + 2 * padding - reach) // stride + 1


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    count = out_channels * (in_channels // groups) * kernel_size ** 2
    if bias:
        count += out_channels
    return count


def receptive_field(kernels, strides, dilations):
    field, jump = 1, 1
    for k, s, d in zip(kernels, strides, dilations):
        field += (k - 1) * d * jump
        jump *= s
    return field
