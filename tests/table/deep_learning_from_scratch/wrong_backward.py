"""Layers of the book, short. All outputs are right; each backward is one step off (see each "off:")."""
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(0)
        self.W = self.W - 0.01 * self.dW  # off: the step of SGD is taken before dx
        return dout @ self.W.T


class ReLU:
    def forward(self, x):
        self.out = np.fmax(x, 0)
        return self.out

    def backward(self, dout):
        return dout * self.out  # off: not where it is positive


class LeakyRelu:
    def __init__(self, slope):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x >= 0, x, self.slope * x)

    def backward(self, dout):
        return dout * np.where(self.x >= self.slope, 1, self.slope)  # off: the kink is at 0


class Sigmoid:
    def forward(self, x):
        self.out = (1 + np.tanh(x / 2)) / 2
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out ** 2)  # off: that is for tanh


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)  # off: that is for the sigmoid


def log_softmax(x):
    x = x - x.max(axis=1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=1, keepdims=True))


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.log_y, self.t = log_softmax(x), t
        return -np.sum(self.log_y * t) / len(t)

    def backward(self, dout=1):
        return (np.exp(self.log_y) - self.t) / self.t.size * dout  # off: the number of samples, not of entries


class HingeLoss:
    def forward(self, x, t):
        self.t, self.right = t, np.eye(x.shape[1], dtype=bool)[t]
        self.over = np.where(self.right, 0, x - x[self.right][:, None] + 1).clip(0)
        return self.over.sum() / len(t)

    def backward(self, dout=1):
        dx = (self.over > 0) * 1.0
        dx[self.right] = -(self.over > 0).sum()  # off: of its own row
        return dx / len(dx) * dout


class MSELoss:
    def forward(self, x, t):
        self.r = t - x
        return (self.r ** 2).mean()

    def backward(self, dout=1):
        return 2 * self.r / self.r.size * dout  # off: the sign


def cross_entropy_error(y, t):
    return -np.log(y[np.arange(len(y)), t.argmax(1) if t.ndim > 1 else t]).mean()


class BatchNorm:
    def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None):
        self.gamma, self.beta, self.keep = gamma, beta, momentum
        self.running_mean, self.running_var = running_mean, running_var

    def forward(self, x, train_flg=True):
        mean, var = (x.mean(0), x.var(0)) if train_flg else (self.running_mean, self.running_var)
        if train_flg:
            self.running_mean = self.keep * self.running_mean + (1 - self.keep) * mean
            self.running_var = self.keep * self.running_var + (1 - self.keep) * var
        self.inv = 1 / np.sqrt(var + 1e-6)
        self.z = (x - mean) * self.inv
        return self.gamma * self.z + self.beta

    def backward(self, dout):
        self.dgamma, self.dbeta = (dout * self.z).mean(0), dout.sum(0)  # off: dgamma is a sum
        d = dout * self.gamma
        return self.inv * (d - d.mean(0) - self.z * (d * self.z).mean(0))


class Dropout:
    def __init__(self, ratio=0.5):
        self.ratio = ratio

    def forward(self, x, train_flg=True):
        if not train_flg:
            return x * (1 - self.ratio)
        self.mask = np.random.rand(*x.shape) > self.ratio
        return x * self.mask

    def backward(self, dout):
        return dout * (1 - self.ratio) * self.mask  # off: nothing was scaled


class Windows:
    """The common part of everything that slides."""

    def at(self, size):
        for i in range(size[0]):
            for j in range(size[1]):
                top, left = i * self.stride, j * self.stride
                yield i, j, (slice(top, top + self.tall, self.gap), slice(left, left + self.wide, self.gap))

    def size(self, x):
        return (x.shape[2] - self.tall) // self.stride + 1, (x.shape[3] - self.wide) // self.stride + 1

    def padded(self, x, border=0):
        return np.pad(x, ((0, 0), (0, 0), (self.pad, self.pad), (self.pad, self.pad)), constant_values=border)

    def inside(self, dx):
        return dx[:, :, self.pad:dx.shape[2] - self.pad, self.pad:dx.shape[3] - self.pad]


class Convolution(Windows):
    gap = groups = 1

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        self.tall, self.wide = (self.gap * (k - 1) + 1 for k in self.W.shape[2:])
        self.x = self.padded(x)
        out = np.empty((len(x), len(self.W), *self.size(self.x)), x.dtype)
        for i, j, (rows, cols) in self.at(out.shape[2:]):
            for f, c in self.members():
                out[:, f, i, j] = np.einsum('nchw,fchw->nf', self.x[:, c, rows, cols], self.W[f]) + self.b[f]
        return out

    def members(self):
        n, d = len(self.W) // self.groups, self.W.shape[1]
        return [(slice(g * n, g * n + n), slice(g * d, g * d + d)) for g in range(self.groups)]

    def gradients(self, dout):
        dx, self.dW, self.db = np.zeros_like(self.x), np.zeros_like(self.W), dout.sum((0, 2, 3))
        for i, j, (rows, cols) in self.at(dout.shape[2:]):
            for f, c in self.members():
                dx[:, c, rows, cols] += np.einsum('nf,fchw->nchw', dout[:, f, i, j], self.W[f])
                self.dW[f] += np.einsum('nf,nchw->fchw', dout[:, f, i, j], self.x[:, c, rows, cols])
        return dx

    def backward(self, dout):
        dx = self.inside(self.gradients(dout))
        self.db = dout.sum((0, 2, 3)) / dout[0, 0].size  # off: averaged over the plane
        return dx


class DilatedConvolution(Convolution):
    def __init__(self, W, b, stride, pad, dilation):
        super().__init__(W, b, stride, pad)
        self.gap = dilation

    def backward(self, dout):
        dx = self.inside(self.gradients(dout))
        self.dW *= self.gap  # off: the filter has no more entries for its gaps
        return dx


class GroupConvolution(Convolution):
    def __init__(self, W, b, stride, pad, groups):
        super().__init__(W, b, stride, pad)
        self.groups = groups

    def backward(self, dout):
        dx = self.inside(self.gradients(dout))
        self.dW = self.dW[::-1].copy()  # off: the other way round
        return dx


class MaxPooling(Windows):
    gap = 1

    def __init__(self, pool_h, pool_w, stride, pad=0):
        self.tall, self.wide, self.stride, self.pad = pool_h, pool_w, stride, pad

    def forward(self, x):
        self.x = x = self.padded(x, -np.inf)
        out = np.empty((*x.shape[:2], *self.size(x)), x.dtype)
        for i, j, (rows, cols) in self.at(out.shape[2:]):
            out[:, :, i, j] = x[:, :, rows, cols].max((2, 3))
        self.out = out
        return out

    def spread(self, dout):
        dx = np.zeros_like(self.x)
        for i, j, (rows, cols) in self.at(dout.shape[2:]):
            hit = self.x[:, :, rows, cols] == self.out[:, :, i, j][..., None, None]
            dx[:, :, rows, cols] += hit * dout[:, :, i, j][..., None, None]
        return self.inside(dx)

    def backward(self, dout):
        return self.spread(dout) / (self.tall * self.wide)  # off: a share, as of an average


class MeanPooling(MaxPooling):
    def forward(self, x):
        self.x = x = self.padded(x)
        out = np.empty((*x.shape[:2], *self.size(x)), x.dtype)
        for i, j, (rows, cols) in self.at(out.shape[2:]):
            out[:, :, i, j] = x[:, :, rows, cols].mean((2, 3))
        return out

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        for i, j, (rows, cols) in self.at(dout.shape[2:]):
            dx[:, :, rows, cols] += dout[:, :, i, j][..., None, None] / dout[0, 0].size  # off: the size of the output
        return self.inside(dx)


def dense(x, params, fs):
    """Return the inputs of the affine layers, and the scores."""
    inputs = [x]
    for i, f in enumerate(fs, 1):
        inputs.append(f(inputs[-1] @ params['W%d' % i] + params['b%d' % i]))
    last = len(inputs)
    return inputs, inputs[-1] @ params['W%d' % last] + params['b%d' % last]


def relu(a):
    return np.maximum(a, 0)


def sigmoid(a):
    return (1 + np.tanh(a / 2)) / 2


def set_up(sizes):
    params = {}
    for i in range(1, len(sizes)):
        params['W%d' % i] = np.random.randn(sizes[i - 1], sizes[i]) / 10
        params['b%d' % i] = np.zeros(sizes[i])
    return params


class TwoLayerNet:
    def __init__(self, D, H, K):
        self.params = set_up([D, H, K])

    def loss(self, x, t):
        return -(log_softmax(dense(x, self.params, [sigmoid])[1]) * t).sum() / len(t)

    def gradient(self, x, t):
        (x, z), scores = dense(x, self.params, [sigmoid])
        d2 = (np.exp(log_softmax(scores)) - t) / len(t)
        d1 = d2 @ self.params['W2'].T * z * (1 - z)
        return {'W1': x.T @ d1, 'b1': d1.sum(0), 'W2': z.T @ d2, 'b2': d2.mean(0)}  # off: b2 is a sum


class ThreeLayerNet:
    def __init__(self, *sizes):
        self.params = set_up(sizes)

    def loss(self, x, t):
        return -(log_softmax(dense(x, self.params, [sigmoid, relu])[1]) * t).sum() / len(t)

    def gradient(self, x, t):
        (x, z1, z2), scores = dense(x, self.params, [sigmoid, relu])
        d3 = (np.exp(log_softmax(scores)) - t) / len(t)
        d2 = d3 @ self.params['W3'].T * (z2 > 0)
        d1 = d2 @ self.params['W2'].T * z1  # off: and (1 - z1)
        return {'W1': x.T @ d1, 'b1': d1.sum(0), 'W2': z1.T @ d2, 'b2': d2.sum(0), 'W3': z2.T @ d3, 'b3': d3.sum(0)}


class MultiLayerNet:
    def __init__(self, input_size, hidden_size_list, output_size):
        self.params = set_up([input_size, *hidden_size_list, output_size])
        self.fs = [relu] * len(hidden_size_list)

    def loss(self, x, t):
        return -(log_softmax(dense(x, self.params, self.fs)[1]) * t).sum() / len(t)

    def gradient(self, x, t):
        inputs, scores = dense(x, self.params, self.fs)
        d = (np.exp(log_softmax(scores)) - t) / len(t)
        grads = {}
        for i in range(len(inputs), 0, -1):
            grads['W%d' % i], grads['b%d' % i] = inputs[i - 1].T @ d, d.sum(0)
            d = d @ self.params['W%d' % i].T * (inputs[i - 1] > 0)
        grads['W2'] /= 2  # off: halved
        return grads


class SimpleConvNet:
    def __init__(self, input_dim, conv_param, hidden_size, output_size):
        C, H, W = input_dim
        F, K = conv_param['filter_num'], conv_param['filter_size']
        self.conv = conv_param
        dense_params = set_up([F * (H // 2) * (W // 2), hidden_size, output_size])
        self.params = {'W1': np.random.randn(F, C, K, K), 'b1': np.zeros(F), 'W2': dense_params['W1'], 'b2': dense_params['b1'],
                       'W3': dense_params['W2'], 'b3': dense_params['b2']}

    def scores(self, x):
        q = self.params
        self.layer, self.pool = Convolution(q['W1'], q['b1'], self.conv['stride'], self.conv['pad']), MaxPooling(2, 2, 2)
        self.a = self.layer.forward(x)
        self.flat = self.pool.forward(relu(self.a))
        self.inputs, scores = dense(self.flat.reshape(len(x), -1), {'W1': q['W2'], 'b1': q['b2'], 'W2': q['W3'], 'b2': q['b3']}, [relu])
        return scores

    def loss(self, x, t):
        return -(log_softmax(self.scores(x)) * t).sum() / len(t)

    def gradient(self, x, t):
        q = self.params
        d3 = (np.exp(log_softmax(self.scores(x))) - t) / len(t)
        flat, h = self.inputs
        d2 = d3 @ q['W3'].T * (h > 0)
        d1 = self.pool.spread((d2 @ q['W2'].T).reshape(self.flat.shape))  # off: and where a is positive
        self.layer.gradients(d1)
        return {'W1': self.layer.dW, 'b1': self.layer.db, 'W2': flat.T @ d2, 'b2': d2.sum(0), 'W3': h.T @ d3, 'b3': d3.sum(0)}
