import numpy as np

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
                dx[n, c] += dout[n, c]
    return dx
