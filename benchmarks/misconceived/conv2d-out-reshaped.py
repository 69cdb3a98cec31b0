# expects: conv2d.out: reshaped_for_transposed
import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
    H2, W2 = (H + 2*p - HH)//s + 1, (W + 2*p - WW)//s + 1
    st = xp.strides
    X = np.lib.stride_tricks.as_strided(xp, (N, H2, W2, C, HH, WW), (st[0], st[2]*s, st[3]*s, st[1], st[2], st[3]))
    out = X.reshape(N*H2*W2, -1).dot(w.reshape(F, -1).T) + b
    return out.reshape(N, F, H2, W2), (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    H2, W2 = dout.shape[2:]
    for k in range(HH):
        for l in range(WW):
            seen = xp[:, :, k:k + s*H2:s, l:l + s*W2:s]
            for f in range(F):
                for c in range(C):
                    dw[f, c, k, l] = (seen[:, c] * dout[:, f]).sum()
                    dxp[:, c, k:k + s*H2:s, l:l + s*W2:s] += w[f, c, k, l] * dout[:, f]
    return dxp[:, :, p:p+H, p:p+W], dw, dout.sum((0, 2, 3))
