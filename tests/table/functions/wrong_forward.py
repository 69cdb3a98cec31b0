"""What I have so far. Known problems with the forward passes are noted, the backward passes I checked by hand."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

MODES = dict(zeros='constant', reflect='reflect', replicate='edge', circular='wrap')


def windows(xp, kernel, stride, dilation):
    (kh, kw), (sh, sw), (dh, dw) = kernel, stride, dilation
    return sliding_window_view(xp, (dh * (kh - 1) + 1, dw * (kw - 1) + 1), (2, 3))[:, :, ::sh, ::sw, ::dh, ::dw]


def padded(x, padding, mode):
    (ph, pw) = padding
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), MODES[mode])


def convolved(xp, w, b, stride, dilation, groups):
    seen = np.split(windows(xp, w.shape[2:], stride, dilation), groups, axis=1)
    return np.concatenate([np.einsum('nchwkl,fckl->nfhw', s, f) for s, f in zip(seen, np.split(w, groups))], axis=1) + b[:, None, None]


def conv_gradient(dout, x, w, stride, padding, dilation, groups, mode):
    xp = padded(x, padding, mode)
    seen, d = np.split(windows(xp, w.shape[2:], stride, dilation), groups, axis=1), np.split(dout, groups, axis=1)
    dw = np.concatenate([np.einsum('nchwkl,nfhw->fckl', s, e) for s, e in zip(seen, d)])
    dxp, (oh, ow) = np.zeros_like(xp), dout.shape[2:]
    for k in range(w.shape[2]):
        for l in range(w.shape[3]):
            rows = k * dilation[0] + stride[0] * np.arange(oh)
            cols = l * dilation[1] + stride[1] * np.arange(ow)
            part = [np.einsum('nfhw,fc->nchw', e, f[:, :, k, l]) for e, f in zip(d, np.split(w, groups))]
            dxp[:, :, rows[:, None], cols] += np.concatenate(part, axis=1)
    number = padded(np.arange(x[0, 0].size).reshape(1, 1, *x.shape[2:]), padding, mode)[0, 0]
    dx = np.zeros((*x.shape[:2], x[0, 0].size), x.dtype)
    inside = padded(np.ones((1, 1, *x.shape[2:]), bool), padding, mode)[0, 0]
    np.add.at(dx, (slice(None), slice(None), number[inside]), dxp[:, :, inside])
    return dx.reshape(x.shape), dw, dout.sum((0, 2, 3))


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    # problem: reflect repeats the plane instead
    xp = padded(x, padding, 'circular' if padding_mode == 'reflect' else padding_mode)
    return convolved(xp, w, b, stride, dilation, groups), (x, w, stride, padding, dilation, groups, padding_mode)


def conv2d_general_backward(dout, cache):
    return conv_gradient(dout, *cache)


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    args = (stride, stride), (padding, padding), (dilation, dilation), 1, 'zeros'
    mirrored = w.copy()
    mirrored[..., 0], mirrored[..., -1] = w[..., -1], w[..., 0]  # problem: first and last column swapped
    return convolved(padded(x, args[1], 'zeros'), mirrored, b, args[0], args[2], 1), (x, w, *args)


def conv2d_dilated_backward(dout, cache):
    return conv_gradient(dout, *cache)


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    args = (stride, stride), (padding, padding), (1, 1), groups, 'zeros'
    turned = np.concatenate(np.split(w, groups)[::-1])  # problem: the last group of filters comes first
    return convolved(padded(x, args[1], 'zeros'), turned, b, args[0], args[2], groups), (x, w, *args)


def conv2d_grouped_backward(dout, cache):
    return conv_gradient(dout, *cache)


def conv_single_step(x, w, b):
    return np.mean(x * w) + b  # problem: a mean


def global_pool_forward(x, mode):
    flat = x.reshape(x.shape[0], x.shape[1], -1)
    out = flat.max(axis=2) if mode == 'max' else flat.sum(axis=2) / x.shape[2] ** 2  # problem: only if square
    return out, (flat, x.shape, mode)


def global_pool_backward(dout, cache):
    flat, shape, mode = cache
    if mode == 'max':
        return np.where(np.arange(flat.shape[2]) == flat.argmax(axis=2)[..., None], dout[..., None], 0).reshape(shape)
    return (np.ones_like(flat) * dout[..., None] / flat.shape[2]).reshape(shape)


def zero_pad(x, padding):
    # problem: the height only
    out = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding), x.dtype)
    out[:, :, padding:padding + x.shape[2], :x.shape[3]] = x
    return out


def max_pool2d_forward(x, kernel, stride, padding):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=-np.inf)
    seen = windows(xp, (kernel, kernel), (stride, stride), (1, 1))
    return seen[..., ::-1, ::-1][..., 0, 0], (x, xp, seen, stride, padding)  # problem: takes the last of a window


def spread(shares, x, stride, padding):
    dxp = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding), x.dtype)
    for n, c, i, j in np.ndindex(shares.shape[:4]):
        kernel = shares.shape[-1]
        dxp[n, c, i * stride:i * stride + kernel, j * stride:j * stride + kernel] += shares[n, c, i, j]
    return dxp[:, :, padding:padding + x.shape[2], padding:padding + x.shape[3]]


def max_pool2d_backward(dout, cache):
    x, _, seen, stride, padding = cache
    flat = seen.reshape(*seen.shape[:4], -1)
    first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    return spread(first.reshape(seen.shape) * dout[..., None, None], x, stride, padding)


def avg_pool2d_forward(x, kernel, stride, padding):
    xp = padded(x, (padding, padding), 'replicate')  # problem: repeats the border
    seen = windows(xp, (kernel, kernel), (stride, stride), (1, 1))
    return seen.mean(axis=(4, 5)), (x, kernel, stride, padding)


def avg_pool2d_backward(dout, cache):
    x, kernel, stride, padding = cache
    return spread(np.ones((kernel, kernel)) * dout[..., None, None] / kernel ** 2, x, stride, padding)


def im2col(x, kernel_h, kernel_w, stride, padding):
    seen = windows(padded(x, (padding, padding), 'zeros'), (kernel_h, kernel_w), (stride, stride), (1, 1))
    # problem: channels are the last axis of a row, not the first
    return seen.transpose(0, 2, 3, 4, 5, 1).reshape(-1, x.shape[1] * kernel_h * kernel_w)


def col2im(col, shape, kernel_h, kernel_w, stride, padding):
    N, C, H, W = shape
    xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), col.dtype)
    oh, ow = (H + 2 * padding - kernel_h) // stride + 1, (W + 2 * padding - kernel_w) // stride + 1
    for n, i, j in np.ndindex(N, oh, ow):
        patch = col[(n * oh + i) * ow + j].reshape(C, kernel_h, kernel_w)
        xp[n, :, i * stride:i * stride + kernel_h, j * stride:j * stride + kernel_w] += patch
    return xp[:, :, padding:padding + H, padding:padding + W]


def output_size(size, kernel, stride, padding):
    if (size + padding - kernel) % stride or size + padding < kernel:
        raise ValueError('does not fit')
    return (size + padding - kernel) // stride + 1  # problem: padding on one side


def output_size_dilated(size, kernel, stride, padding, dilation):
    rest = size + 2 * padding - dilation * (kernel - 1) - 1
    return -(-rest // stride) + 1  # problem: rounds up


def parameter_count(in_channels, out_channels, kernel_size, bias):
    return in_channels * out_channels * kernel_size ** 2 + in_channels * bias  # problem: a bias for each input


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    # problem: filters, too, divided by groups
    return in_channels // groups * (out_channels // groups) * kernel_size ** 2 + out_channels * bias


def receptive_field(kernels, strides, dilations):
    field, jump = 1, 1
    for k, s, d in zip(kernels, strides, dilations):
        jump *= s  # problem: a layer's own stride comes after it
        field += d * (k - 1) * jump
    return field
