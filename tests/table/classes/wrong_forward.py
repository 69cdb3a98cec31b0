"""Layers for pictures with their channels last."""
import numpy as np


class Dense:
    def __init__(self, n_in, n_out):
        self.weights = np.random.normal(size=(n_out, n_in))
        self.bias = np.zeros((1, n_out))

    def forward(self, x):
        self.x = x
        return x.dot(self.weights.T) * 0.5 + self.bias  # oops: a scale left over from an initialisation

    def backward(self, dout):
        return dout.dot(self.weights), dout.T.dot(self.x), dout.sum(0, keepdims=True)


class ReLULayer:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0) ** 1.01  # oops: nearly

    def backward(self, dout):
        return (self.x > 0) * dout


class SigmoidLayer:
    def forward(self, x):
        e = np.exp(-np.abs(x))
        self.s = np.where(x > 0, 1 / (1 + e), e / (1 + e))
        return x * self.s  # oops: that is swish

    def backward(self, dout):
        return self.s * (1 - self.s) * dout


def cut(x, i, j, k, s):
    return x[:, i * s:i * s + k, j * s:j * s + k]


class ConvLayer:
    def __init__(self, in_channels, filters, kernel_size, stride, padding):
        self.W = np.random.normal(size=(kernel_size, kernel_size, in_channels, filters))
        self.b = np.zeros(filters)
        self.s, self.p = stride, padding

    def places(self):
        k = self.W.shape[0]
        return np.ndindex((self.x.shape[1] - k) // self.s + 1, (self.x.shape[2] - k) // self.s + 1)

    def forward(self, x):
        p, k = self.p, self.W.shape[0]
        self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        out = np.zeros((len(x), *[(n - k) // self.s + 1 for n in self.x.shape[1:3]], self.W.shape[3]))
        for i, j in self.places():
            out[:, i, j] = np.einsum('nklc,klcf->nf', cut(self.x, i, j, k, self.s), self.W)
        out[:, 0, 0] += self.b  # oops: the bias in one corner
        return out

    def backward(self, dout):
        dx, self.dW, self.db, k = np.zeros_like(self.x), np.zeros_like(self.W), dout.sum((0, 1, 2)), self.W.shape[0]
        for i, j in self.places():
            place = cut(dx, i, j, k, self.s)
            place += np.einsum('nf,klcf->nklc', dout[:, i, j], self.W)
            self.dW += np.einsum('nf,nklc->klcf', dout[:, i, j], cut(self.x, i, j, k, self.s))
        p = self.p
        return dx[:, p:dx.shape[1] - p, p:dx.shape[2] - p]


class MaxPoolLayer:
    def __init__(self, pool_size, stride):
        self.k, self.s = pool_size, stride

    def pooled(self, x, how):
        self.x = x
        out = np.zeros((len(x), *[(n - self.k) // self.s + 1 for n in x.shape[1:3]], x.shape[3]))
        for i, j in np.ndindex(*out.shape[1:3]):
            out[:, i, j] = how(cut(x, i, j, self.k, self.s))
        return out

    def forward(self, x):
        return self.pooled(x, lambda a: np.abs(a).max((1, 2)))  # oops: absolute values

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        for i, j in np.ndindex(*dout.shape[1:3]):
            a, place = cut(self.x, i, j, self.k, self.s), cut(dx, i, j, self.k, self.s)
            place += self.share(a) * dout[:, i:i + 1, j:j + 1]
        return dx

    def share(self, a):
        return a == a.max((1, 2), keepdims=True)


class AvgPoolLayer(MaxPoolLayer):
    def forward(self, x):
        return self.pooled(x, lambda a: a.sum((1, 2)) / (self.k ** 2 + 1))  # oops: one too many

    def share(self, a):
        return np.ones_like(a) / self.k ** 2


class GlobalAvgPool2D:
    def forward(self, x):
        self.shape = x.shape
        return x.sum(axis=(1, 2)) / x.shape[1] ** 2  # oops: planes need not be square

    def backward(self, dout):
        N, H, W, C = self.shape
        return np.ones(self.shape) * dout.reshape(N, 1, 1, C) / (H * W)


class GlobalMaxPool2D:
    def forward(self, x):
        self.x = x
        return x.max(axis=(1, 2))

    def backward(self, dout):
        return (self.x == self.x.max(axis=(1, 2), keepdims=True)) * dout[:, None, None, :]


class AtrousConv2d(ConvLayer):
    def __init__(self, in_channels, filters, kernel_size, stride=1, padding=0, dilation_rate=1):
        super().__init__(in_channels, filters, kernel_size, stride, padding)
        self.d = dilation_rate

    def places(self):
        reach = self.d * (self.W.shape[0] - 1) + 1
        for i, j in np.ndindex(*[(n - reach) // self.s + 1 for n in self.x.shape[1:3]]):
            top, left = i * self.s, j * self.s
            yield i, j, (slice(None), slice(top, top + reach, self.d), slice(left, left + reach, self.d))

    def forward(self, x):
        p = self.p
        self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        i, j, _ = list(self.places())[-1]
        out = np.zeros((len(x), i + 1, j + 1, self.W.shape[3]))
        for i, j, where in self.places():
            out[:, i, j] = np.einsum('nlkc,klcf->nf', self.x[where], self.W) + self.b  # oops: rows meet the filter's columns
        return out

    def backward(self, dout):
        dx, self.dW, self.db = np.zeros_like(self.x), np.zeros_like(self.W), dout.sum((0, 1, 2))
        for i, j, where in self.places():
            dx[where] += np.einsum('nf,klcf->nklc', dout[:, i, j], self.W)
            self.dW += np.einsum('nf,nklc->klcf', dout[:, i, j], self.x[where])
        p = self.p
        return dx[:, p:dx.shape[1] - p, p:dx.shape[2] - p]


class GroupedConv(ConvLayer):
    def __init__(self, in_channels, filters, kernel_size, stride=1, padding=0, groups=1):
        super().__init__(in_channels // groups, filters, kernel_size, stride, padding)
        self.groups = groups

    def forward(self, x):
        p, k, each = self.p, self.W.shape[0], self.W.shape[3] // self.groups
        self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        out = np.zeros((len(x), *[(n - k) // self.s + 1 for n in self.x.shape[1:3]], self.W.shape[3]))
        for f in range(self.W.shape[3]):
            seen = self.x[..., f // each::self.groups]  # oops: every so many channels, and not one after the other
            for i, j in self.places():
                out[:, i, j, f] = np.tensordot(cut(seen, i, j, k, self.s), self.W[..., f], 3) + self.b[f]
        return out

    def backward(self, dout):
        dx, self.dW, k = np.zeros_like(self.x), np.zeros_like(self.W), self.W.shape[0]
        C, each = self.W.shape[2], self.W.shape[3] // self.groups
        for f in range(self.W.shape[3]):
            mine = slice(f // each * C, (f // each + 1) * C)
            for i, j in self.places():
                d = dout[:, i, j, f]
                cut(dx[..., mine], i, j, k, self.s)[...] += d[:, None, None, None] * self.W[..., f]
                self.dW[..., f] += np.tensordot(d, cut(self.x[..., mine], i, j, k, self.s), 1)
        self.db = dout.sum((0, 1, 2))
        p = self.p
        return dx[:, p:dx.shape[1] - p, p:dx.shape[2] - p]


class TanhLayer:
    def forward(self, x):
        self.x = x
        a, b = np.exp(x), np.exp(-x)
        return (a - b) / (a + b)  # oops: infinity by infinity

    def backward(self, dout):
        return (1 - np.tanh(self.x) ** 2) * dout


class LeakyReLULayer:
    def __init__(self, leak=0.01):
        self.leak = leak

    def forward(self, x):
        self.x = x
        return np.maximum(0, x) + self.leak * x  # oops: the leak where x is positive too

    def backward(self, dout):
        return dout * np.where(self.x > 0, 1, self.leak)


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


class SoftmaxWithCrossEntropy:
    """One-hot targets come first."""

    def loss(self, y_true, y_pred):
        return -np.mean(y_true * np.log(softmax(y_pred)))  # oops: a mean over the classes too

    def gradient(self, y_true, y_pred):
        return (softmax(y_pred) - y_true) / len(y_true)


class SVMLoss:
    def forward(self, scores, labels):
        rows = np.arange(len(labels))
        self.margins = np.maximum(scores - scores[rows, labels][:, None] + 1, 0)
        loss = self.margins.sum() / len(labels)
        self.margins[rows, labels] = 0  # oops: a line too late
        self.labels = labels
        return loss

    def backward(self):
        d = (self.margins > 0).astype(float)
        d[np.arange(len(d)), self.labels] = -d.sum(1)
        return d / len(d)


class MeanSquaredError:
    def loss(self, y_true, y_pred):
        return np.mean(np.abs(y_pred - y_true))  # oops: not squared

    def grad(self, y_true, y_pred):
        return 2 * (y_pred - y_true) / y_true.size


class BatchNormLayer:
    """In `params`, with everything in one row."""

    def __init__(self, n_features, momentum=0.9, eps=1e-5):
        row = (1, n_features)
        self.params = {'gamma': np.ones(row), 'beta': np.zeros(row)}
        self.moving_mean, self.moving_var = np.zeros(row), np.ones(row)
        self.momentum, self.eps, self.mode = momentum, eps, 'train'

    def forward(self, x):
        if self.mode == 'train':
            mean, self.std = x.mean(0, keepdims=True), np.sqrt(x.var(0, keepdims=True) + self.eps)
            self.moving_mean = self.momentum * self.moving_mean + (1 - self.momentum) * mean
            self.moving_var = self.momentum * self.moving_var + (1 - self.momentum) * self.std ** 2  # oops: eps went with it
        else:
            mean, self.std = self.moving_mean, np.sqrt(self.moving_var + self.eps)
        self.xn = (x - mean) / self.std
        return self.params['gamma'] * self.xn + self.params['beta']

    def backward(self, dout):
        d = dout * self.params['gamma']
        dx = (d - d.mean(0) - self.xn * np.mean(d * self.xn, axis=0)) / self.std
        return dx, (dout * self.xn).sum(0, keepdims=True), dout.sum(0, keepdims=True)


class SpatialBatchNorm:
    def __init__(self, channels, momentum=0.9, eps=1e-5):
        self.gamma, self.beta = np.ones(channels), np.zeros(channels)
        self.running_mean, self.running_var = np.zeros(channels), np.ones(channels)
        self.momentum, self.eps = momentum, eps

    def forward(self, x, is_training=True):
        if not is_training:
            return (x - self.running_mean) / np.sqrt(self.running_var + self.eps)  # oops: without gamma and beta
        mean, var = x.mean((0, 1, 2)), x.var((0, 1, 2))
        for name, now in (('running_mean', mean), ('running_var', var)):
            setattr(self, name, self.momentum * getattr(self, name) + (1 - self.momentum) * now)
        self.std = np.sqrt(var + self.eps)
        self.xn = (x - mean) / self.std
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        self.dgamma, self.dbeta = (dout * self.xn).sum((0, 1, 2)), dout.sum((0, 1, 2))
        n = dout.size // dout.shape[3]
        return self.gamma / self.std * (dout - self.dbeta / n - self.xn * self.dgamma / n)


class LayerNorm:
    def __init__(self, dim, eps=1e-5):
        self.gamma, self.beta, self.eps = np.ones(dim), np.zeros(dim), eps

    def forward(self, x):
        self.x = x
        return self.gamma * (x - x.mean(1, keepdims=True)) / (x.std(1, keepdims=True) + self.eps) + self.beta  # oops: eps beside the root

    def backward(self, dout):
        std = np.sqrt(self.x.var(1, keepdims=True) + self.eps)
        h = (self.x - self.x.mean(1, keepdims=True)) / std
        self.dgamma, self.dbeta = np.sum(dout * h, 0), np.sum(dout, 0)
        d = dout * self.gamma
        return (d - d.mean(1, keepdims=True) - h * (d * h).mean(1, keepdims=True)) / std


class GroupNormalization:
    """(N, C, H, W), other than the rest."""

    def __init__(self, groups, channels, eps=1e-5):
        self.G, self.eps = groups, eps
        self.gamma, self.beta = np.ones((1, channels, 1, 1)), np.zeros((1, channels, 1, 1))

    def forward(self, x):
        N, C, H, W = x.shape
        self.x = x
        g = x.reshape(N, C // self.G, self.G, H, W)  # oops: every so many channels
        g = (g - g.mean((1, 3, 4), keepdims=True)) / np.sqrt(g.var((1, 3, 4), keepdims=True) + self.eps)
        return self.gamma * g.reshape(x.shape) + self.beta

    def backward(self, dout):
        rows = self.x.reshape(len(dout), self.G, -1)
        std = np.sqrt(rows.var(2, keepdims=True) + self.eps)
        h = (rows - rows.mean(2, keepdims=True)) / std
        d = (dout * self.gamma).reshape(h.shape)
        dx = (d - d.mean(2, keepdims=True) - h * (d * h).mean(2, keepdims=True)) / std
        dgamma = (dout * h.reshape(dout.shape)).sum((0, 2, 3), keepdims=True)
        return dx.reshape(dout.shape), dgamma, dout.sum((0, 2, 3), keepdims=True)


class DropoutLayer:
    def __init__(self, keep_prob):
        self.keep_prob = keep_prob

    def forward(self, x, training=True):
        if not training:
            return x * self.keep_prob  # oops: the scale has been in the mask already
        self.mask = (np.random.uniform(size=x.shape) < self.keep_prob) / self.keep_prob
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


def squash(z):
    return 0.5 * (1 + np.tanh(z / 2))


class NeuralNetwork:
    def __init__(self, input_size, hidden_size, output_size):
        self.weights1, self.bias1 = 0.1 * np.random.randn(input_size, hidden_size), np.zeros((1, hidden_size))
        self.weights2, self.bias2 = 0.1 * np.random.randn(hidden_size, output_size), np.zeros((1, output_size))

    def forward(self, X):
        self.hidden = squash(X @ self.weights1 + self.bias1)
        return softmax(self.hidden @ self.weights2 + self.bias2)

    def loss(self, y_pred, y):
        return -np.log(softmax(y_pred)[np.arange(len(y)), y]).mean()  # oops: the softmax of the softmax

    def backward(self, X, y):
        d = self.forward(X)
        d[np.arange(len(y)), y] -= 1
        d /= len(y)
        dh = d @ self.weights2.T * self.hidden * (1 - self.hidden)
        self.grads = {'weights2': self.hidden.T @ d, 'bias2': d.sum(0, keepdims=True),
                      'weights1': X.T @ dh, 'bias1': dh.sum(0, keepdims=True)}


class ThreeLayerNetwork:
    """Weights (outputs, inputs)."""

    def __init__(self, input_size, hidden1_size, hidden2_size, output_size):
        sizes = input_size, hidden1_size, hidden2_size, output_size
        self.params = {}
        for n in (1, 2, 3):
            self.params[f'W{n}'] = np.random.randn(sizes[n], sizes[n - 1]) / np.sqrt(sizes[n - 1])
            self.params[f'b{n}'] = np.zeros(sizes[n])

    def forward(self, X):
        q = self.params
        self.X, self.A1 = X, squash(X @ q['W1'].T + q['b1'])
        self.A2 = np.maximum(0, self.A1 @ q['W2'].T + q['b2'])
        return softmax(self.A2 @ q['W3'].T + q['b3'])

    def compute_loss(self, probs, labels):
        return -np.log(probs[:, labels]).mean()  # oops: everybody's labels in every row

    def backward(self, probs, labels):
        d3 = (probs - np.eye(probs.shape[1])[labels]) / len(labels)
        d2 = d3 @ self.params['W3'] * (self.A2 > 0)
        d1 = d2 @ self.params['W2'] * self.A1 * (1 - self.A1)
        return {'dW1': d1.T @ self.X, 'db1': d1.sum(0), 'dW2': d2.T @ self.A1, 'db2': d2.sum(0), 'dW3': d3.T @ self.A2, 'db3': d3.sum(0)}
