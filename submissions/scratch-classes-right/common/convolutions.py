import numpy as np

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


class GeneralConvolution:
    def __init__(self, W, b, stride, pad, dilation, groups):
        self.W, self.b = W, b
        self.options = (stride, stride), (pad, pad), (dilation, dilation), groups, 'zeros'
        self.cache, self.dW, self.db = None, None, None

    def forward(self, x):
        out, self.cache = conv2d_general_forward(x, self.W, self.b, *self.options)
        return out

    def backward(self, dout):
        dx, self.dW, self.db = conv2d_general_backward(dout, self.cache)
        return dx


class DilatedConvolution(GeneralConvolution):
    def __init__(self, W, b, stride=1, pad=0, dilation=1):
        super().__init__(W, b, stride, pad, dilation, 1)


class GroupedConvolution(GeneralConvolution):
    def __init__(self, W, b, stride=1, pad=0, groups=1):
        super().__init__(W, b, stride, pad, 1, groups)


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
