"""Layers that learn on their own: backward(dout, lr) makes the step."""
import numpy as np


class FullyConnectedLayer:
    def __init__(self, input_size, output_size):
        self.params = {'W': np.random.randn(input_size, output_size), 'b': np.zeros(output_size)}

    def forward(self, x):
        self.x = x
        return np.dot(x, self.params['W']) + self.params['b']

    def backward(self, dout, lr):
        dx = np.dot(dout, self.params['W'].T)
        self.params['W'] = self.params['W'] - lr * np.dot(self.x.T, dout)
        self.params['b'] = self.params['b'] - lr * dout.mean(axis=0)  # no: sum
        return dx


class ReluLayer:
    def forward(self, x):
        self.x = x
        return (x > 0) * x

    def backward(self, dout):
        return np.maximum(dout, 0)  # no: where x is positive


class Sigmoid:
    def forward(self, x):
        self.x = x
        return 0.5 * np.tanh(0.5 * x) + 0.5

    def backward(self, dout):
        return dout * 0.25 * np.exp(-np.abs(self.x) / 2)  # no: nearly, at 0 and far away


class ConvolutionLayer:
    def __init__(self, num_channels, num_filters, filter_size, stride=1, pad=0):
        self.filters = np.random.randn(num_filters, num_channels, filter_size, filter_size)
        self.biases = np.zeros(num_filters)
        self.k, self.s, self.p = filter_size, stride, pad

    def each(self):
        for i in range((self.x.shape[2] - self.k) // self.s + 1):
            for j in range((self.x.shape[3] - self.k) // self.s + 1):
                yield i, j, (..., slice(i * self.s, i * self.s + self.k), slice(j * self.s, j * self.s + self.k))

    def forward(self, x):
        self.x = np.pad(x, ((0, 0), (0, 0), (self.p,) * 2, (self.p,) * 2))
        out = np.zeros((len(x), len(self.filters), *[(n - self.k) // self.s + 1 for n in self.x.shape[2:]]))
        for i, j, where in self.each():
            out[:, :, i, j] = np.tensordot(self.x[where], self.filters, ([1, 2, 3], [1, 2, 3])) + self.biases
        return out

    def backward(self, dout, lr):
        dx, df = np.zeros_like(self.x), np.zeros_like(self.filters)
        for i, j, where in self.each():
            df += np.tensordot(dout[:, :, i, j], self.x[where], ([0], [0]))
            dx[where] += np.tensordot(dout[:, :, i, j], np.abs(self.filters), 1)  # no: with their signs
        self.filters = self.filters - lr * df
        self.biases = self.biases - lr * dout.sum(axis=(0, 2, 3))
        return dx[:, :, self.p:dx.shape[2] - self.p, self.p:dx.shape[3] - self.p]


class MaxPool:
    def __init__(self, size, stride):
        self.k, self.s = size, stride

    def each(self, out):
        for i, j in np.ndindex(*out.shape[2:]):
            yield i, j, (..., slice(i * self.s, i * self.s + self.k), slice(j * self.s, j * self.s + self.k))

    def forward(self, x):
        self.x = x
        out = np.zeros((*x.shape[:2], *[(n - self.k) // self.s + 1 for n in x.shape[2:]]))
        for i, j, where in self.each(out):
            out[:, :, i, j] = self.of(x[where])
        return out

    def of(self, window):
        return window.max(axis=(2, 3))

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        for i, j, where in self.each(dout):
            window = self.x[where]
            top = window == window.max(axis=(1, 2, 3), keepdims=True)  # no: of each channel
            dx[where] += top * dout[:, :, i, j][..., None, None]
        return dx


class AveragePooling2D(MaxPool):
    def of(self, window):
        return window.mean(axis=(2, 3))

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        for i, j, where in self.each(dout):
            dx[where] += self.x[where] * dout[:, :, i, j][..., None, None] / self.k ** 2  # no: without x
        return dx


class GlobalAveragePooling2D:
    def forward(self, x):
        self.shape = x.shape
        return x.mean(axis=(2, 3), keepdims=True)

    def backward(self, dout):
        h, w = self.shape[2:]
        return np.broadcast_to(dout / h * w, self.shape).copy()  # no: / (h * w)


class GlobalMaxPooling2D:
    def forward(self, x):
        self.top = x == np.max(x, axis=(2, 3), keepdims=True)
        return np.max(x, axis=(2, 3), keepdims=True)

    def backward(self, dout):
        return self.top * dout


class DilatedConv2D:
    """The filter, spread out with zeros, is an ordinary one."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        self.W = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.b = np.zeros(out_channels)
        self.inner = ConvolutionLayer(in_channels, out_channels, (kernel_size - 1) * dilation + 1, stride, padding)
        self.d = dilation

    def forward(self, x):
        self.inner.filters[...] = 0
        self.inner.filters[:, :, ::self.d, ::self.d] = self.W
        self.inner.biases = self.b
        return self.inner.forward(x)

    def backward(self, dout):
        dx, df, k = np.zeros_like(self.inner.x), np.zeros_like(self.inner.filters), self.W.shape[2]
        for i, j, where in self.inner.each():
            df += np.tensordot(dout[:, :, i, j], self.inner.x[where], ([0], [0]))
            dx[where] += np.tensordot(dout[:, :, i, j], self.inner.filters, 1)
        self.dW = df[:, :, :k, :k]  # no: where the filter is not 0
        self.db = dout.sum(axis=(0, 2, 3))
        p = self.inner.p
        return dx[:, :, p:dx.shape[2] - p, p:dx.shape[3] - p]


class GroupedConv2D:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1):
        self.weights = np.random.randn(out_channels, in_channels // groups, kernel_size, kernel_size)
        self.biases = np.zeros(out_channels)
        self.k, self.s, self.p, self.groups = kernel_size, stride, padding, groups

    def each(self):
        F, C = self.weights.shape[:2]
        F = F // self.groups
        for g, i, j in np.ndindex(self.groups, *[(n - self.k) // self.s + 1 for n in self.x.shape[2:]]):
            window = slice(g * C, g * C + C), slice(i * self.s, i * self.s + self.k), slice(j * self.s, j * self.s + self.k)
            yield slice(g * F, g * F + F), i, j, (slice(None), *window)

    def forward(self, x):
        self.x = np.pad(x, ((0, 0), (0, 0), (self.p,) * 2, (self.p,) * 2))
        out = np.zeros((len(x), len(self.weights), *[(n - self.k) // self.s + 1 for n in self.x.shape[2:]]))
        for f, i, j, where in self.each():
            out[:, f, i, j] = np.einsum('nchw,fchw->nf', self.x[where], self.weights[f]) + self.biases[f]
        return out

    def backward(self, dout):
        dx = np.zeros_like(self.x)
        self.dweights, self.dbiases = np.zeros_like(self.weights), dout.sum(axis=(0, 2, 3))
        for f, i, j, where in self.each():
            self.dweights[f] += np.einsum('nf,nchw->fchw', dout[:, f, i, j], self.x[where])
            dx[where] = np.einsum('nf,fchw->nchw', dout[:, f, i, j], self.weights[f])  # no: +=
        return dx[:, :, self.p:dx.shape[2] - self.p, self.p:dx.shape[3] - self.p]


class Activation_Tanh:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.tanh(inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues * (1 - self.inputs ** 2)  # no: of the output


class LeakyRelu:
    def __init__(self, slope):
        self.slope = slope

    def forward(self, x):
        self.negative = x < 0
        return np.where(self.negative, self.slope * x, x)

    def backward(self, dout):
        dx = dout.copy()
        dx[self.negative] = self.slope  # no: *=
        return dx


class SoftmaxLoss:
    def forward(self, x, t):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.y, self.t = e / e.sum(axis=-1, keepdims=True), t
        return -np.log(self.y[range(len(t)), t]).sum() / len(t)

    def backward(self):
        dx = self.y.copy()
        dx[range(len(dx)), self.t] -= 1
        return dx / dx.shape[1]  # no: by the samples


class MulticlassHingeLoss:
    def forward(self, x, y):
        right = x[np.arange(len(y)), y].reshape(-1, 1)
        self.over = (x - right + 1 > 0) & (np.arange(x.shape[1]) != y[:, None])
        self.y = y
        return np.sum((x - right + 1)[self.over]) / len(y)

    def backward(self):
        dx = self.over * 1.0
        dx[np.arange(len(dx)), self.y] = -1  # no: once for every class that is over
        return dx / len(dx)


class L2Loss:
    def forward(self, y_pred, y_true):
        self.diff = y_pred - y_true
        return np.mean(self.diff ** 2)

    def backward(self):
        return 2 * self.diff / len(self.diff)  # no: by all entries, as forward


class BatchNormalization:
    def __init__(self, num_features, lr=0.01, momentum=0.9, epsilon=1e-5):
        self.gamma, self.beta = np.ones(num_features), np.zeros(num_features)
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.lr, self.momentum, self.epsilon, self.training = lr, momentum, epsilon, True

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        self.deviation = np.sqrt(var + self.epsilon)
        self.normed = (x - mean) / self.deviation
        return self.gamma * self.normed + self.beta

    def backward(self, dout):
        dnormed = dout * self.gamma
        self.gamma = self.gamma - self.lr * np.sum(dout * self.normed, axis=0)
        self.beta = self.beta - self.lr * np.sum(dout, axis=0)
        return (dnormed - dnormed.mean(axis=0)) / self.deviation  # no: the deviation depends on x as well


class BatchNorm2D(BatchNormalization):
    def rows(self, x):
        return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])

    def forward(self, x):
        N, C, H, W = x.shape
        return super().forward(self.rows(x)).reshape(N, H, W, C).transpose(0, 3, 1, 2)

    def backward(self, dout):
        N, C, H, W = dout.shape
        d, x = self.rows(dout * self.gamma.reshape(1, C, 1, 1)), self.normed
        dx = (d - d.mean(axis=0) - x * (d * x).mean(axis=0)) / self.deviation
        self.gamma = self.gamma - self.lr * np.sum(self.rows(dout) * x, axis=0)
        self.beta = self.beta - self.lr * dout.mean(axis=(0, 2, 3))  # no: sum
        return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2)


class LayerNorm:
    def __init__(self, size, eps=1e-5):
        self.weight, self.bias, self.eps = np.ones(size), np.zeros(size), eps

    def forward(self, x):
        centred = x - x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(np.mean(centred ** 2, axis=-1, keepdims=True) + self.eps)
        self.hat = centred / self.std
        return self.weight * self.hat + self.bias

    def backward(self, dout):
        self.weight_grad, self.bias_grad = (dout * self.hat).sum(axis=0), dout.sum(axis=0)
        mean, along = dout.mean(axis=-1, keepdims=True), (dout * self.hat).mean(axis=-1, keepdims=True)
        return self.weight * (dout - mean - self.hat * along) / self.std  # no: the weight belongs into the means


class SpatialGroupNorm:
    def __init__(self, num_channels, num_groups, eps=1e-5):
        self.params = {'gamma': np.ones((num_channels, 1, 1)), 'beta': np.zeros((num_channels, 1, 1))}
        self.groups, self.eps, self.grads = num_groups, eps, {}

    def forward(self, x):
        self.x, rows = x, x.reshape(len(x) * self.groups, -1)
        self.std = np.sqrt(rows.var(axis=1, keepdims=True) + self.eps)
        self.hat = (rows - rows.mean(axis=1, keepdims=True)) / self.std
        return self.params['gamma'] * self.hat.reshape(x.shape) + self.params['beta']

    def backward(self, dout):
        self.grads['gamma'] = np.sum(dout * self.x, axis=(0, 2, 3)).reshape(-1, 1, 1)  # no: what has been normalised
        self.grads['beta'] = np.sum(dout, axis=(0, 2, 3)).reshape(-1, 1, 1)
        d = (dout * self.params['gamma']).reshape(self.hat.shape)
        d = d - d.mean(axis=1, keepdims=True) - self.hat * (d * self.hat).mean(axis=1, keepdims=True)
        return (d / self.std).reshape(dout.shape)


class Layer_Dropout:
    def __init__(self, rate):
        self.rate = 1 - rate

    def forward(self, inputs, training=True):
        self.output = inputs.copy()
        if training:
            self.mask = np.random.binomial(1, self.rate, size=inputs.shape)
            self.output = inputs * self.mask / self.rate

    def backward(self, dvalues):
        self.dinputs = dvalues * self.mask  # no: scaled, as forward


class SimpleNN:
    """One-hot targets; backward makes the step."""

    def __init__(self, n_inputs, n_hidden, n_outputs):
        self.W1, self.b1 = np.random.randn(n_hidden, n_inputs), np.zeros(n_hidden)
        self.W2, self.b2 = np.random.randn(n_outputs, n_hidden), np.zeros(n_outputs)

    def forward(self, x):
        self.a = 0.5 * np.tanh(0.5 * (x.dot(self.W1.T) + self.b1)) + 0.5
        z = self.a.dot(self.W2.T) + self.b2
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, y_true, y_pred):
        return -np.sum(y_true * np.log(y_pred)) / len(y_true)

    def backward(self, x, y_true, y_pred, lr):
        d = (y_pred - y_true) / len(x)
        self.W2 = self.W2 - lr * d.T.dot(self.a)
        self.b2 = self.b2 - lr * d.sum(axis=0)
        dh = d.dot(self.W2) * self.a * (1 - self.a)  # no: with the W2 of before the step
        self.W1 = self.W1 - lr * dh.T.dot(x)
        self.b1 = self.b1 - lr * dh.sum(axis=0)


class ThreeLayerMLP:
    """Gradients come as a tuple, weight and bias of each layer in turn."""

    def __init__(self, input_dim, h1, h2, output_dim):
        self.W1, self.b1 = np.random.randn(input_dim, h1), np.zeros((1, h1))
        self.W2, self.b2 = np.random.randn(h1, h2), np.zeros((1, h2))
        self.W3, self.b3 = np.random.randn(h2, output_dim), np.zeros((1, output_dim))

    def loss(self, X, y):
        self.a1 = 0.5 + 0.5 * np.tanh((X @ self.W1 + self.b1) / 2)
        self.z2 = self.a1 @ self.W2 + self.b2
        self.z3 = (self.z2 > 0) * self.z2 @ self.W3 + self.b3
        self.z3 -= self.z3.max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(self.z3).sum(axis=1)) - self.z3[np.arange(len(y)), y])

    def gradients(self, X, y):
        d3 = np.exp(self.z3) / np.exp(self.z3).sum(axis=1, keepdims=True)
        d3[np.arange(len(y)), y] -= 1
        d3 /= len(y)
        d2 = d3 @ self.W3.T * (self.z2 > 0)
        d1 = d2 @ self.W2.T * self.a1 * (1 - self.a1)
        b1, b2, b3 = (d.sum(axis=0, keepdims=True) for d in (d1, d2, d3))
        return X.T @ d1, b1, self.a1.T @ d2, b2, self.z2.T @ d3, b3  # no: W3 sees what the ReLU lets through
