# expects: conv2d.dx: cut_to_nothing
import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    pad, stride = conv_param['pad'], conv_param['stride']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    H_out, W_out = int((H + 2 * pad - HH) / stride + 1), int((W + 2 * pad - WW) / stride + 1)
    x_pad = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    x_pad[:, :, pad:pad + H, pad:pad + W] = x
    rows = np.array([[x_pad[n, :, i * stride:i * stride + HH, j * stride:j * stride + WW].ravel()
                      for i in range(H_out) for j in range(W_out)] for n in range(N)])
    out = (rows @ w.reshape(F, -1).T + b).transpose(0, 2, 1).reshape(N, F, H_out, W_out)
    return out, (x, w, b, conv_param, x_pad, rows)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param, x_pad, rows = cache
    pad, stride = conv_param['pad'], conv_param['stride']
    F, C, HH, WW = w.shape
    N, _, H_out, W_out = dout.shape
    flat = dout.reshape(N, F, -1)
    dw = sum(flat[n] @ rows[n] for n in range(N)).reshape(w.shape)
    db = flat.sum(axis=(0, 2))
    dx_pad = np.zeros_like(x_pad)
    for n in range(N):
        drows = (flat[n].T @ w.reshape(F, -1)).reshape(H_out, W_out, C, HH, WW)
        for i in range(H_out):
            for j in range(W_out):
                dx_pad[n, :, i * stride:i * stride + HH, j * stride:j * stride + WW] += drows[i, j]
    dx = dx_pad[:, :, pad:-pad, pad:-pad]
    return dx, dw, db
