"""Losses, norms, dropout and nets as classes of repositories, one design a class."""

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class LabelLoss:
    def forward(self, logits, labels):
        self.p, self.labels = softmax(logits), labels
        return -np.log(self.p[np.arange(len(labels)), labels]).mean()

    def backward(self):
        dx = self.p.copy()
        dx[np.arange(len(dx)), self.labels] -= 1
        return dx / len(dx)


class RowsLoss:
    """One-hot rows, targets first, each method asked with both."""

    def loss(self, y_true, y_pred):
        return -np.sum(y_true * np.log(softmax(y_pred))) / y_true.shape[0]

    def gradient(self, y_true, y_pred):
        return (softmax(y_pred) - y_true) / y_true.shape[0]


class BothLoss:
    """Loss and gradient at once."""

    def __call__(self, scores, y):
        p = softmax(scores)
        t = np.eye(scores.shape[1])[y]
        return -np.sum(t * np.log(p)) / len(y), (p - t) / len(y)


class ColumnLoss:
    """Labels (N, 1)."""

    def forward(self, x, y):
        assert y.ndim == 2
        assert y.shape[1] == 1
        self.p, self.y = softmax(x), y[:, 0]
        return -np.log(self.p[np.arange(len(y)), self.y]).mean()

    def backward(self, dout=1):
        return dout * (self.p - np.eye(self.p.shape[1])[self.y]) / len(self.y)


class TargetLoss(LabelLoss):
    """Backward is given the targets again."""

    def forward(self, x, t):
        return super().forward(x, t.argmax(axis=1))

    def backward(self, t):
        return (self.p - t) / len(t)


class SummedLoss(LabelLoss):
    def backward(self):
        return super().backward() * len(self.labels)


class ProbabilityLoss:
    """Wants probabilities, of a softmax layer before it."""

    def forward(self, y_pred, y_true):
        self.p, self.t = y_pred, y_true
        return -np.mean(np.log(y_pred[np.arange(len(y_true)), y_true]))

    def backward(self):
        return -1 / self.p


class TruthFirstMSE:
    def loss(self, y, y_hat):
        return np.mean((y_hat - y) ** 2)

    def derivative(self, y, y_hat):
        return 2 * (y_hat - y) / y.size


class WrongSignMSE(TruthFirstMSE):
    def derivative(self, y, y_hat):
        return 2 * (y - y_hat) / y.size


class FlagNorm:
    """The mode is an argument; gamma of shape (1, D)."""

    def __init__(self, dim, eps=1e-5, momentum=0.9):
        self.gamma, self.beta = np.ones((1, dim)), np.zeros((1, dim))
        self.running_mean, self.running_var = np.zeros((1, dim)), np.ones((1, dim))
        self.eps, self.momentum = eps, momentum

    def forward(self, x, training=True):
        if training:
            mean, var = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mean, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.x_hat = (x - mean) / self.std
        return self.gamma * self.x_hat + self.beta

    def backward(self, dout):
        self.dgamma, self.dbeta = (dout * self.x_hat).sum(axis=0, keepdims=True), dout.sum(axis=0, keepdims=True)
        d = dout * self.gamma
        return (d - d.mean(axis=0) - self.x_hat * (d * self.x_hat).mean(axis=0)) / self.std


class LazyNorm(FlagNorm):
    """Learns its size from its first input; the mode is a string in an attribute."""

    def __init__(self, momentum=0.9, epsilon=1e-5):
        self.mode, self.gamma, self.rest = "train", None, (epsilon, momentum)

    def forward(self, x):
        if self.gamma is None:
            super().__init__(x.shape[1], *self.rest)
        return super().forward(x, self.mode == "train")


class TestlessNorm(FlagNorm):
    """Forgets gamma and beta in test mode."""

    def forward(self, x, training=True):
        out = super().forward(x, training)
        return out if training else self.x_hat


class PlanesNorm(FlagNorm):
    """(N, H, W, C), switched by a method; returns its gradients."""

    def __init__(self, channels, eps=1e-5, momentum=0.9):
        super().__init__(channels, eps, momentum)
        self.test_time = False

    def eval(self):
        self.test_time = True

    def forward(self, x):
        self.shape = x.shape
        return super().forward(x.reshape(-1, x.shape[3]), not self.test_time).reshape(x.shape)

    def backward(self, dout):
        dx = super().backward(dout.reshape(-1, dout.shape[3])).reshape(self.shape)
        gradients = self.dgamma, self.dbeta
        self.dgamma = self.dbeta = None
        return dx, *gradients


class ShapedLayerNorm:
    """Takes the shape of a sample, as torch does."""

    def __init__(self, normalized_shape, eps=1e-5):
        self.axes = tuple(range(-len(normalized_shape), 0))
        self.weight, self.bias, self.eps = np.ones(normalized_shape), np.zeros(normalized_shape), eps

    def forward(self, x):
        self.std = np.sqrt(x.var(axis=self.axes, keepdims=True) + self.eps)
        self.h = (x - x.mean(axis=self.axes, keepdims=True)) / self.std
        return self.weight * self.h + self.bias

    def backward(self, dout):
        self.grad_weight, self.grad_bias = (dout * self.h).sum(axis=0), dout.sum(axis=0)
        d = dout * self.weight
        means = (a.mean(axis=self.axes, keepdims=True) for a in (d, d * self.h))
        return (d - next(means) - self.h * next(means)) / self.std


class GroupNorm:
    def __init__(self, channels, groups, epsilon=1e-5):
        self.G, self.epsilon = groups, epsilon
        self.gamma, self.beta = np.ones((1, channels, 1, 1)), np.zeros((1, channels, 1, 1))

    def forward(self, x):
        g = x.reshape(len(x), self.G, -1)
        self.std = np.sqrt(g.var(axis=2, keepdims=True) + self.epsilon)
        self.h = ((g - g.mean(axis=2, keepdims=True)) / self.std).reshape(x.shape)
        return self.gamma * self.h + self.beta

    def backward(self, dout):
        self.dgamma = (dout * self.h).sum(axis=(0, 2, 3), keepdims=True)
        self.dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
        d, h = ((a).reshape(len(dout), self.G, -1) for a in (dout * self.gamma, self.h))
        dx = (d - d.mean(axis=2, keepdims=True) - h * (d * h).mean(axis=2, keepdims=True)) / self.std
        return dx.reshape(dout.shape)


class KeepDropout:
    def __init__(self, keep_prob=0.5):
        self.keep = keep_prob

    def forward(self, x, train):
        self.mask = (np.random.rand(*x.shape) < self.keep) / self.keep if train else np.ones(x.shape)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class DropDropout(KeepDropout):
    def __init__(self, drop_rate):
        super().__init__(1 - drop_rate)


class UnclearKeepDropout(KeepDropout):
    def __init__(self, p):
        super().__init__(p)


class UnclearDropDropout(KeepDropout):
    def __init__(self, level=0.5):
        super().__init__(1 - level)


class ContraryDropout(KeepDropout):
    """Drops with the probability that it is told to keep with."""

    def __init__(self, keep_prob=0.5):
        super().__init__(1 - keep_prob)


class UnmaskedDropout(KeepDropout):
    def backward(self, dout):
        return dout / self.keep


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class AttributeNet:
    """Parameters and gradients are attributes; loss and backward are asked with what forward gave, one-hot rows."""

    def __init__(self, input_size, hidden_size, output_size):
        self.W1, self.b1 = np.random.randn(input_size, hidden_size), np.zeros((1, hidden_size))
        self.W2, self.b2 = np.random.randn(hidden_size, output_size), np.zeros((1, output_size))

    def forward(self, X):
        self.a1 = sigmoid(X @ self.W1 + self.b1)
        return softmax(self.a1 @ self.W2 + self.b2)

    def compute_loss(self, y_true, y_pred):
        return -np.sum(y_true * np.log(y_pred)) / len(y_true)

    def backward(self, X, y_true, y_pred):
        d2 = (y_pred - y_true) / len(X)
        self.dW2, self.db2 = self.a1.T @ d2, d2.sum(axis=0, keepdims=True)
        d1 = d2 @ self.W2.T * self.a1 * (1 - self.a1)
        self.dW1, self.db1 = X.T @ d1, d1.sum(axis=0, keepdims=True)


class UpdatingNet(AttributeNet):
    """Its backward takes a step and keeps nothing; labels."""

    def compute_loss(self, pred, labels):
        return super().compute_loss(np.eye(pred.shape[1])[labels], pred)

    def backward(self, X, y, learning_rate=0.1):
        p = self.forward(X)
        super().backward(X, np.eye(p.shape[1])[y], p)
        for name in ("W1", "b1", "W2", "b2"):
            setattr(self, name, getattr(self, name) - learning_rate * getattr(self, f"d{name}"))
            delattr(self, f"d{name}")


class TupleNet(AttributeNet):
    """Returns its gradients, last layer first."""

    def loss(self, X, y):
        p = self.forward(X)
        return -np.log(p[np.arange(len(y)), y]).mean()

    def backward(self, X, y):
        p = self.forward(X)
        super().backward(X, np.eye(p.shape[1])[y], p)
        return self.dW2, self.db2, self.dW1, self.db1


class FrozenNet(TupleNet):
    def backward(self, X, y):
        dW2, db2, dW1, db1 = super().backward(X, y)
        return dW2, db2, dW1, 0 * db1


class NamelessNet(AttributeNet):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__(input_size, hidden_size, output_size)
        self.first, self.W1 = self.W1, None


class ThreeLayerNet:
    """Weights (outputs, inputs), one-hot rows; returns a dictionary."""

    def __init__(self, n_input, n_hidden1, n_hidden2, n_output):
        sizes = (n_input, n_hidden1, n_hidden2, n_output)
        for n in (1, 2, 3):
            setattr(self, f"W{n}", np.random.randn(sizes[n], sizes[n - 1]))
            setattr(self, f"b{n}", np.zeros((sizes[n], 1)))

    def forward(self, x):
        self.x = x
        self.h1 = sigmoid(x @ self.W1.T + self.b1.T)
        self.h2 = np.maximum(0, self.h1 @ self.W2.T + self.b2.T)
        return softmax(self.h2 @ self.W3.T + self.b3.T)

    def loss(self, y_hat, y):
        return -np.sum(y * np.log(y_hat)) / len(y)

    def backward(self, y, y_hat):
        d3 = (y_hat - y) / len(y)
        d2 = d3 @ self.W3 * (self.h2 > 0)
        d1 = d2 @ self.W2 * self.h1 * (1 - self.h1)
        rows = zip((1, 2, 3), (d1, d2, d3), (self.x, self.h1, self.h2), strict=True)
        return {k: v for n, d, h in rows for k, v in ((f"dW{n}", d.T @ h), (f"db{n}", d.sum(axis=0)[:, None]))}
