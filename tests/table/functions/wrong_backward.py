"""Outputs agree with torch on everything I tried; the gradients do not yet."""
import itertools

import numpy as np


def index(size, kernel, stride, dilation):
    """(out, kernel) places along one axis."""
    out = (size - dilation * (kernel - 1) - 1) // stride + 1
    return stride * np.arange(out)[:, None] + dilation * np.arange(kernel)


def padded(x, ph, pw, mode='constant'):
    return np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)], mode=mode)


def conv(x, w, b, stride, padding, dilation, groups, mode):
    xp = padded(x, *padding, {'zeros': 'constant', 'replicate': 'edge', 'circular': 'wrap'}.get(mode, mode))
    i, j = (index(*each) for each in zip(xp.shape[2:], w.shape[2:], stride, dilation))
    seen = xp[:, :, i[:, None, :, None], j[None, :, None, :]]  # N, C, out_h, out_w, kh, kw
    seen = seen.reshape(len(x), groups, -1, *seen.shape[2:])
    filters = w.reshape(groups, -1, *w.shape[1:])
    out = np.einsum('ngchwkl,gfckl->ngfhw', seen, filters)
    return out.reshape(len(x), len(w), len(i), len(j)) + b[None, :, None, None], (x, xp, seen, filters, w, i, j, padding, mode)


def gradients(dout, cache, home):
    x, xp, seen, filters, w, i, j, padding, mode = cache
    d = dout.reshape(len(x), len(filters), -1, *dout.shape[2:])
    dw = np.einsum('ngfhw,ngchwkl->gfckl', d, seen).reshape(w.shape)
    dseen = np.einsum('ngfhw,gfckl->ngchwkl', d, filters)
    dxp = np.zeros_like(xp)
    np.add.at(dxp, (slice(None), slice(None), i[:, None, :, None], j[None, :, None, :]), dseen.reshape(*xp.shape[:2], *dseen.shape[3:]))
    return home(dxp, x, *padding), dw, dout.sum(axis=(0, 2, 3))


def cropped(dxp, x, ph, pw):
    return dxp[:, :, ph:ph + x.shape[2], pw:pw + x.shape[3]]


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    return conv(x, w, b, stride, padding, dilation, groups, padding_mode)


def conv2d_general_backward(dout, cache):
    def home(dxp, x, ph, pw):
        mode = cache[-1]
        if mode == 'zeros':
            return cropped(dxp, x, ph, pw)
        # ??? does everything as if the plane went round in circles
        rows, columns = np.arange(-ph, x.shape[2] + ph) % x.shape[2], np.arange(-pw, x.shape[3] + pw) % x.shape[3]
        dx = np.zeros_like(x)
        np.add.at(dx, (slice(None), slice(None), rows[:, None], columns), dxp)
        return dx

    return gradients(dout, cache, home)


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    return conv(x, w, b, (stride, stride), (padding, padding), (dilation, dilation), 1, 'zeros')


def conv2d_dilated_backward(dout, cache):
    dx, dw, db = gradients(dout, cache, cropped)
    return dx, dw[:, :, ::-1, ::-1], db  # ??? is the filter to be flipped here


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    return conv(x, w, b, (stride, stride), (padding, padding), (1, 1), groups, 'zeros')


def conv2d_grouped_backward(dout, cache):
    dx, dw, db = gradients(dout, cache, cropped)
    groups = len(cache[3])
    return dx, dw, np.tile(db.reshape(groups, -1).sum(axis=0), groups)  # ??? are the biases shared between the groups


def conv_single_step(x, w, b):
    return float(np.sum(x * w)) + b


def global_pool_forward(x, mode):
    out = x.max((2, 3)) if mode == 'max' else x.mean((2, 3))
    return out, (x, out, mode)


def global_pool_backward(dout, cache):
    x, out, mode = cache
    if mode == 'max':
        return (x >= 0.99 * out[..., None, None]) * dout[..., None, None]  # ??? "nearly" equal
    return np.broadcast_to(dout[..., None, None] / (x.shape[2] * x.shape[3]), x.shape)


def zero_pad(x, padding):
    return padded(x, padding, padding)


def windows(size, kernel, stride):
    return [slice(at, at + kernel) for at in range(0, size - kernel + 1, stride)]


def pooled(x, kernel, stride, padding, border, reduce):
    xp = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)], constant_values=border)
    rows, columns = windows(xp.shape[2], kernel, stride), windows(xp.shape[3], kernel, stride)
    out = np.stack([np.stack([reduce(xp[:, :, r, c], axis=(2, 3)) for c in columns], axis=-1) for r in rows], axis=-2)
    return out, (x, xp, out, rows, columns, padding)


def max_pool2d_forward(x, kernel, stride, padding):
    return pooled(x, kernel, stride, padding, -np.inf, np.max)


def max_pool2d_backward(dout, cache):
    x, xp, out, rows, columns, p = cache
    dxp = np.zeros_like(xp)
    for (i, r), (j, c) in itertools.product(enumerate(rows), enumerate(columns)):
        hit = xp[:, :, r, c] == out[:, :, i, j, None, None]
        dxp[:, :, r, c] = np.where(hit, dout[:, :, i, j, None, None], dxp[:, :, r, c])  # ??? windows that share an entry
    return cropped(dxp, x, p, p)


def avg_pool2d_forward(x, kernel, stride, padding):
    return pooled(x, kernel, stride, padding, 0, np.mean)


def avg_pool2d_backward(dout, cache):
    x, xp, _, rows, columns, p = cache
    dxp = np.zeros_like(xp)
    for (i, r), (j, c) in itertools.product(enumerate(rows), enumerate(columns)):
        dxp[:, :, r, c] += dout[:, :, i, j, None, None]  # ??? is it divided by anything
    return cropped(dxp, x, p, p)


def im2col(x, kernel_h, kernel_w, stride=1, padding=0):
    xp = padded(x, padding, padding)
    i, j = index(xp.shape[2], kernel_h, stride, 1), index(xp.shape[3], kernel_w, stride, 1)
    return xp[:, :, i[:, None, :, None], j[None, :, None, :]].transpose(0, 2, 3, 1, 4, 5).reshape(len(x) * len(i) * len(j), -1)


def col2im(col, shape, kernel_h, kernel_w, stride=1, padding=0):
    N, C, H, W = shape
    dx = np.zeros((N, C, H + 2 * padding, W + 2 * padding), col.dtype)
    i, j = index(dx.shape[2], kernel_h, stride, 1), index(dx.shape[3], kernel_w, stride, 1)
    blocks = col.reshape(N, len(i), len(j), C, kernel_h, kernel_w)
    for a, b in itertools.product(range(len(i)), range(len(j))):
        rows, columns = i[a][:, None], j[b]
        dx[:, :, rows, columns] = np.maximum(dx[:, :, rows, columns], blocks[:, a, b])  # ??? which one counts
    return dx[:, :, padding:padding + H, padding:padding + W]
