"""All layers of the homework, without loops over pixels."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


# ---------------------------------------------------------------- helpers

def _pad(x, p):
    return np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])


def _windows(x, kh, kw, s):
    """(N, C, H, W) -> view (N, C, OH, OW, kh, kw); leftover rows are dropped"""
    return sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]


def _scatter(dwin, shape, s):
    """Transpose of _windows: (N, C, OH, OW, kh, kw) -> (N, C, H, W)"""
    oh, ow, kh, kw = dwin.shape[2:]
    dx = np.zeros(shape, dtype=dwin.dtype)
    for a in range(kh):
        for b in range(kw):
            dx[:, :, a:a + s * oh:s, b:b + s * ow:s] += dwin[..., a, b]
    return dx


# ---------------------------------------------------------------- affine

def affine_forward(x, w, b):
    flat = x.reshape(len(x), -1)
    return np.einsum('nd,dm->nm', flat, w) + b, (x.shape, flat, w)


def affine_backward(dout, cache):
    x_shape, flat, w = cache
    dx = np.einsum('nm,dm->nd', dout, w).reshape(x_shape)   # ∂L/∂x
    dw = np.einsum('nd,nm->dm', flat, dout)                 # ∂L/∂w
    db = np.einsum('nm->m', dout)                           # ∂L/∂b
    return dx, dw, db


# ---------------------------------------------------------------- activations

def relu_forward(x):
    mask = x > 0
    return np.where(mask, x, 0.0), mask


def relu_backward(dout, cache):
    return np.where(cache, dout, 0.0)


def sigmoid_forward(x):
    small = np.exp(-np.abs(x))          # in (0, 1], cannot overflow
    s = np.where(x < 0, small, 1.0) / (1.0 + small)
    return s, s


def sigmoid_backward(dout, cache):
    return dout * cache * (1.0 - cache)


# ---------------------------------------------------------------- losses

def softmax_loss(x, y):
    n = np.arange(len(x))
    z = x - x.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -log_p[n, y].mean()
    dx = np.exp(log_p)
    dx[n, y] -= 1
    return loss, dx / len(x)


def svm_loss(x, y):
    n = np.arange(len(x))
    margins = np.maximum(0, x - x[n, y][:, None] + 1)
    margins[n, y] = 0
    loss = margins.sum() / len(x)
    dx = (margins > 0).astype(x.dtype)
    dx[n, y] = -dx.sum(axis=1)
    return loss, dx / len(x)


# ---------------------------------------------------------------- convolution

def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    win = _windows(_pad(x, p), w.shape[2], w.shape[3], s)
    out = np.einsum('nchwij,fcij->nfhw', win, w) + b[:, None, None]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    H, W = x.shape[2:]
    xp = _pad(x, p)
    win = _windows(xp, w.shape[2], w.shape[3], s)
    dw = np.einsum('nchwij,nfhw->fcij', win, dout)
    db = dout.sum(axis=(0, 2, 3))
    dwin = np.einsum('nfhw,fcij->nchwij', dout, w)
    dx = _scatter(dwin, xp.shape, s)[:, :, p:p + H, p:p + W]
    return dx, dw, db


# ---------------------------------------------------------------- pooling

def max_pool_forward_naive(x, pool_param):
    kh, kw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    win = _windows(x, kh, kw, s)
    return win.max(axis=(4, 5)), (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    kh, kw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    win = _windows(x, kh, kw, s)
    flat = win.reshape(win.shape[:4] + (kh * kw,))
    # one-hot of the first maximum of every window
    best = np.arange(kh * kw) == flat.argmax(axis=-1)[..., None]
    dwin = (best * dout[..., None]).reshape(win.shape)
    return _scatter(dwin, x.shape, s)


def avg_pool_forward_naive(x, pool_param):
    kh, kw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    return _windows(x, kh, kw, s).mean(axis=(4, 5)), (x.shape, pool_param)


def avg_pool_backward_naive(dout, cache):
    x_shape, pool_param = cache
    kh, kw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    share = dout[..., None, None] / (kh * kw)
    return _scatter(np.broadcast_to(share, dout.shape + (kh, kw)), x_shape, s)


# ---------------------------------------------------------------- im2col

def im2col(x, filter_h, filter_w, stride=1, pad=0):
    win = _windows(_pad(x, pad), filter_h, filter_w, stride)
    n, c, oh, ow = win.shape[:4]
    return win.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, c * filter_h * filter_w)


def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    n, c, h, w = input_shape
    oh = (h + 2 * pad - filter_h) // stride + 1
    ow = (w + 2 * pad - filter_w) // stride + 1
    dwin = col.reshape(n, oh, ow, c, filter_h, filter_w).transpose(0, 3, 1, 2, 4, 5)
    img = _scatter(dwin, (n, c, h + 2 * pad, w + 2 * pad), stride)
    return img[:, :, pad:pad + h, pad:pad + w]


# ---------------------------------------------------------------- shapes

def output_size(size, kernel, stride, padding):
    steps, rest = divmod(size + 2 * padding - kernel, stride)
    if steps < 0 or rest:
        raise ValueError(f'a window of {kernel} with stride {stride} does not tile '
                         f'an input of {size} with padding {padding}')
    return steps + 1


def parameter_count(in_channels, out_channels, kernel_size, bias):
    return out_channels * (in_channels * kernel_size ** 2 + int(bias))


# ---------------------------------------------------------------- networks

class TwoLayerNet:
    """affine -> relu -> affine -> softmax, L2 on the weights only"""

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {
            'W1': np.random.normal(0, std, (input_size, hidden_size)),
            'b1': np.zeros(hidden_size),
            'W2': np.random.normal(0, std, (hidden_size, output_size)),
            'b2': np.zeros(output_size),
        }

    def loss(self, X, y=None, reg=0.0):
        p = self.params
        h = np.maximum(0, X @ p['W1'] + p['b1'])
        scores = h @ p['W2'] + p['b2']
        if y is None:
            return scores

        loss, ds = softmax_loss(scores, y)
        loss += 0.5 * reg * sum((p[k] ** 2).sum() for k in ('W1', 'W2'))
        dh = (ds @ p['W2'].T) * (h > 0)
        return loss, {
            'W1': X.T @ dh + reg * p['W1'],
            'b1': dh.sum(axis=0),
            'W2': h.T @ ds + reg * p['W2'],
            'b2': ds.sum(axis=0),
        }


class ThreeLayerNet:
    """affine -> sigmoid -> affine -> relu -> affine -> softmax"""

    def __init__(self, input_size, hidden1_size, hidden2_size, output_size, std=1e-4):
        sizes = [input_size, hidden1_size, hidden2_size, output_size]
        self.params = {}
        for i in range(3):
            self.params[f'W{i + 1}'] = np.random.normal(0, std, (sizes[i], sizes[i + 1]))
            self.params[f'b{i + 1}'] = np.zeros(sizes[i + 1])

    def loss(self, X, y=None, reg=0.0):
        p = self.params
        h1, s = sigmoid_forward(X @ p['W1'] + p['b1'])
        h2, mask = relu_forward(h1 @ p['W2'] + p['b2'])
        scores = h2 @ p['W3'] + p['b3']
        if y is None:
            return scores

        loss, d3 = softmax_loss(scores, y)
        loss += 0.5 * reg * sum((p[k] ** 2).sum() for k in ('W1', 'W2', 'W3'))
        d2 = relu_backward(d3 @ p['W3'].T, mask)
        d1 = sigmoid_backward(d2 @ p['W2'].T, s)
        grads = {}
        for i, (inp, d) in enumerate([(X, d1), (h1, d2), (h2, d3)], start=1):
            grads[f'W{i}'] = inp.T @ d + reg * p[f'W{i}']
            grads[f'b{i}'] = d.sum(axis=0)
        return loss, grads
