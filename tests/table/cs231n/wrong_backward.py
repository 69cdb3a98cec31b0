"""Forward passes that are right, with loops over the output; one mistake in every gradient."""
import numpy as np


class Memory(dict):
    __getattr__ = dict.__getitem__


def affine_forward(x, w, b):
    flat = x.reshape((len(x), len(w)))
    return np.matmul(flat, w) + b[None], Memory(x=x, flat=flat, w=w)


def affine_backward(dout, m):
    dx = np.matmul(dout, m.w.T).reshape(m.x.shape)
    return dx, np.matmul(m.flat.T, dout), dout[-1].copy()  # WRONG: db of the last sample


def relu_forward(x):
    out = x * (x > 0)
    return out, Memory(out=out)


def relu_backward(dout, m):
    return dout * (m.out >= 0)  # WRONG: of the output, that is everywhere


def leaky_relu_forward(x, slope):
    return np.where(x < 0, slope * x, x), Memory(x=x, slope=slope)


def leaky_relu_backward(dout, m):
    return np.where(m.x < 0, -m.slope, 1) * dout  # WRONG: a minus too much


def sigmoid_forward(x):
    z = np.exp(-np.fabs(x))
    out = np.where(x < 0, z, np.ones_like(x)) / (1 + z)
    return out, Memory(out=out)


def sigmoid_backward(dout, m):
    return m.out * (1 - m.out)  # WRONG: no dout


def tanh_forward(x):
    return np.tanh(x), Memory(out=np.tanh(x))


def tanh_backward(dout, m):
    return dout * (1 - m.out)  # WRONG: not squared


def log_sum_exp(x):
    top = x.max(axis=1)
    return top + np.log(np.exp(x - top[:, None]).sum(axis=1))


def softmax_loss(x, y):
    n = len(y)
    log_z = log_sum_exp(x)
    loss = sum(log_z[i] - x[i, y[i]] for i in range(n)) / n
    dx = np.exp(x - log_z[:, None])
    for i in range(n):
        dx[i, y[i]] -= 1 / n  # WRONG: divided by n twice
    return loss, dx / n


def svm_loss(x, y):
    n = len(y)
    loss, dx = 0, np.zeros_like(x)
    for i, right in enumerate(y):
        for j in range(x.shape[1]):
            if j != right and x[i, j] - x[i, right] + 1 > 0:
                loss += x[i, j] - x[i, right] + 1
                dx[i, j] = 1
                dx[i, right] = -1  # WRONG: not once for each class
    return loss / n, dx / n


def mse_loss(x, y):
    r = x - y
    return np.einsum('nd,nd->', r, r) / len(x), r / len(x)  # WRONG: no factor of 2


# ~~~ convolution and pooling

def spots(out_h, out_w):
    return ((i, j) for i in range(out_h) for j in range(out_w))


def conv_at(x, w, b, stride, pad, gap=1, groups=1):
    N, C, H, W = x.shape
    F, D, HH, WW = w.shape
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), x.dtype)
    xp[:, :, pad:pad + H, pad:pad + W] = x
    tall, wide = gap * (HH - 1) + 1, gap * (WW - 1) + 1
    out = np.zeros((N, F, (H + 2 * pad - tall) // stride + 1, (W + 2 * pad - wide) // stride + 1), x.dtype)
    m = Memory(x=x, xp=xp, w=w, stride=stride, pad=pad, gap=gap, groups=groups)
    for i, j in spots(*out.shape[2:]):
        for g in range(groups):
            filters, channels = group(m, g)
            window = xp[:, channels, i * stride:i * stride + tall:gap, j * stride:j * stride + wide:gap]
            out[:, filters, i, j] = np.tensordot(window, w[filters], ([1, 2, 3], [1, 2, 3])) + b[filters]
    return out, m


def group(m, g):
    n, d = len(m.w) // m.groups, m.w.shape[1]
    return slice(g * n, (g + 1) * n), slice(g * d, (g + 1) * d)


def window_of(m, i, j, gap):
    top, left = i * m.stride, j * m.stride
    return slice(top, top + gap * (m.w.shape[2] - 1) + 1, gap), slice(left, left + gap * (m.w.shape[3] - 1) + 1, gap)


def uncovered(dxp, m):
    return dxp[:, :, m.pad:m.pad + m.x.shape[2], m.pad:m.pad + m.x.shape[3]]


def conv_forward_naive(x, w, b, conv_param):
    return conv_at(x, w, b, conv_param['stride'], conv_param['pad'])


def conv_backward_naive(dout, m):
    dxp, dw = np.zeros_like(m.xp), np.zeros_like(m.w)
    for i, j in spots(*dout.shape[2:]):
        rows, cols = window_of(m, i, j, 1)
        for n in range(len(dout)):
            dxp[n, :, rows, cols] += np.tensordot(dout[n, :, i, j], m.w, 1)
        dw += np.multiply.outer(dout[n, :, i, j], m.xp[n, :, rows, cols])  # WRONG: outside of the loop over samples
    return uncovered(dxp, m), dw, dout.sum(axis=(0, 2, 3))


def conv_dilated_forward_naive(x, w, b, conv_param):
    return conv_at(x, w, b, conv_param['stride'], conv_param['pad'], gap=conv_param['dilation'])


def conv_dilated_backward_naive(dout, m):
    dxp, dw = np.zeros_like(m.xp), np.zeros_like(m.w)
    for i, j in spots(*dout.shape[2:]):
        rows, cols = window_of(m, i, j, m.gap)
        dxp[:, :, rows, cols] += np.tensordot(dout[:, :, i, j], m.w, 1)
        rows, cols = window_of(m, i, j, 1)  # WRONG: forgets the gaps
        dw += np.tensordot(dout[:, :, i, j], m.xp[:, :, rows, cols], ([0], [0]))
    return uncovered(dxp, m), dw, dout.sum(axis=(0, 2, 3))


def conv_grouped_forward_naive(x, w, b, conv_param):
    return conv_at(x, w, b, conv_param['stride'], conv_param['pad'], groups=conv_param['groups'])


def conv_grouped_backward_naive(dout, m):
    dxp, dw = np.zeros_like(m.xp), np.zeros_like(m.w)
    for i, j in spots(*dout.shape[2:]):
        rows, cols = window_of(m, i, j, 1)
        for g in range(m.groups):
            filters, channels = group(m, g)
            dxp[:, channels, rows, cols] += np.tensordot(dout[:, filters, i, j], m.w[group(m, 0)[0]], 1)  # WRONG: of group 0
            dw[filters] += np.tensordot(dout[:, filters, i, j], m.xp[:, channels, rows, cols], ([0], [0]))
    return uncovered(dxp, m), dw, dout.sum(axis=(0, 2, 3))


def pooled(x, q, reduce):
    h, w, s = q['pool_height'], q['pool_width'], q['stride']
    size = (x.shape[2] - h) // s + 1, (x.shape[3] - w) // s + 1
    out = np.zeros((*x.shape[:2], *size), x.dtype)
    for i, j in spots(*size):
        out[:, :, i, j] = reduce(x[:, :, i * s:i * s + h, j * s:j * s + w], (2, 3))
    return out, Memory(x=x, h=h, w=w, s=s)


def max_pool_forward_naive(x, pool_param):
    return pooled(x, pool_param, np.max)


def max_pool_backward_naive(dout, m):
    dx = np.zeros_like(m.x)
    for i, j in spots(*dout.shape[2:]):
        for n, c in spots(*dout.shape[:2]):
            window = m.x[n, c, i * m.s:i * m.s + m.h, j * m.s:j * m.s + m.w]
            best = np.abs(window).argmax()  # WRONG: the largest, whatever its sign
            dx[n, c, i * m.s + best // m.w, j * m.s + best % m.w] += dout[n, c, i, j]
    return dx


def avg_pool_forward_naive(x, pool_param):
    return pooled(x, pool_param, np.mean)


def avg_pool_backward_naive(dout, m):
    dx = np.zeros_like(m.x)
    for i, j in spots(*dout.shape[2:]):
        dx[:, :, i * m.s:i * m.s + m.h, j * m.s:j * m.s + m.w] += dout[:, :, i, j][..., None, None] / m.h ** 2  # WRONG: h * w
    return dx


def im2col_indices(x, field_height, field_width, padding=1, stride=1):
    xp = np.pad(x, [(0,), (0,), (padding,), (padding,)])
    size = (xp.shape[2] - field_height) // stride + 1, (xp.shape[3] - field_width) // stride + 1
    cols = [xp[:, :, i * stride:i * stride + field_height, j * stride:j * stride + field_width].reshape(len(x), -1).T
            for i, j in spots(*size)]
    return np.concatenate(cols, axis=1)


def col2im_indices(cols, x_shape, field_height, field_width, padding, stride):
    N, C, H, W = x_shape
    dxp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), cols.dtype)
    size = (H + 2 * padding - field_height) // stride + 1, (W + 2 * padding - field_width) // stride + 1
    for k, (i, j) in enumerate(spots(*size)):
        block = cols[:, k::size[0] * size[1]]  # WRONG: as if all windows of a sample stood together
        rows, columns = slice(i * stride, i * stride + field_height), slice(j * stride, j * stride + field_width)
        dxp[:, :, rows, columns] += block.T.reshape(N, C, field_height, field_width)
    return dxp[:, :, padding:padding + H, padding:padding + W]


# ~~~ normalisation

def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param['mode'] == 'train':
        mean, var, keep = x.mean(axis=0), x.var(axis=0), bn_param['momentum']
        bn_param['running_mean'] = bn_param['running_mean'] * keep + mean * (1 - keep)
        bn_param['running_var'] = bn_param['running_var'] * keep + var * (1 - keep)
    else:
        mean, var = bn_param['running_mean'], bn_param['running_var']
    m = Memory(x=x, std=np.sqrt(var + bn_param['eps']), gamma=gamma)
    m['z'] = (x - mean) / m.std
    return gamma * m.z + beta, m


def batchnorm_backward(dout, m):
    dz = dout * m.gamma
    dx = (dz - dz.mean(axis=0)) / m.std  # WRONG: the deviation depends on x as well
    return dx, np.sum(dout * m.z, axis=0), np.sum(dout, axis=0)


def rows_of(x):
    return np.rollaxis(x, 1, 4).reshape(-1, x.shape[1])


def planes_of(rows, like):
    N, C, H, W = like.shape
    return np.rollaxis(rows.reshape(N, H, W, C), 3, 1)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    out, m = batchnorm_forward(rows_of(x), gamma, beta, bn_param)
    return planes_of(out, x), m


def spatial_batchnorm_backward(dout, m):
    d = rows_of(dout)
    dz = d * m.gamma
    dx = (dz - dz.mean(axis=0) - m.z * (dz * m.z).mean(axis=0)) / m.std
    return planes_of(dx, dout), np.sum(d * m.x, axis=0), d.sum(axis=0)  # WRONG: dgamma with x, not normalised


def layernorm_forward(x, gamma, beta, ln_param):
    std = np.sqrt(np.var(x, axis=1, keepdims=True) + ln_param['eps'])
    z = (x - np.mean(x, axis=1, keepdims=True)) / std
    return gamma * z + beta, Memory(z=z, std=std, gamma=gamma)


def layernorm_backward(dout, m):
    dz, n = dout * m.gamma, len(dout)
    dx = (n * dz - dz.sum(axis=0) - m.z * (dz * m.z).sum(axis=0)) / m.std / n  # WRONG: copied from batch normalisation
    return dx, (dout * m.z).sum(axis=0), dout.sum(axis=0)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    blocks = x.reshape(x.shape[0] * G, -1)
    std = np.sqrt(np.var(blocks, axis=1, keepdims=True) + gn_param['eps'])
    z = (blocks - np.mean(blocks, axis=1, keepdims=True)) / std
    return gamma * z.reshape(x.shape) + beta, Memory(z=z, std=std, gamma=gamma, G=G)


def spatial_groupnorm_backward(dout, m):
    dz = (dout * m.gamma).reshape(m.z.shape)
    size = m.z.shape[1] * m.G  # WRONG: of all channels, not of those of a group
    dx = (dz - dz.sum(axis=1, keepdims=True) / size - m.z * (dz * m.z).sum(axis=1, keepdims=True) / size) / m.std
    z = m.z.reshape(dout.shape)
    return dx.reshape(dout.shape), (dout * z).sum((0, 2, 3), keepdims=True), dout.sum((0, 2, 3), keepdims=True)


def dropout_forward(x, dropout_param):
    if dropout_param['mode'] == 'test':
        return x, None
    kept = np.random.random_sample(x.shape) < dropout_param['p']
    return kept * x / dropout_param['p'], kept


def dropout_backward(dout, kept):
    return kept * dout  # WRONG: not divided by p


# ~~~ nets

def dense(X, y, params, reg, pairs):
    """Return the loss of affine layers with `pairs` of functions in between, and (input, before) of each."""
    seen, h = [], X
    for i, f in enumerate([*pairs, None], 1):
        a = h @ params[f'W{i}'] + params[f'b{i}']
        seen.append((h, a))
        h = f(a)[0] if f else a
    loss = np.mean(log_sum_exp(h) - h[np.arange(len(y)), y])
    d = np.exp(h - log_sum_exp(h)[:, None])
    d[np.arange(len(y)), y] -= 1
    squares = sum((params[f'W{i}'] ** 2).sum() for i in range(1, len(seen) + 1))
    return loss + reg * squares, d / len(y), seen


class Net:
    def set(self, **shapes):
        self.params = {name: np.random.standard_normal(shape) for name, shape in shapes.items()}


class TwoLayerNet(Net):
    def __init__(self, D, H, C):
        self.set(W1=(D, H), b1=H, W2=(H, C), b2=C)

    def loss(self, X, y, reg=0.0):
        q = self.params
        loss, d2, ((X, a), (h, _)) = dense(X, y, q, reg, [relu_forward])
        dh = d2 @ q['W2'].T
        d1 = np.where(a > 0, dh, 0)
        grads = {'W2': h.T @ d2 + 2 * reg * q['W2'], 'b2': d2.sum(0), 'W1': X.T @ d1 + 2 * reg * q['W1']}
        grads['b1'] = dh.sum(0)  # WRONG: before the ReLU
        return loss, grads


class ThreeLayerNet(Net):
    def __init__(self, D, H, I, C):
        self.set(W1=(D, H), b1=H, W2=(H, I), b2=I, W3=(I, C), b3=C)

    def loss(self, X, y, reg=0.0):
        q = self.params
        loss, d3, ((X, a1), (h1, a2), (h2, _)) = dense(X, y, q, reg, [sigmoid_forward, relu_forward])
        d2 = d3 @ q['W3'].T * (a2 > 0)
        d1 = d2 @ q['W2'].T * a1 * (1 - a1)  # WRONG: h1 * (1 - h1)
        grads = {}
        for i, (h, d) in enumerate([(X, d1), (h1, d2), (h2, d3)], 1):
            grads[f'W{i}'], grads[f'b{i}'] = h.T @ d + 2 * reg * q[f'W{i}'], d.sum(0)
        return loss, grads


class FullyConnectedNet(Net):
    def __init__(self, hidden_dims, input_dim, num_classes, reg=0.0):
        sizes = [input_dim, *hidden_dims, num_classes]
        self.reg = reg
        self.set(**{f'W{i}': sizes[i - 1:i + 1] for i in range(1, len(sizes))}, **{f'b{i}': sizes[i] for i in range(1, len(sizes))})

    def loss(self, X, y):
        q, layers = self.params, len(self.params) // 2
        loss, d, seen = dense(X, y, q, self.reg, [relu_forward] * (layers - 1))
        grads = {}
        for i in range(layers, 0, -1):
            h, _ = seen[i - 1]
            reg = self.reg if i < layers else 0  # WRONG: the last layer is regularised, too
            grads[f'W{i}'], grads[f'b{i}'] = h.T @ d + 2 * reg * q[f'W{i}'], d.sum(0)
            d = d @ q[f'W{i}'].T * (h > 0)
        return loss, grads


class ThreeLayerConvNet(Net):
    def __init__(self, input_dim, num_filters, filter_size, hidden_dim, num_classes, reg=0.0):
        C, H, W = input_dim
        self.reg = reg
        self.set(W1=(num_filters, C, filter_size, filter_size), b1=num_filters, W2=(num_filters * (H // 2) * (W // 2), hidden_dim),
                 b2=hidden_dim, W3=(hidden_dim, num_classes), b3=num_classes)

    def loss(self, X, y):
        q, reg = self.params, self.reg
        a, conv = conv_at(X, q['W1'], q['b1'], 1, q['W1'].shape[2] // 2)
        N, F, H, W = a.shape
        tiles = np.maximum(a, 0)[:, :, :H // 2 * 2, :W // 2 * 2].reshape(N, F, H // 2, 2, W // 2, 2)
        p = tiles.max(axis=(3, 5))
        rest = {'W1': q['W2'], 'b1': q['b2'], 'W2': q['W3'], 'b2': q['b3']}
        loss, d3, ((flat, a2), (h, _)) = dense(p.reshape(N, -1), y, rest, reg, [relu_forward])
        d2 = d3 @ q['W3'].T * (a2 > 0)
        dp = (d2 @ q['W2'].T).reshape(p.shape)
        first = np.zeros_like(tiles)
        order = tiles.transpose(0, 1, 2, 4, 3, 5).reshape(*p.shape, 4).argmax(axis=-1)
        for k, l in spots(2, 2):
            first[:, :, :, k, :, l] = dp * (order == 2 * k + l)
        da = np.zeros_like(a)
        da[:, :, :H // 2 * 2, :W // 2 * 2] = first.reshape(N, F, H // 2 * 2, W // 2 * 2)
        da *= a > 0
        dw = np.zeros_like(q['W1'])
        for i, j in spots(H, W):
            rows, cols = window_of(conv, i, j, 1)
            dw += np.tensordot(da[:, :, i, j], conv.xp[:, :, rows, cols], ([0], [0]))
        grads = {'W1': dw + 2 * reg * q['W1'], 'b1': da.mean(axis=(0, 2, 3)),  # WRONG: a mean for a sum
                 'W2': flat.T @ d2 + 2 * reg * q['W2'], 'b2': d2.sum(0), 'W3': h.T @ d3 + 2 * reg * q['W3'], 'b3': d3.sum(0)}
        return loss + reg * (q['W1'] ** 2).sum(), grads


# ~~~ classifiers

def svm_loss_vectorized(W, X, y, reg):
    scores, n = X @ W, len(y)
    margins = np.maximum(0, scores - scores[np.arange(n), y][:, None] + 1)
    margins[np.arange(n), y] = 0
    counts = (margins > 0).astype(X.dtype)
    counts[np.arange(n), y] -= counts.sum(axis=1)
    return margins.sum() / n + reg * (W ** 2).sum(), X.T @ counts / n  # WRONG: dW without its regularisation


def softmax_loss_vectorized(W, X, y, reg):
    scores, n = X @ W, len(y)
    p = np.exp(scores - log_sum_exp(scores)[:, None])
    loss = np.mean(log_sum_exp(scores) - scores[np.arange(n), y]) + reg * (W ** 2).sum()
    p[np.arange(n), y] -= 1
    return loss, X.T @ p + 2 * reg * W  # WRONG: not divided by n
