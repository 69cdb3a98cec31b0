import numpy as np

MODES = {'zeros': 'constant', 'reflect': 'reflect', 'replicate': 'edge', 'circular': 'wrap'}


def convolve_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
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
            first = f % groups * CG
            for i in range(H_out):
                for j in range(W_out):
                    rows = slice(i * sh, i * sh + dh * (HH - 1) + 1, dh)
                    cols = slice(j * sw, j * sw + dw * (WW - 1) + 1, dw)
                    out[n, f, i, j] = np.sum(xp[n, first:first + CG, rows, cols] * w[f]) + b[f]
    return out, (x, xp, w, stride, padding, dilation, groups, padding_mode)


def convolve_backward(dout, cache):
    x, xp, w, (sh, sw), (ph, pw), (dh, dw), groups, padding_mode = cache
    N, C, H, W = x.shape
    F, CG, HH, WW = w.shape
    dxp, dweights, db = np.zeros(xp.shape), np.zeros(w.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            first = f % groups * CG
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


def conv_grouped_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    return convolve_forward(x, w, b, (s, s), (p, p), (1, 1), conv_param['groups'], 'zeros')


def conv_grouped_backward_naive(dout, cache):
    return convolve_backward(dout, cache)
