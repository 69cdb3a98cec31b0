import numpy as np


class Linear:
    def __init__(self, in_features, out_features):
        self.W = np.random.randn(in_features, out_features) / np.sqrt(in_features)
        self.b = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class Sigmoid:
    def forward(self, x):
        self.y = np.exp(-np.logaddexp(0, -x))
        return self.y

    def backward(self, dout):
        return dout * (self.y - self.y ** 2)


class Conv2d:
    """(N, C, H, W); a square filter. Every entry of the filter meets a shifted picture."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.stride, self.padding, self.k = stride, padding, kernel_size
        self.params = {'W': np.random.randn(out_channels, in_channels, kernel_size, kernel_size), 'b': np.zeros(out_channels)}
        self.grads = {}

    def shifts(self, xp, out_h, out_w):
        s = self.stride
        for i in range(self.k):
            for j in range(self.k):
                yield i, j, xp[:, :, i:i + s * (out_h - 1) + 1:s, j:j + s * (out_w - 1) + 1:s]

    def forward(self, x):
        p = self.padding
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.size = [(n - self.k) // self.stride + 1 for n in self.xp.shape[2:]]
        out = self.params['b'].reshape(1, -1, 1, 1)
        for i, j, view in self.shifts(self.xp, *self.size):
            out = out + np.tensordot(self.params['W'][:, :, i, j], view, (1, 1)).swapaxes(0, 1)
        return out

    def backward(self, dout):
        dxp, dW = np.zeros_like(self.xp), np.zeros_like(self.params['W'])
        for (i, j, view), (_, _, target) in zip(self.shifts(self.xp, *self.size), self.shifts(dxp, *self.size)):
            dW[:, :, i, j] = np.tensordot(dout, view, ([0, 2, 3], [0, 2, 3]))
            target += np.tensordot(self.params['W'][:, :, i, j], dout, (0, 1)).swapaxes(0, 1)
        self.grads = {'W': dW, 'b': dout.sum(axis=(0, 2, 3))}
        p, (h, w) = self.padding, self.xp.shape[2:]
        return dxp[:, :, p:h - p, p:w - p]


class MaxPool2d:
    def __init__(self, kernel_size, stride):
        self.k, self.s = kernel_size, stride

    def tiles(self, size):
        for i, j in np.ndindex(*[(n - self.k) // self.s + 1 for n in size]):
            yield i, j, slice(i * self.s, i * self.s + self.k), slice(j * self.s, j * self.s + self.k)

    def forward(self, x):
        self.x = x
        self.out = np.zeros((*x.shape[:2], *[(n - self.k) // self.s + 1 for n in x.shape[2:]]))
        for i, j, rows, cols in self.tiles(x.shape[2:]):
            self.out[:, :, i, j] = x[:, :, rows, cols].max(axis=(2, 3))
        return self.out

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        for i, j, rows, cols in self.tiles(self.x.shape[2:]):
            top = self.x[:, :, rows, cols] == self.out[:, :, i, j, None, None]
            dx[:, :, rows, cols] += dout[:, :, i, j, None, None] * top
        return dx


class AvgPool2d(MaxPool2d):
    def forward(self, x):
        self.x = x
        self.out = np.zeros((*x.shape[:2], *[(n - self.k) // self.s + 1 for n in x.shape[2:]]))
        for i, j, rows, cols in self.tiles(x.shape[2:]):
            self.out[:, :, i, j] = x[:, :, rows, cols].mean(axis=(2, 3))
        return self.out

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        for i, j, rows, cols in self.tiles(self.x.shape[2:]):
            dx[:, :, rows, cols] += dout[:, :, i, j, None, None] / self.k ** 2
        return dx


class GlobalAvgPool2d:
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(*x.shape[:2], -1).mean(axis=-1)

    def backward(self, dout):
        n, c, h, w = self.shape
        return np.repeat(dout / (h * w), h * w, axis=1).reshape(n, c, h, w)


class GlobalMaxPool2d:
    def forward(self, x):
        self.flat, self.shape = x.reshape(-1, x.shape[2] * x.shape[3]), x.shape
        self.best = self.flat.argmax(axis=1)
        return self.flat.max(axis=1).reshape(*x.shape[:2], 1, 1)

    def backward(self, dout):
        dx = np.zeros_like(self.flat)
        dx[np.arange(len(dx)), self.best] = dout.ravel()
        return dx.reshape(self.shape)


class DilatedConv2d(Conv2d):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding)
        self.dilation = dilation

    def forward(self, x):
        p, s, d = self.padding, self.stride, self.dilation
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        reach = d * (self.k - 1) + 1
        self.windows = np.lib.stride_tricks.sliding_window_view(self.xp, (reach, reach), axis=(2, 3))[:, :, ::s, ::s, ::d, ::d]
        return np.einsum('nchwij,fcij->nfhw', self.windows, self.params['W']) + self.params['b'][:, None, None]

    def backward(self, dout):
        p, s, d, (h, w) = self.padding, self.stride, self.dilation, dout.shape[2:]
        self.grads = {'W': np.einsum('nchwij,nfhw->fcij', self.windows, dout), 'b': np.einsum('nfhw->f', dout)}
        dxp = np.zeros_like(self.xp)
        for i in range(self.k):
            for j in range(self.k):
                dxp[:, :, i * d:i * d + s * (h - 1) + 1:s, j * d:j * d + s * (w - 1) + 1:s] += \
                    np.einsum('nfhw,fc->nchw', dout, self.params['W'][:, :, i, j])
        return dxp[:, :, p:dxp.shape[2] - p, p:dxp.shape[3] - p]


class GroupedConv2d:
    """A row of ordinary convolutions, each with its share of the channels and of the filters."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1):
        self.W = 0.01 * np.random.randn(out_channels, in_channels // groups, kernel_size, kernel_size)
        self.b = np.zeros(out_channels)
        self.parts = [Conv2d(in_channels // groups, out_channels // groups, kernel_size, stride, padding) for _ in range(groups)]

    def forward(self, x):
        n = len(self.parts)
        for part, w, b in zip(self.parts, np.split(self.W, n), np.split(self.b, n)):
            part.params = {'W': w, 'b': b}
        return np.hstack([part.forward(share) for part, share in zip(self.parts, np.split(x, n, axis=1))])

    def backward(self, dout):
        dx = [part.backward(share) for part, share in zip(self.parts, np.split(dout, len(self.parts), axis=1))]
        self.dW = np.concatenate([part.grads['W'] for part in self.parts])
        self.db = np.concatenate([part.grads['b'] for part in self.parts])
        return np.hstack(dx)


class TanH:
    """As a function: its gradient is asked at the input."""

    def __call__(self, x):
        return 2 / (1 + np.exp(-2 * x)) - 1

    def gradient(self, x):
        return 1 - self(x) ** 2


class LeakyReLU:
    def __init__(self, alpha=0.2):
        self.alpha = alpha

    def __call__(self, x):
        return np.where(x >= 0, x, self.alpha * x)

    def gradient(self, x):
        return np.where(x >= 0, 1, self.alpha)


class SoftmaxCrossEntropy:
    """Targets are one-hot."""

    def forward(self, logits, targets):
        self.logits, self.targets = logits, targets
        self.lse = np.logaddexp.reduce(logits, axis=1)
        return (self.lse - (targets * logits).sum(axis=1)).mean()

    def backward(self):
        return (np.exp(self.logits - self.lse[:, None]) - self.targets) / self.targets.shape[0]


class HingeLoss:
    def forward(self, scores, y):
        self.dx, total = np.zeros(scores.shape), 0.0
        for row, s, label in zip(self.dx, scores, y):
            for k in range(len(s)):
                margin = s[k] - s[label] + 1
                if k != label and margin > 0:
                    total += margin
                    row[k] += 1
                    row[label] -= 1
        return total / len(y)

    def backward(self, dout=1.0):
        return dout * self.dx / len(self.dx)


class MSELoss:
    def __call__(self, prediction, target):
        self.error = prediction - target
        return 0.5 * np.sum(self.error * self.error) / len(target)

    def backward(self):
        return self.error / self.error.shape[0]


class BatchNorm1d:
    """Backward goes the graph of forward back, node by node."""

    def __init__(self, num_features, eps=1e-5, momentum=0.9):
        self.params = {'gamma': np.ones(num_features), 'beta': np.zeros(num_features)}
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.eps, self.momentum, self.grads = eps, momentum, {}

    def forward(self, x, train=True):
        gamma, beta = self.params['gamma'], self.params['beta']
        if not train:
            return gamma * (x - self.running_mean) / np.sqrt(self.running_var + self.eps) + beta
        mean = x.sum(axis=0) / len(x)
        self.centred = x - mean
        var = np.sum(self.centred ** 2, axis=0) / len(x)
        self.root = np.sqrt(var + self.eps)
        self.running_mean += (1 - self.momentum) * (mean - self.running_mean)
        self.running_var += (1 - self.momentum) * (var - self.running_var)
        return gamma * (self.centred / self.root) + beta

    def backward(self, dout):
        self.grads['beta'] = dout.sum(axis=0)
        self.grads['gamma'] = np.sum(dout * self.centred / self.root, axis=0)
        dhat = dout * self.params['gamma']
        droot = -np.sum(dhat * self.centred, axis=0) / self.root ** 2
        dvar = 0.5 * droot / self.root
        dcentred = dhat / self.root + 2 * self.centred * dvar / len(dout)
        return dcentred - dcentred.sum(axis=0) / len(dout)


class BatchNorm2d(BatchNorm1d):
    def rows(self, x):
        return np.moveaxis(x, 1, 3).reshape(-1, x.shape[1])

    def planes(self, rows, shape):
        n, c, h, w = shape
        return np.moveaxis(rows.reshape(n, h, w, c), 3, 1)

    def forward(self, x, train=True):
        return self.planes(super().forward(self.rows(x), train), x.shape)

    def backward(self, dout):
        return self.planes(super().backward(self.rows(dout)), dout.shape)


class LayerNormalization:
    def __init__(self, features, epsilon=1e-5):
        self.scale, self.shift, self.epsilon = np.ones(features), np.zeros(features), epsilon

    def forward(self, x):
        rows = x.T - x.mean(axis=1)
        self.r = 1 / np.sqrt((rows ** 2).mean(axis=0) + self.epsilon)
        self.h = (rows * self.r).T
        return self.h * self.scale + self.shift

    def backward(self, dout):
        self.grad_scale, self.grad_shift = np.einsum('nd,nd->d', dout, self.h), dout.sum(0)
        d, D = dout * self.scale, dout.shape[1]
        total, along = d.sum(axis=1, keepdims=True), np.einsum('nd,nd->n', d, self.h)[:, None]
        return self.r[:, None] / D * (D * d - total - self.h * along)


class GroupNorm:
    def __init__(self, num_groups, num_channels, eps=1e-5):
        self.groups, self.eps = num_groups, eps
        self.gamma, self.beta = np.ones(num_channels), np.zeros(num_channels)

    def split(self, x):
        return x.reshape(x.shape[0], self.groups, x.shape[1] // self.groups, *x.shape[2:])

    def forward(self, x):
        g = self.split(x)
        self.inv = 1 / np.sqrt(g.var(axis=(2, 3, 4), keepdims=True) + self.eps)
        self.hat = (g - g.mean(axis=(2, 3, 4), keepdims=True)) * self.inv
        return self.hat.reshape(x.shape) * self.gamma[:, None, None] + self.beta[:, None, None]

    def backward(self, dout):
        self.dgamma = np.sum(dout * self.hat.reshape(dout.shape), axis=(0, 2, 3))
        self.dbeta = np.sum(dout, axis=(0, 2, 3))
        d = self.split(dout * self.gamma[:, None, None])
        d = d - d.mean(axis=(2, 3, 4), keepdims=True) - self.hat * (d * self.hat).mean(axis=(2, 3, 4), keepdims=True)
        return (d * self.inv).reshape(dout.shape)


class Dropout:
    def __init__(self, drop_prob=0.5):
        self.keep, self.is_training = 1 - drop_prob, True

    def forward(self, x):
        self.mask = np.random.binomial(1, self.keep, size=x.shape) / self.keep if self.is_training else 1.0
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class MLP:
    """One hidden layer of ReLUs; scores are the loss's business."""

    def __init__(self, n_in, n_hidden, n_out):
        self.w1, self.b1 = np.random.randn(n_in, n_hidden) * np.sqrt(2 / n_in), np.zeros(n_hidden)
        self.w2, self.b2 = np.random.randn(n_hidden, n_out) * np.sqrt(2 / n_hidden), np.zeros(n_out)

    def forward(self, x):
        self.x = x
        self.h = np.maximum(x @ self.w1 + self.b1, 0)
        return self.h @ self.w2 + self.b2

    def loss(self, scores, t):
        self.criterion = SoftmaxCrossEntropy()
        return self.criterion.forward(scores, t)

    def backward(self):
        dscores = self.criterion.backward()
        self.dw2, self.db2 = self.h.T @ dscores, dscores.sum(axis=0)
        dh = np.where(self.h > 0, dscores @ self.w2.T, 0)
        self.dw1, self.db1 = self.x.T @ dh, dh.sum(axis=0)


class ThreeLayerNet:
    """Its layers hold the very arrays that stand in params."""

    def __init__(self, input_dim, hidden_dim1, hidden_dim2, num_classes):
        self.affine = [Linear(input_dim, hidden_dim1), Linear(hidden_dim1, hidden_dim2), Linear(hidden_dim2, num_classes)]
        self.layers = [self.affine[0], Sigmoid(), self.affine[1], ReLU(), self.affine[2]]
        self.params = {f'W{i}': layer.W for i, layer in enumerate(self.affine, 1)}
        self.params.update((f'b{i}', layer.b) for i, layer in enumerate(self.affine, 1))

    def loss(self, X, y):
        for layer in self.layers:
            X = layer.forward(X)
        criterion = SoftmaxCrossEntropy()
        value = criterion.forward(X, np.eye(X.shape[1])[y])
        dout, grads = criterion.backward(), {}
        for layer in self.layers[::-1]:
            dout = layer.backward(dout)
        for i, layer in enumerate(self.affine, 1):
            grads[f'W{i}'], grads[f'b{i}'] = layer.dW, layer.db
        return value, grads
