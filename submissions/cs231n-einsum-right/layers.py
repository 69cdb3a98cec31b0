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


PAD_MODES = dict(zeros='constant', reflect='reflect', replicate='edge', circular='wrap')


def _strided(xp, kernel, stride, dilation):
    """A view of all windows, (N, C, out_h, out_w, kh, kw)."""
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation)]
    view = np.lib.stride_tricks.sliding_window_view(xp, reach, axis=(2, 3))
    return view[:, :, ::stride[0], ::stride[1], ::dilation[0], ::dilation[1]]


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    (ph, pw), (N, C, H, W), (F, CG, KH, KW) = padding, x.shape, w.shape
    where = np.pad(np.arange(H * W).reshape(H, W) + 1, ((ph, ph), (pw, pw)), mode=PAD_MODES[padding_mode])
    flat = np.concatenate([np.zeros((N, C, 1), x.dtype), x.reshape(N, C, -1)], axis=2)  # place 0 is the zero of the padding
    view = _strided(flat[:, :, where], (KH, KW), stride, dilation)
    view = view.reshape(N, groups, CG, *view.shape[2:])
    out = np.einsum('ngcijkl,gfckl->ngfij', view, w.reshape(groups, F // groups, CG, KH, KW))
    out = out.reshape(N, F, *out.shape[3:]) + b.reshape(1, F, 1, 1)
    return out, (view, where, w, x.shape, stride, dilation)


def conv2d_general_backward(dout, cache):
    view, where, w, (N, C, H, W), stride, dilation = cache
    groups, (F, CG, KH, KW) = view.shape[1], w.shape
    d = dout.reshape(N, groups, F // groups, *dout.shape[2:])
    dw = np.einsum('ngfij,ngcijkl->gfckl', d, view).reshape(w.shape)
    dwindows = np.einsum('ngfij,gfckl->ngcijkl', d, w.reshape(groups, F // groups, CG, KH, KW))
    places = _strided(where[None, None], (KH, KW), stride, dilation)[0, 0]
    flat = np.zeros((H * W + 1, N * C), dout.dtype)
    np.add.at(flat, places, dwindows.reshape(N * C, *places.shape).transpose(1, 2, 3, 4, 0))
    return flat[1:].T.reshape(N, C, H, W), dw, dout.sum(axis=(0, 2, 3))


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
