"""Convolution and pooling. One loop over the entries of the window: each is a shifted, strided view of the whole batch."""
import numpy as np

NUMPY_CALLS_IT = {'zeros': 'constant', 'reflect': 'reflect', 'replicate': 'edge', 'circular': 'wrap'}


def taps(padded, kernel, stride, dilation):
    """Yield (k, l, view): what entry (k, l) of every window sees. The views can be written to."""
    (kh, kw), (sh, sw), (dh, dw) = kernel, stride, dilation
    out_h = (padded.shape[2] - dh * (kh - 1) - 1) // sh + 1
    out_w = (padded.shape[3] - dw * (kw - 1) - 1) // sw + 1
    for k in range(kh):
        for l in range(kw):
            top, left = k * dh, l * dw
            yield k, l, padded[:, :, top:top + sh * out_h:sh, left:left + sw * out_w:sw][:, :, :out_h, :out_w]


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    (ph, pw), kernel = padding, w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), mode=NUMPY_CALLS_IT[padding_mode])
    out = 0
    for k, l, view in taps(padded, kernel, stride, dilation):
        parts = zip(np.split(view, groups, axis=1), np.split(w[:, :, k, l], groups))
        out = out + np.concatenate([np.einsum('nchw,fc->nfhw', v, f) for v, f in parts], axis=1)
    return out + b[:, None, None], (x.shape, padded, w, stride, padding, dilation, groups, padding_mode)


def conv2d_general_backward(dout, cache):
    shape, padded, w, stride, (ph, pw), dilation, groups, padding_mode = cache
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    slopes = np.split(dout, groups, axis=1)
    views = taps(padded, w.shape[2:], stride, dilation)
    for (k, l, view), (_, _, dview) in zip(views, taps(dpadded, w.shape[2:], stride, dilation)):
        seen, filters = np.split(view, groups, axis=1), np.split(w[:, :, k, l], groups)
        dw[:, :, k, l] = np.concatenate([np.einsum('nfhw,nchw->fc', d, v) for d, v in zip(slopes, seen)])
        dview += np.concatenate([np.einsum('nfhw,fc->nchw', d, f) for d, f in zip(slopes, filters)], axis=1)
    return folded(dpadded, shape, (ph, pw), padding_mode), dw, dout.sum(axis=(0, 2, 3))


def folded(dpadded, shape, padding, padding_mode):
    """Bring the gradient of the border home to the entries that the border copies."""
    (ph, pw), (H, W) = padding, shape[2:]
    if padding_mode == 'zeros':
        return dpadded[:, :, ph:ph + H, pw:pw + W]
    rows = np.pad(np.arange(H), ph, mode=NUMPY_CALLS_IT[padding_mode])
    columns = np.pad(np.arange(W), pw, mode=NUMPY_CALLS_IT[padding_mode])
    dx = np.zeros(shape, dpadded.dtype)
    np.add.at(dx, (slice(None), slice(None), rows[:, None], columns), dpadded)
    return dx


def square(conv_param):
    stride, pad = conv_param['stride'], conv_param['pad']
    dilation, groups = conv_param.get('dilation', 1), conv_param.get('groups', 1)
    return (stride, stride), (pad, pad), (dilation, dilation), groups, 'zeros'


def conv_forward_naive(x, w, b, conv_param):
    return conv2d_general_forward(x, w, b, *square(conv_param))


def conv_backward_naive(dout, cache):
    return conv2d_general_backward(dout, cache)


def conv_dilated_forward_naive(x, w, b, conv_param):
    return conv2d_general_forward(x, w, b, *square(conv_param))


def conv_dilated_backward_naive(dout, cache):
    return conv2d_general_backward(dout, cache)


def conv_grouped_forward_naive(x, w, b, conv_param):
    return conv2d_general_forward(x, w, b, *square(conv_param))


def conv_grouped_backward_naive(dout, cache):
    return conv2d_general_backward(dout, cache)


def windows(x, pool_param):
    kernel = pool_param['pool_height'], pool_param['pool_width']
    stride = pool_param['stride']
    return [view for _, _, view in taps(x, kernel, (stride, stride), (1, 1))]


def max_pool_forward_naive(x, pool_param):
    stacked = np.stack(windows(x, pool_param))
    return stacked.max(axis=0), (stacked.argmax(axis=0), x.shape, pool_param)


def max_pool_backward_naive(dout, cache):
    winner, shape, pool_param = cache
    dx = np.zeros(shape, dout.dtype)
    for number, dview in enumerate(windows(dx, pool_param)):
        dview += dout * (winner == number)
    return dx


def avg_pool_forward_naive(x, pool_param):
    return np.mean(windows(x, pool_param), axis=0), (x.shape, pool_param)


def avg_pool_backward_naive(dout, cache):
    shape, pool_param = cache
    dx = np.zeros(shape, dout.dtype)
    views = windows(dx, pool_param)
    for dview in views:
        dview += dout / len(views)
    return dx


def global_pool_forward(x, mode):
    flat = x.reshape(*x.shape[:2], -1)
    if mode == 'average':
        return flat.mean(axis=2), (x.shape, None)
    winner = flat.argmax(axis=2)[..., None]
    return np.take_along_axis(flat, winner, axis=2)[..., 0], (x.shape, winner)


def global_pool_backward(dout, cache):
    (N, C, H, W), winner = cache
    if winner is None:
        return np.repeat(dout / (H * W), H * W).reshape(N, C, H, W)
    dx = np.zeros((N, C, H * W), dout.dtype)
    np.put_along_axis(dx, winner, dout[..., None], axis=2)
    return dx.reshape(N, C, H, W)


def zero_pad(x, pad):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def zero_pad_backward(dout, x, pad):
    H, W = x.shape[2:]
    return dout[:, :, pad:pad + H, pad:pad + W]


def conv_single_step(x, w, b):
    return np.sum(x * w) + b


def conv_single_step_backward(dout, x, w, b):
    return dout * w, dout * x, dout


def im2col(x, filter_h, filter_w, stride=1, pad=0):
    """A row for each window, in the order (n, i, j); a column for each (c, k, l)."""
    seen = np.stack([v for _, _, v in taps(zero_pad(x, pad), (filter_h, filter_w), (stride, stride), (1, 1))], axis=-1)
    return seen.transpose(0, 2, 3, 1, 4).reshape(-1, x.shape[1] * filter_h * filter_w)


def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_shape
    dpadded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), col.dtype)
    views = list(taps(dpadded, (filter_h, filter_w), (stride, stride), (1, 1)))
    out_h, out_w = views[0][2].shape[2:]
    spread = col.reshape(N, out_h, out_w, C, filter_h, filter_w).transpose(4, 5, 0, 3, 1, 2)
    for k, l, dview in views:
        dview += spread[k, l]
    return dpadded[:, :, pad:pad + H, pad:pad + W]
