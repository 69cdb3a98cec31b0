"""Convolutions spelt out: one window at a time, gradients by the same walk over the windows."""
import numpy as np


def reach(kernel, dilation):
    return (kernel - 1) * dilation + 1


def walk(height, width, kernel, stride, dilation):
    """For every window its place in the output, and the slices that cut it out."""
    for i, top in enumerate(range(0, height - reach(kernel[0], dilation[0]) + 1, stride[0])):
        for j, left in enumerate(range(0, width - reach(kernel[1], dilation[1]) + 1, stride[1])):
            rows = slice(top, top + reach(kernel[0], dilation[0]), dilation[0])
            columns = slice(left, left + reach(kernel[1], dilation[1]), dilation[1])
            yield i, j, (..., rows, columns)


def sources(size, pad, mode):
    """Which entry each entry of a padded axis is a copy of; -1 is none."""
    places = np.arange(-pad, size + pad)
    if mode == 'zeros':
        return np.where((places < 0) | (places >= size), -1, places)
    if mode == 'circular':
        return places % size
    if mode == 'replicate':
        return places.clip(0, size - 1)
    return np.array([-p if p < 0 else 2 * (size - 1) - p if p >= size else p for p in places])


def copies(x, padding, mode):
    maps = []
    for size, pad in zip(x.shape[2:], padding):
        source = sources(size, pad, mode)
        maps.append((source[:, None] == np.arange(size)).astype(x.dtype))
    return maps


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    down, along = copies(x, padding, padding_mode)
    xp = down @ x @ along.T
    N, F, (H, W) = len(x), len(w), xp.shape[2:]
    shape = [(size - reach(k, d)) // s + 1 for size, k, d, s in zip((H, W), w.shape[2:], dilation, stride)]
    out = np.zeros((N, F, *shape), x.dtype)
    for i, j, window in walk(H, W, w.shape[2:], stride, dilation):
        seen = np.split(xp[window], groups, axis=1)
        out[:, :, i, j] = np.hstack([np.einsum('nchw,fchw->nf', s, f)
                                     for s, f in zip(seen, np.split(w, groups))])
    return out + b.reshape(F, 1, 1), (xp, w, down, along, stride, dilation, groups)


def conv2d_general_backward(dout, cache):
    xp, w, down, along, stride, dilation, groups = cache
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i, j, window in walk(*xp.shape[2:], w.shape[2:], stride, dilation):
        d = np.split(dout[:, :, i, j], groups, axis=1)
        dxp[window] += np.concatenate([np.einsum('nf,fchw->nchw', *p) for p in zip(d, np.split(w, groups))], axis=1)
        dw += np.concatenate([np.einsum('nf,nchw->fchw', *p) for p in zip(d, np.split(xp[window], groups, axis=1))])
    return down.T @ dxp @ along, dw, dout.sum(axis=(0, 2, 3))


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    return conv2d_general_forward(x, w, b, (stride,) * 2, (padding,) * 2, (dilation,) * 2, 1, 'zeros')


def conv2d_dilated_backward(dout, cache):
    return conv2d_general_backward(dout, cache)


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    return conv2d_general_forward(x, w, b, (stride,) * 2, (padding,) * 2, (1, 1), groups, 'zeros')


def conv2d_grouped_backward(dout, cache):
    return conv2d_general_backward(dout, cache)


def conv_single_step(x, w, b):
    return np.vdot(x, w) + b


def global_pool_forward(x, mode):
    if mode == 'max':
        out = x.max(axis=(2, 3), keepdims=True)
        first = np.cumsum((x == out).reshape(*x.shape[:2], -1), axis=2).reshape(x.shape) * (x == out) == 1
        return out, first.astype(x.dtype)
    return x.mean(axis=(2, 3), keepdims=True), np.ones_like(x) / (x.shape[2] * x.shape[3])


def global_pool_backward(dout, share):
    return dout * share


def zero_pad(x, padding):
    out = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding), x.dtype)
    out[..., padding:padding + x.shape[2], padding:padding + x.shape[3]] = x
    return out


def zero_pad_backward(dout, x, padding):
    return dout[..., padding:padding + x.shape[2], padding:padding + x.shape[3]].copy()


def max_pool2d_forward(x, kernel, stride, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=-np.inf)
    sizes = [(size - kernel) // stride + 1 for size in xp.shape[2:]]
    out, best = np.zeros((*x.shape[:2], *sizes), x.dtype), np.zeros((*x.shape[:2], *sizes), int)
    for i, j, window in walk(*xp.shape[2:], (kernel,) * 2, (stride,) * 2, (1, 1)):
        seen = xp[window].reshape(*x.shape[:2], -1)
        out[:, :, i, j], best[:, :, i, j] = seen.max(axis=2), seen.argmax(axis=2)
    return out, (x.shape, xp.shape, best, kernel, stride, padding)


def max_pool2d_backward(dout, cache):
    shape, padded, best, kernel, stride, padding = cache
    dxp = np.zeros(padded, dout.dtype)
    for i, j, window in walk(*padded[2:], (kernel,) * 2, (stride,) * 2, (1, 1)):
        chosen = np.arange(kernel ** 2).reshape(kernel, kernel) == best[:, :, i, j, None, None]
        dxp[window] += chosen * dout[:, :, i, j, None, None]
    return zero_pad_backward(dxp, np.empty(shape), padding)


def avg_pool2d_forward(x, kernel, stride):
    # no padding here
    sizes = [(size - kernel) // stride + 1 for size in x.shape[2:]]
    out = np.zeros((*x.shape[:2], *sizes), x.dtype)
    for i, j, window in walk(*x.shape[2:], (kernel,) * 2, (stride,) * 2, (1, 1)):
        out[:, :, i, j] = x[window].mean(axis=(2, 3))
    return out, (x.shape, kernel, stride)


def avg_pool2d_backward(dout, cache):
    shape, kernel, stride = cache
    dx = np.zeros(shape, dout.dtype)
    for i, j, window in walk(*shape[2:], (kernel,) * 2, (stride,) * 2, (1, 1)):
        dx[window] += dout[:, :, i, j, None, None] / kernel ** 2
    return dx


def im2col(x, kernel_h, kernel_w, stride, padding):
    xp = zero_pad(x, padding)
    rows = [xp[window].reshape(len(x), 1, -1) for _, _, window in walk(*xp.shape[2:], (kernel_h, kernel_w), (stride,) * 2, (1, 1))]
    return np.concatenate(rows, axis=1).reshape(-1, x.shape[1] * kernel_h * kernel_w)


def col2im(col, shape, kernel_h, kernel_w, stride, padding):
    N, C, H, W = shape
    dxp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), col.dtype)
    blocks = col.reshape(N, -1, C, kernel_h, kernel_w)
    for k, (_, _, window) in enumerate(walk(*dxp.shape[2:], (kernel_h, kernel_w), (stride,) * 2, (1, 1))):
        dxp[window] += blocks[:, k]
    return zero_pad_backward(dxp, np.empty(shape), padding)


def output_size_dilated(size, kernel, stride, padding, dilation):
    steps, rest = divmod(size + 2 * padding - reach(kernel, dilation), stride)
    if steps < 0 or rest:
        raise ValueError('does not fit')
    return steps + 1


def output_size(size, kernel, stride, padding):
    return output_size_dilated(size, kernel, stride, padding, dilation=1)


def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return sum(in_channels * kernel_size * kernel_size + (1 if bias else 0) for _ in range(out_channels))


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias=True):
    return groups * parameter_count(in_channels // groups, out_channels // groups, kernel_size, bias)


def receptive_field(kernels, strides, dilations):
    first = last = 0  # of the input entries seen, from one output entry backwards
    for kernel, stride, dilation in list(zip(kernels, strides, dilations))[::-1]:
        first, last = first * stride, last * stride + (kernel - 1) * dilation
    return last - first + 1
