# expects: max_pool2d.out: starts_at_zero
import numpy as np


def max_pool2d_forward(x, kernel_size, stride):
    N, C, H, W = x.shape
    out_h, out_w = (H - kernel_size) // stride + 1, (W - kernel_size) // stride + 1
    out = np.zeros((N, C, out_h, out_w))
    for n in range(N):
        for c in range(C):
            for i in range(out_h):
                for j in range(out_w):
                    best = 0
                    for k in range(kernel_size):
                        for l in range(kernel_size):
                            if x[n, c, i * stride + k, j * stride + l] > best:
                                best = x[n, c, i * stride + k, j * stride + l]
                    out[n, c, i, j] = best
    return out, (x, kernel_size, stride)


def max_pool2d_backward(dout, cache):
    x, kernel_size, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size]
        k, l = divmod(int(np.argmax(window)), window.shape[1])
        dx[n, c, i * stride + k, j * stride + l] += dout[n, c, i, j]
    return dx
