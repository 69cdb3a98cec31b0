import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """
    Convolution as in the signal processing course: the kernel is turned by
    180 degrees before it slides over the image.
    """
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    Ho = (H + 2 * p - HH) // s + 1
    Wo = (W + 2 * p - WW) // s + 1

    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    k = w[:, :, ::-1, ::-1]
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    out[n, f, i, j] = np.sum(xp[n, :, i*s:i*s+HH, j*s:j*s+WW] * k[f]) + b[f]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    _, _, Ho, Wo = dout.shape

    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    k = w[:, :, ::-1, ::-1]
    dxp = np.zeros_like(xp)
    dk = np.zeros_like(w)
    db = np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    d = dout[n, f, i, j]
                    dxp[n, :, i*s:i*s+HH, j*s:j*s+WW] += d * k[f]
                    dk[f] += d * xp[n, :, i*s:i*s+HH, j*s:j*s+WW]
                    db[f] += d
    dw = dk[:, :, ::-1, ::-1]  # turn it back
    return dxp[:, :, p:p+H, p:p+W], dw, db
