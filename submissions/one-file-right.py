# CNN homework, everything in one file
import numpy as np

# ===== fully connected =====

def affine_forward(x, w, b):
    x_row = x.reshape((x.shape[0], -1))
    out = np.matmul(x_row, w) + b
    return out, [x, w]

def affine_backward(dout, cache):
    x, w = cache
    dx = np.matmul(dout, w.transpose()).reshape(x.shape)
    dw = np.matmul(x.reshape((x.shape[0], -1)).transpose(), dout)
    db = dout.sum(0)
    return dx, dw, db

# ===== activations =====

def relu_forward(x):
    out = (x + np.abs(x)) / 2
    return out, x

def relu_backward(dout, cache):
    return dout * np.where(cache > 0, 1, 0)

def sigmoid_forward(x):
    # for very negative x numpy warns that exp overflows, but 1 / inf is 0 as it should be
    y = 1.0 / (1.0 + np.exp(-x))
    return y, y

def sigmoid_backward(dout, cache):
    y = cache
    return y * (1.0 - y) * dout

# ===== losses =====

def softmax_loss(x, y):
    N = x.shape[0]
    # only big scores have to be shifted
    # (np.where computes both sides, the overflow is in the side that is thrown away)
    big = np.abs(x).max(axis=1, keepdims=True) > 50
    shift = np.where(big, x.max(axis=1, keepdims=True), 0)
    e = np.where(big, np.exp(x - shift), np.exp(x))
    total = e.sum(axis=1, keepdims=True)

    log_prob = x - shift - np.log(total)
    loss = 0.0
    dx = e / total
    for i in range(N):
        loss -= log_prob[i, y[i]]
        dx[i, y[i]] -= 1.0
    return loss / N, dx / N

def svm_loss(x, y):
    N, C = x.shape
    true_class = np.arange(C) == y[:, None]
    margins = x - x[true_class][:, None] + 1
    violated = (margins > 0) & ~true_class
    loss = margins[violated].sum() / N
    dx = violated - true_class * violated.sum(axis=1, keepdims=True)
    return loss, dx / N

# ===== convolution =====

def out_shape(x, kh, kw, stride, pad):
    h = x.shape[2] + 2 * pad - kh
    w = x.shape[3] + 2 * pad - kw
    assert h % stride == 0 and w % stride == 0, "stride does not fit"
    return h // stride + 1, w // stride + 1

def zero_pad(x, pad):
    if pad == 0:
        return x
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant", constant_values=0)

def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    H_out, W_out = out_shape(x, HH, WW, stride, pad)
    x_pad = zero_pad(x, pad)
    out = np.zeros((x.shape[0], F, H_out, W_out))
    for f in range(F):
        for i in range(H_out):
            for j in range(W_out):
                region = x_pad[:, :, i*stride : i*stride+HH, j*stride : j*stride+WW]
                out[:, f, i, j] = np.sum(region * w[f], axis=(1, 2, 3)) + b[f]
    return out, (x, w, b, conv_param)

def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    N, _, H_out, W_out = dout.shape
    x_pad = zero_pad(x, pad)
    dx_pad = np.zeros(x_pad.shape)
    dw = np.zeros(w.shape)
    for n in range(N):
        for i in range(H_out):
            for j in range(W_out):
                region = np.s_[n, :, i*stride : i*stride+HH, j*stride : j*stride+WW]
                for f in range(F):
                    dx_pad[region] += dout[n, f, i, j] * w[f]
                    dw[f] += dout[n, f, i, j] * x_pad[region]
    db = dout.sum(axis=(0, 2, 3))
    dx = dx_pad[:, :, pad : x_pad.shape[2]-pad, pad : x_pad.shape[3]-pad]
    return dx, dw, db

# ===== pooling =====

def max_pool_forward_naive(x, pool_param):
    kh, kw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = out_shape(x, kh, kw, stride, 0)
    out = np.full((x.shape[0], x.shape[1], H_out, W_out), -np.inf)
    # running maximum over the positions inside the window
    for a in range(kh):
        for b in range(kw):
            out = np.maximum(out, x[:, :, a : a+stride*H_out : stride, b : b+stride*W_out : stride])
    return out, (x, out, pool_param)

def max_pool_backward_naive(dout, cache):
    x, out, pool_param = cache
    kh, kw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = out.shape[2:]
    dx = np.zeros(x.shape)
    todo = np.ones(out.shape, dtype=bool)   # windows whose maximum is not found yet
    for a in range(kh):
        for b in range(kw):
            s = np.s_[:, :, a : a+stride*H_out : stride, b : b+stride*W_out : stride]
            hit = (x[s] == out) & todo
            dx[s] += hit * dout
            todo &= ~hit
    return dx

def avg_pool_forward_naive(x, pool_param):
    kh, kw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = out_shape(x, kh, kw, stride, 0)
    out = np.zeros((x.shape[0], x.shape[1], H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            out[:, :, i, j] = x[:, :, i*stride : i*stride+kh, j*stride : j*stride+kw].mean((2, 3))
    return out, (x.shape, pool_param)

def avg_pool_backward_naive(dout, cache):
    shape, pool_param = cache
    kh, kw, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dx[:, :, i*stride : i*stride+kh, j*stride : j*stride+kw] += dout[:, :, i, j, None, None] / (kh * kw)
    return dx

# ===== im2col =====

def im2col(x, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = x.shape
    H_out, W_out = out_shape(x, filter_h, filter_w, stride, pad)
    x_pad = zero_pad(x, pad)
    col = np.empty((N * H_out * W_out, C * filter_h * filter_w))
    row = 0
    for n in range(N):
        for i in range(H_out):
            for j in range(W_out):
                col[row] = x_pad[n, :, i*stride : i*stride+filter_h, j*stride : j*stride+filter_w].ravel()
                row += 1
    return col

def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_shape
    H_out = (H + 2 * pad - filter_h) // stride + 1
    W_out = (W + 2 * pad - filter_w) // stride + 1
    im = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for row in range(col.shape[0]):
        n, rest = divmod(row, H_out * W_out)
        i, j = divmod(rest, W_out)
        im[n, :, i*stride : i*stride+filter_h, j*stride : j*stride+filter_w] += col[row].reshape(C, filter_h, filter_w)
    return im[:, :, pad : pad+H, pad : pad+W]

# ===== sizes =====

def output_size(size, kernel, stride, padding):
    free = size - kernel + 2 * padding
    if free < 0:
        raise ValueError("kernel too big")
    if free % stride > 0:
        raise ValueError("stride does not fit")
    return free // stride + 1

def parameter_count(in_channels, out_channels, kernel_size, bias):
    return (kernel_size * kernel_size * in_channels + (1 if bias else 0)) * out_channels

# ===== networks =====

class TwoLayerNet:

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = dict(
            W1=std * np.random.randn(input_size, hidden_size), b1=np.zeros(hidden_size),
            W2=std * np.random.randn(hidden_size, output_size), b2=np.zeros(output_size),
        )

    def loss(self, X, y=None, reg=0.0):
        p = self.params
        a1, c1 = affine_forward(X, p["W1"], p["b1"])
        h1, c2 = relu_forward(a1)
        scores, c3 = affine_forward(h1, p["W2"], p["b2"])
        if y is None:
            return scores

        loss, d = softmax_loss(scores, y)
        grads = {}
        d, grads["W2"], grads["b2"] = affine_backward(d, c3)
        d = relu_backward(d, c2)
        d, grads["W1"], grads["b1"] = affine_backward(d, c1)
        for name in ["W1", "W2"]:
            loss += reg * np.sum(p[name] ** 2)
            grads[name] = grads[name] + 2 * reg * p[name]
        return loss, grads

class ThreeLayerNet:

    def __init__(self, input_size, hidden1_size, hidden2_size, output_size, std=1e-4):
        self.params = dict(
            W1=std * np.random.randn(input_size, hidden1_size), b1=np.zeros(hidden1_size),
            W2=std * np.random.randn(hidden1_size, hidden2_size), b2=np.zeros(hidden2_size),
            W3=std * np.random.randn(hidden2_size, output_size), b3=np.zeros(output_size),
        )

    def loss(self, X, y=None, reg=0.0):
        p = self.params
        a1, c1 = affine_forward(X, p["W1"], p["b1"])
        h1, c2 = sigmoid_forward(a1)
        a2, c3 = affine_forward(h1, p["W2"], p["b2"])
        h2, c4 = relu_forward(a2)
        scores, c5 = affine_forward(h2, p["W3"], p["b3"])
        if y is None:
            return scores

        loss, d = softmax_loss(scores, y)
        grads = {}
        d, grads["W3"], grads["b3"] = affine_backward(d, c5)
        d = relu_backward(d, c4)
        d, grads["W2"], grads["b2"] = affine_backward(d, c3)
        d = sigmoid_backward(d, c2)
        d, grads["W1"], grads["b1"] = affine_backward(d, c1)
        for name in ["W1", "W2", "W3"]:
            loss += reg * np.sum(p[name] ** 2)
            grads[name] = grads[name] + 2 * reg * p[name]
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


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    return conv2d_general_forward(x, w, b, (stride,) * 2, (padding,) * 2, (dilation,) * 2, 1, 'zeros')


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    return conv2d_general_forward(x, w, b, (stride,) * 2, (padding,) * 2, (1, 1), groups, 'zeros')


conv2d_dilated_backward = conv2d_general_backward
conv2d_grouped_backward = conv2d_general_backward


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
                dx[n, c] += dout[n, c] / (H * W)
    return dx


def zero_pad(x, pad):
    N, C, H, W = x.shape
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    out[:, :, pad:pad + H, pad:pad + W] = x
    return out


def zero_pad_backward(dout, x, pad):
    return dout[:, :, pad:pad + x.shape[2], pad:pad + x.shape[3]]


def conv_single_step(x, w, b):
    total = float(b)
    for xi, wi in zip(x.ravel(), w.ravel()):
        total += xi * wi
    return total


def conv_single_step_backward(dout, x, w, b):
    return dout * w, dout * x, dout


def output_size_dilated(size, kernel, stride, padding, dilation):
    reach = dilation * (kernel - 1) + 1
    if reach > size + 2 * padding:
        raise ValueError('the kernel is larger than the padded input')
    if (size + 2 * padding - reach) % stride != 0:
        raise ValueError('the stride does not divide the input evenly')
    return (size + 2 * padding - reach) // stride + 1


def parameter_count_grouped(in_channels, out_channels, kernel_size, groups, bias):
    count = out_channels * (in_channels // groups) * kernel_size ** 2
    if bias:
        count += out_channels
    return count


def receptive_field(kernels, strides, dilations):
    field, jump = 1, 1
    for k, s, d in zip(kernels, strides, dilations):
        field += (k - 1) * d * jump
        jump *= s
    return field
