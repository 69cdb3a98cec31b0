import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _pad(x, p):
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))


def _windows(x, kh, kw, s, dil=1):
    big = sliding_window_view(x, (dil * (kh - 1) + 1, dil * (kw - 1) + 1), axis=(2, 3))
    return big[:, :, ::s, ::s, ::dil, ::dil]


def _scatter(dwin, shape, s, dil=1):
    """the transpose of _windows"""
    N, C, Ho, Wo, kh, kw = dwin.shape
    dx = np.zeros(shape, dwin.dtype)
    for a in range(kh):
        for b in range(kw):
            dx[:, :, a * dil:a * dil + s * Ho:s, b * dil:b * dil + s * Wo:s] += dwin[..., a, b]
    return dx


def conv_dilated_forward(x, w, b, conv_param):
    s, p, dil = conv_param['stride'], conv_param['pad'], conv_param.get('dilation', 1)
    win = _windows(_pad(x, p), w.shape[2], w.shape[3], s, dil)
    out = np.einsum('nchwij,fcij->nfhw', win, w) + b[:, None, None]
    return out, (x, w, conv_param)


def conv_dilated_backward(dout, cache):
    x, w, conv_param = cache
    s, p, dil = conv_param['stride'], conv_param['pad'], conv_param.get('dilation', 1)
    xp = _pad(x, p)
    dw = np.einsum('nfhw,nchwij->fcij', dout, _windows(xp, w.shape[2], w.shape[3], s, dil))
    dxp = _scatter(np.einsum('nfhw,fcij->nchwij', dout, w), xp.shape, s, dil)
    H, W = x.shape[2:]
    return dxp[:, :, p:p + H, p:p + W], dw, dout.sum((0, 2, 3))


def conv_forward_naive(x, w, b, conv_param):
    """naive only by name"""
    return conv_dilated_forward(x, w, b, conv_param)


conv_backward_naive = conv_dilated_backward


def conv_grouped_forward(x, w, b, conv_param):
    g = conv_param['groups']
    N, C, H, W = x.shape
    F = w.shape[0]
    outs, caches = zip(*(conv_dilated_forward(xi, wi, bi, conv_param)
                         for xi, wi, bi in zip(np.split(x, g, axis=1), np.split(w, g), np.split(b, g))))
    return np.concatenate(outs, axis=1), caches


def conv_grouped_backward(dout, caches):
    parts = [conv_dilated_backward(d, c) for d, c in zip(np.split(dout, len(caches), axis=1), caches)]
    dx, dw, db = zip(*parts)
    return np.concatenate(dx, axis=1), np.concatenate(dw), np.concatenate(db)


def max_pool_forward_naive(x, pool_param):
    kh, kw, s = (pool_param[k] for k in ('pool_height', 'pool_width', 'stride'))
    win = _windows(x, kh, kw, s)
    return win.max((4, 5)), (x, pool_param)


def max_pool_backward_naive(dout, cache):
    # ties share: every maximum of a window gets the whole gradient
    x, pool_param = cache
    kh, kw, s = (pool_param[k] for k in ('pool_height', 'pool_width', 'stride'))
    win = _windows(x, kh, kw, s)
    hit = win == win.max((4, 5), keepdims=True)
    return _scatter(hit * dout[..., None, None], x.shape, s)


def avg_pool_forward(x, pool_param):
    kh, kw, s = (pool_param[k] for k in ('pool_height', 'pool_width', 'stride'))
    return _windows(x, kh, kw, s).mean((4, 5)), (x.shape, pool_param)


def avg_pool_backward(dout, cache):
    shape, pool_param = cache
    kh, kw, s = (pool_param[k] for k in ('pool_height', 'pool_width', 'stride'))
    share = np.broadcast_to((dout / (kh * kw))[..., None, None], dout.shape + (kh, kw))
    return _scatter(share, shape, s)
