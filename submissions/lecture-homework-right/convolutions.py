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


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    return conv2d_general_forward(x, w, b, (stride,) * 2, (padding,) * 2, (dilation,) * 2, 1, 'zeros')


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    return conv2d_general_forward(x, w, b, (stride,) * 2, (padding,) * 2, (1, 1), groups, 'zeros')


conv2d_dilated_backward = conv2d_general_backward
conv2d_grouped_backward = conv2d_general_backward


def global_pool_forward(x, mode):
    """Keeps the axes, as in (N, C, 1, 1)."""
    out = x.max(axis=(2, 3), keepdims=True) if mode == 'max' else x.mean(axis=(2, 3), keepdims=True)
    return out, (x, out, mode)


def global_pool_backward(dout, cache):
    x, out, mode = cache
    if mode == 'max':
        return (x == out) * dout  # to all of the largest
    return np.broadcast_to(dout, x.shape) / (x.shape[2] * x.shape[3])


def zero_pad(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='constant')


def zero_pad_backward(dout, x, pad):
    H, W = x.shape[2:]
    return dout[:, :, pad:pad + H, pad:pad + W]


def conv_single_step(x, w, b):
    return np.sum(x * w) + b


def conv_single_step_backward(dout, x, w, b):
    return w * dout, x * dout, dout


def output_size_dilated(size, kernel, stride, padding, dilation):
    rest = size + 2 * padding - dilation * (kernel - 1) - 1
    assert rest >= 0 and rest % stride == 0, 'does not fit'
    return rest // stride + 1


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    return out_channels * (kernel_size * kernel_size * in_channels // groups + bool(bias))


def receptive_field(kernels, strides, dilations=None):
    dilations = dilations or [1] * len(kernels)
    jumps = np.cumprod([1, *strides[:-1]])
    return 1 + sum(int(j) * d * (k - 1) for j, d, k in zip(jumps, dilations, kernels))
