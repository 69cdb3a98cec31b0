import numpy as np

# ---------- single step ----------

def conv_single_step(x, w, b):
    return float(np.vdot(x, w)) + float(b)

def conv_single_step_backward(dout, x, w, b):
    dx = x * dout
    dw = w * dout
    db = dout
    return dx, dw, db

# ---------- zero pad ----------

def zero_pad(x, pad):
    rows = np.zeros(x.shape[:2] + (pad, x.shape[3]), x.dtype)
    x = np.concatenate((rows, x, rows), axis=2)
    cols = np.zeros(x.shape[:3] + (pad,), x.dtype)
    return np.concatenate((cols, x, cols), axis=3)

def zero_pad_backward(dout, x, pad):
    h, w = x.shape[-2:]
    return dout[..., pad:pad+h, pad:pad+w]

# ---------- dilated ----------

def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = zero_pad(x, padding)
    OH = (H + 2*padding - dilation*(KH-1) - 1)//stride + 1
    OW = (W + 2*padding - dilation*(KW-1) - 1)//stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r = i*stride + dilation*np.arange(KH)
                    c = j*stride + dilation*np.arange(KW)
                    out[n, f, i, j] = conv_single_step(xp[n][:, r[:, None], c], w[f], b[f])
    return out, (xp, w, b, stride, padding, dilation)

def conv2d_dilated_backward(dout, cache):
    xp, w, b, stride, padding, dilation = cache
    N, F, OH, OW = dout.shape
    dxp = np.zeros_like(xp)
    dw, db = np.zeros_like(w), np.zeros_like(b)
    for n in range(N)
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r = i*stride + dilation*np.arange(w.shape[2])
                    c = j*stride + dilation*np.arange(w.shape[3])
                    dxp[n][:, r[:, None], c] += dout[n, f, i, j]*w[f]
                    dw[f] += dout[n, f, i, j]*xp[n][:, r[:, None], c]
                    db[f] += dout[n, f, i, j]
    return zero_pad_backward(dxp, xp, padding), dw, db

# ---------- global pooling ----------

def global_pool_forward(x, mode):
    if mode == "max":
        return np.amax(x, (2, 3)), ("max", x)
    elif mode == "average":
        return np.average(x, (2, 3)), ("average", x)

def global_pool_backward(dout, cache):
    mode, x = cache
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            if mode == "max":
                i, j = np.unravel_index(np.argmax(x[n, c]), x[n, c].shape)
                dx[n, c, i, j] = dout[n, c]
            else:
                dx[n, c] = dout[n, c]/x.shape[2]**2
    return dx

def receptive_field(kernels, strides):
    return 1 + sum((k-1)*int(np.prod(strides[:i])) for i, k in enumerate(kernels))
