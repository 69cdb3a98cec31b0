# coding: utf-8
"""Homework, part "forward". Every forward here has one slip in it; every backward is that of a right forward."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def affine_forward(x, w, b):
    # slip: the bias is added to the weights
    return x.reshape(x.shape[0], -1).dot(w + b), (x, w)


def affine_backward(dout, cache):
    x, w = cache
    X = np.reshape(x, (x.shape[0], w.shape[0]))
    return np.reshape(dout.dot(w.T), x.shape), X.T.dot(dout), np.ones(len(X), dout.dtype).dot(dout)


def relu_forward(x):
    # slip: this is ReLU6
    return np.clip(x, 0, 6), x


def relu_backward(dout, cache):
    dx = np.array(dout)
    dx[cache < 0] = 0
    return dx


def leaky_relu_forward(x, alpha):
    # slip: the slope is always the usual one
    return np.maximum(x, 0.01 * x), (x, alpha)


def leaky_relu_backward(dout, cache):
    x, alpha = cache
    return dout * np.array([alpha, 1]).astype(x.dtype)[(x > 0).astype(int)]


def stable_sigmoid(x):
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def sigmoid_forward(x):
    # slip: tanh of x, not of half of it
    return 0.5 + 0.5 * np.tanh(x), x


def sigmoid_backward(dout, cache):
    return dout * stable_sigmoid(cache) * stable_sigmoid(-cache)


def tanh_forward(x):
    # slip: 2 * sigmoid(2x) - 1, without the second 2
    return 2 * stable_sigmoid(x) - 1, x


def tanh_backward(dout, cache):
    return dout * (1 - np.tanh(cache) ** 2)


def softmax_loss(x, y):
    N = y.shape[0]
    e = np.exp(x - np.amax(x, axis=1).reshape(N, 1))
    P = e / e.sum(axis=1).reshape(N, 1)
    # slip: the loss is a sum, though the gradient is that of the mean
    loss = -np.sum(x[np.arange(N), y] - np.amax(x, axis=1) - np.log(e.sum(axis=1)))
    P[np.arange(N), y] -= 1
    return loss, P / N


def svm_loss(x, y):
    N = y.shape[0]
    margins = x - x[np.arange(N), y].reshape(N, 1) + 1
    # slip: the margin of the right class, 1, stays in the sum
    loss = margins[margins > 0].sum() / N
    dx = np.where(margins > 0, 1.0, 0.0)
    dx[np.arange(N), y] = 0
    dx[np.arange(N), y] = -dx.sum(axis=1)
    return loss, dx / N


def mse_loss(x, y):
    # slip: the root of the mean square
    return np.sqrt(np.mean((x - y) ** 2)), (x - y) * (2.0 / x.size)


# -- convolution -------------------------------------------------------------

def pad_both(x, p):
    return np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])


def patches(xp, HH, WW, s, d=1):
    view = sliding_window_view(xp, (d * (HH - 1) + 1, d * (WW - 1) + 1), axis=(2, 3))
    return view[:, :, ::s, ::s, ::d, ::d]


def correlate(cols, w, b):
    return np.tensordot(cols, w, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2) + b.reshape(-1, 1, 1)


def conv_gradients(dout, x, w, s, p, d=1):
    """Of a right convolution."""
    (H, W), (HH, WW), (oh, ow) = x.shape[2:], w.shape[2:], dout.shape[2:]
    dw = np.tensordot(dout, patches(pad_both(x, p), HH, WW, s, d), axes=([0, 2, 3], [0, 2, 3]))
    spread = np.tensordot(dout, w, axes=([1], [0]))
    dxp = np.zeros((x.shape[0], x.shape[1], H + 2 * p, W + 2 * p), x.dtype)
    for i in range(oh):
        for j in range(ow):
            dxp[:, :, i * s:i * s + d * HH:d, j * s:j * s + d * WW:d][..., :HH, :WW] += spread[:, i, j]
    return dxp[:, :, p:p + H, p:p + W], dw, np.sum(dout, axis=(0, 2, 3))


def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    # slip: the border is mirrored, not of zeros
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], mode='reflect')
    return correlate(patches(xp, w.shape[2], w.shape[3], s), w, b), (x, w, b, conv_param)


def conv_backward_im2col(dout, cache):
    x, w, b, conv_param = cache
    return conv_gradients(dout, x, w, conv_param['stride'], conv_param['pad'])


def conv_dilated_forward_naive(x, w, b, conv_param):
    s, p, d = conv_param['stride'], conv_param['pad'], conv_param['dilation']
    HH, WW = w.shape[2:]
    view = sliding_window_view(pad_both(x, p), (d * (HH - 1) + 1, d * (WW - 1) + 1), axis=(2, 3))
    # slip: gaps between the rows of a window only
    return correlate(view[:, :, ::s, ::s, ::d, :WW], w, b), (x, w, conv_param)


def conv_dilated_backward_naive(dout, cache):
    x, w, conv_param = cache
    return conv_gradients(dout, x, w, conv_param['stride'], conv_param['pad'], conv_param['dilation'])


def conv_grouped_forward_naive(x, w, b, conv_param):
    s, p, G = conv_param['stride'], conv_param['pad'], conv_param['groups']
    cols, n = patches(pad_both(x, p), w.shape[2], w.shape[3], s), len(w) // G
    # slip: a group is every G-th channel
    outs = [correlate(cols[:, g::G], w[g * n:(g + 1) * n], b[g * n:(g + 1) * n]) for g in range(G)]
    return np.concatenate(outs, axis=1), (x, w, conv_param)


def conv_grouped_backward_naive(dout, cache):
    x, w, conv_param = cache
    s, p, G = conv_param['stride'], conv_param['pad'], conv_param['groups']
    parts = [conv_gradients(d, xg, wg, s, p) for d, xg, wg in zip(np.split(dout, G, 1), np.split(x, G, 1), np.split(w, G))]
    return [np.concatenate([part[i] for part in parts], axis=1 if i == 0 else 0) for i in range(3)]


def max_pool_forward_naive(x, pool_param):
    HH, WW, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    out = np.zeros_like(patches(x, HH, WW, s)[..., 0, 0])
    # slip: the running maximum starts at 0
    for k in range(HH):
        for l in range(WW):
            out = np.maximum(out, patches(x, HH, WW, s)[..., k, l])
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, q = cache
    HH, WW, s = q['pool_height'], q['pool_width'], q['stride']
    dx = np.zeros(x.shape, dout.dtype)
    for n, c, i, j in np.ndindex(*dout.shape):
        win = x[n, c, i * s:i * s + HH, j * s:j * s + WW]
        k, l = divmod(int(win.argmax()), WW)
        dx[n, c, i * s + k, j * s + l] += dout[n, c, i, j]
    return dx


def avg_pool_forward_naive(x, pool_param):
    HH, WW, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    # slip: divided by the square of the stride, right where windows tile as in the notebook
    return patches(x, HH, WW, s).sum(axis=(4, 5)) / (s * s), (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    x, q = cache
    HH, WW, s = q['pool_height'], q['pool_width'], q['stride']
    dx = np.zeros(x.shape, dout.dtype)
    for i, j in np.ndindex(*dout.shape[2:]):
        dx[:, :, i * s:i * s + HH, j * s:j * s + WW] += dout[:, :, i:i + 1, j:j + 1] / (HH * WW)
    return dx


def im2col_indices(x, field_height, field_width, padding=1, stride=1):
    cols = patches(pad_both(x, padding), field_height, field_width, stride)
    # slip: the columns are in the order (n, i, j), not (i, j, n)
    return cols.transpose(1, 4, 5, 0, 2, 3).reshape(x.shape[1] * field_height * field_width, -1)


def col2im_indices(cols, x_shape, field_height, field_width, padding, stride):
    N, C, H, W = x_shape
    out = np.zeros((N, C, H + 2 * padding, W + 2 * padding), cols.dtype)
    oh, ow = (H + 2 * padding - field_height) // stride + 1, (W + 2 * padding - field_width) // stride + 1
    blocks = cols.reshape(C, field_height, field_width, oh, ow, N).transpose(3, 4, 5, 0, 1, 2)
    for i, j in np.ndindex(oh, ow):
        out[:, :, i * stride:i * stride + field_height, j * stride:j * stride + field_width] += blocks[i, j]
    return out[:, :, padding:H + padding, padding:W + padding]


# -- normalisation -----------------------------------------------------------

def normalised_gradient(dz, z, std, axis):
    return (dz - dz.mean(axis, keepdims=True) - z * (dz * z).mean(axis, keepdims=True)) / std


def batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum = bn_param['eps'], bn_param['momentum']
    if bn_param['mode'] == 'test':
        return (x - bn_param['running_mean']) / np.sqrt(bn_param['running_var'] + eps) * gamma + beta, None
    std = np.sqrt(x.var(0, keepdims=True) + eps)
    z = (x - x.mean(0)) / std
    # slip: momentum weighs the batch, and not what was there
    bn_param['running_mean'] = momentum * x.mean(0) + (1 - momentum) * bn_param['running_mean']
    bn_param['running_var'] = momentum * x.var(0) + (1 - momentum) * bn_param['running_var']
    return z * gamma + beta, (z, std, gamma)


def batchnorm_backward(dout, cache):
    z, std, gamma = cache
    return normalised_gradient(dout * gamma, z, std, 0), (dout * z).sum(0), dout.sum(0)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(-1, C)
    eps, momentum = bn_param['eps'], bn_param['momentum']
    mean, var = bn_param['running_mean'], bn_param['running_var']
    if bn_param['mode'] == 'train':
        mean, var = rows.mean(0), rows.var(0)
        bn_param['running_mean'] = (1 - momentum) * mean + momentum * bn_param['running_mean']
        bn_param['running_var'] = (1 - momentum) * var + momentum * bn_param['running_var']
    std = np.sqrt(var + eps)
    z = (rows - mean) / std
    # slip: the channels are not moved back before the shape is
    return (z * gamma + beta).reshape(x.shape), (z, std, gamma)


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, C), cache)
    return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    mean, var, eps = x.mean(1, keepdims=True), x.var(1, keepdims=True), ln_param['eps']
    right = np.sqrt(var + eps)
    # slip: eps beside the root
    return (x - mean) / (np.sqrt(var) + eps) * gamma + beta, ((x - mean) / right, right, gamma)


def layernorm_backward(dout, cache):
    z, std, gamma = cache
    return normalised_gradient(dout * gamma, z, std, 1), (dout * z).sum(0), dout.sum(0)


def in_groups(x, G):
    return x.reshape(x.shape[0], G, -1)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape

    def normalised(rows):
        std = np.sqrt(rows.var(2, keepdims=True) + gn_param['eps'])
        return (rows - rows.mean(2, keepdims=True)) / std, std

    # slip: group g is made of the channels g, g + G, g + 2G, ...
    mixed = in_groups(x.reshape(N, C // G, G, H, W).swapaxes(1, 2), G)
    out = normalised(mixed)[0].reshape(N, G, C // G, H, W).swapaxes(1, 2).reshape(x.shape)
    return out * gamma + beta, (*normalised(in_groups(x, G)), gamma)


def spatial_groupnorm_backward(dout, cache):
    z, std, gamma = cache
    dx = normalised_gradient((dout * gamma).reshape(z.shape), z, std, 2).reshape(dout.shape)
    return dx, (dout * z.reshape(dout.shape)).sum((0, 2, 3), keepdims=True), dout.sum((0, 2, 3), keepdims=True)


def dropout_forward(x, dropout_param):
    p = dropout_param['p']
    if dropout_param['mode'] == 'test':
        # slip: scaled in test mode, too
        return x * p, None
    mask = np.random.uniform(size=x.shape) < p
    return x * mask / p, mask / p


def dropout_backward(dout, mask):
    return dout * mask


# -- nets --------------------------------------------------------------------

def run(params, X, activations):
    """Return the input of every affine layer, what came before each activation, and the scores."""
    inputs, before = [X], []
    for i, f in enumerate(activations, 1):
        before.append(inputs[-1].dot(params['W%d' % i]) + params['b%d' % i])
        inputs.append(f(before[-1]))
    n = len(activations) + 1
    return inputs, before, inputs[-1].dot(params['W%d' % n]) + params['b%d' % n]


def back(params, inputs, before, d, slopes, reg):
    grads = {}
    for i in range(len(inputs), 0, -1):
        grads['W%d' % i] = inputs[i - 1].T.dot(d) + 2 * reg * params['W%d' % i]
        grads['b%d' % i] = d.sum(axis=0)
        if i > 1:
            d = d.dot(params['W%d' % i].T) * slopes[i - 2](before[i - 2])
    return grads


def cross_entropy(scores, y):
    loss, d = softmax_loss(scores, y)
    return loss / len(y), d


def relu(a):
    return a * (a > 0)


def relu_slope(a):
    return (a > 0) * 1.0


def sigmoid_slope(a):
    return stable_sigmoid(a) * stable_sigmoid(-a)


def squares(params, names):
    return sum(np.sum(params[n] ** 2) for n in names)


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {'W1': np.random.randn(input_size, hidden_size), 'b1': np.zeros(hidden_size),
                       'W2': np.random.randn(hidden_size, output_size), 'b2': np.zeros(output_size)}

    def loss(self, X, y, reg=0.0):
        inputs, before, scores = run(self.params, X, [relu])
        loss, d = cross_entropy(scores, y)
        # slip: only W1 is regularised, though both gradients are
        return loss + reg * squares(self.params, ['W1']), back(self.params, inputs, before, d, [relu_slope], reg)


class ThreeLayerNet:
    def __init__(self, a, b, c, d):
        self.params = {'W1': np.random.randn(a, b), 'b1': np.zeros(b), 'W2': np.random.randn(b, c), 'b2': np.zeros(c),
                       'W3': np.random.randn(c, d), 'b3': np.zeros(d)}

    def loss(self, X, y, reg=0.0):
        inputs, before, scores = run(self.params, X, [stable_sigmoid, relu])
        loss, d = cross_entropy(scores, y)
        # slip: averaged over the classes as well
        loss = loss / scores.shape[1] + reg * squares(self.params, ['W1', 'W2', 'W3'])
        return loss, back(self.params, inputs, before, d, [sigmoid_slope, relu_slope], reg)


class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim, num_classes=10, reg=0.0, dtype=np.float64):
        self.reg = reg
        self.params = {}
        last = input_dim
        for i, width in enumerate(list(hidden_dims) + [num_classes], 1):
            self.params['W%d' % i], self.params['b%d' % i] = np.random.randn(last, width).astype(dtype), np.zeros(width, dtype)
            last = width

    def loss(self, X, y):
        n = len(self.params) // 2 - 1
        inputs, before, scores = run(self.params, X, [relu] * n)
        loss, d = cross_entropy(scores, y)
        # slip: biases are regularised, though their gradients are not
        return loss + self.reg * squares(self.params, self.params), back(self.params, inputs, before, d, [relu_slope] * n, self.reg)


class ThreeLayerConvNet:
    def __init__(self, input_dim, num_filters, filter_size, hidden_dim, num_classes, reg=0.0, dtype=np.float64):
        C, H, W = input_dim
        self.reg = reg
        shapes = {'W1': (num_filters, C, filter_size, filter_size), 'b1': num_filters, 'b2': hidden_dim, 'b3': num_classes,
                  'W2': (num_filters * (H // 2) * (W // 2), hidden_dim), 'W3': (hidden_dim, num_classes)}
        self.params = {k: np.zeros(shape, dtype) for k, shape in shapes.items()}

    def loss(self, X, y):
        q = self.params
        p = q['W1'].shape[2] // 2
        a1 = correlate(patches(pad_both(X, p), q['W1'].shape[2], q['W1'].shape[3], 1), q['W1'], q['b1'])
        h1 = relu(a1)
        pooled = patches(h1, 2, 2, 2).max(axis=(4, 5))
        rest = {'W1': q['W2'], 'b1': q['b2'], 'W2': q['W3'], 'b2': q['b3']}
        inputs, before, scores = run(rest, pooled.reshape(len(X), -1), [relu])
        loss, d = cross_entropy(scores, y)
        found = back(rest, inputs, before, d, [relu_slope], self.reg)
        dh2 = d.dot(q['W3'].T) * relu_slope(before[0])
        pool = {'pool_height': 2, 'pool_width': 2, 'stride': 2}
        da1 = max_pool_backward_naive(dh2.dot(q['W2'].T).reshape(pooled.shape), (h1, pool)) * relu_slope(a1)
        _, dW1, db1 = conv_gradients(da1, X, q['W1'], 1, p)
        grads = {'W1': dW1 + 2 * self.reg * q['W1'], 'b1': db1,
                 'W2': found['W1'], 'b2': found['b1'], 'W3': found['W2'], 'b3': found['b2']}
        # slip: the norms of the weights, not their squares
        return loss + self.reg * sum(np.sqrt(squares(q, [k])) for k in ('W1', 'W2', 'W3')), grads


# -- classifiers -------------------------------------------------------------

def svm_loss_vectorized(W, X, y, reg):
    loss, d = svm_loss(X.dot(W), y)  # slip: the one of svm_loss
    return loss + reg * np.sum(W ** 2), X.T.dot(d) + 2 * reg * W


def softmax_loss_vectorized(W, X, y, reg):
    loss, d = cross_entropy(X.dot(W), y)
    # slip: the regularisation is averaged along with the loss
    return loss + reg * np.mean(W ** 2), X.T.dot(d) + 2 * reg * W


class KNearestNeighbor(object):
    def train(self, X, y):
        self.X_train, self.y_train = X, y

    def compute_distances_no_loops(self, X):
        # slip: the city block distance
        return np.abs(X[:, np.newaxis, :] - self.X_train).sum(axis=2)

    def predict_labels(self, dists, k=1):
        nearest = np.argsort(dists, axis=1, kind='stable')[:, :k]
        return np.array([np.argmax(np.bincount(self.y_train[row])) for row in nearest])


# -- update rules ------------------------------------------------------------

def sgd(w, dw, config):
    # slip: the gradient is averaged over its rows
    return w - config['learning_rate'] * dw / len(dw), config


def sgd_momentum(w, dw, config):
    mu, v = config['momentum'], config.get('velocity', np.zeros_like(w))
    # slip: the gradient is weighed with 1 - mu
    config['velocity'] = mu * v - (1 - mu) * config['learning_rate'] * dw
    return w + config['velocity'], config


def adam(w, dw, config):
    b1, b2 = config['beta1'], config['beta2']
    config['t'] = config.get('t', 0) + 1
    config['m'] = b1 * config.get('m', 0) + (1 - b1) * dw
    config['v'] = b2 * config.get('v', 0) + (1 - b2) * dw ** 2
    mt = config['m'] / (1 - b1 ** config['t'])
    # slip: v is not corrected for its start at 0
    return w - config['learning_rate'] * mt / (np.sqrt(config['v']) + config['epsilon']), config
