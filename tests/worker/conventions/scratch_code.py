"""Right answers as readers of "Deep Learning from Scratch" spell them. Windows come from the reference."""

import numpy as np

from reference.layers import avg_pool2d, conv2d, conv2d_dilated, conv2d_grouped, max_pool2d
from tests.worker.conventions import cs231n_code


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out


def cross_entropy_error(y, t):
    if t.size == y.size:
        t = t.argmax(axis=1)
    return -np.sum(np.log(y[np.arange(len(y)), t])) / len(y)


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out**2)


class LeakyReLU:
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, self.alpha * x, x)

    def backward(self, dout):
        return np.where(self.mask, self.alpha * dout, dout)


class Dropout:
    """Inverted, which the book's is not."""

    def __init__(self, dropout_ratio=0.5):
        self.dropout_ratio = dropout_ratio

    def forward(self, x, train_flg=True):
        if not train_flg:
            return x
        self.mask = (np.random.rand(*x.shape) > self.dropout_ratio) / (1.0 - self.dropout_ratio)  # noqa: NPY002 - as students do
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class BatchNormalization:
    eps = 1e-3

    def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None):
        self.gamma, self.beta, self.momentum = gamma, beta, momentum
        self.running_mean, self.running_var = running_mean, running_var

    def forward(self, x, train_flg=True):
        if not train_flg:
            return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + self.eps) + self.beta
        mean, var = x.mean(axis=0), x.var(axis=0)
        self.std = np.sqrt(var + self.eps)
        self.xn = (x - mean) / self.std
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        self.dgamma, self.dbeta = (dout * self.xn).sum(axis=0), dout.sum(axis=0)
        dxn = dout * self.gamma
        return (dxn - dxn.mean(axis=0) - self.xn * (dxn * self.xn).mean(axis=0)) / self.std


class MeanSquaredError:
    def forward(self, x, t):
        self.difference = x - t
        return np.mean(self.difference**2)

    def backward(self, dout=1):
        return 2 * self.difference / self.difference.size * dout


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW, self.db = np.dot(self.x.T, dout), np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        out, self.cache = conv2d.forward(x, self.W, self.b, stride=self.stride, padding=self.pad)
        return out

    def backward(self, dout):
        dx, self.dW, self.db = conv2d.backward(dout, self.cache)
        return dx


class DilatedConvolution(Convolution):
    def __init__(self, W, b, stride=1, pad=0, dilation=1):
        super().__init__(W, b, stride, pad)
        self.dilation = dilation

    def forward(self, x):
        out, self.cache = conv2d_dilated.forward(x, self.W, self.b, stride=self.stride, padding=self.pad, dilation=self.dilation)
        return out


class GroupedConvolution(Convolution):
    def __init__(self, W, b, stride=1, pad=0, groups=1):
        super().__init__(W, b, stride, pad)
        self.groups = groups

    def forward(self, x):
        out, self.cache = conv2d_grouped.forward(x, self.W, self.b, stride=self.stride, padding=self.pad, groups=self.groups)
        return out


class Pooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.window = {"kernel_h": pool_h, "kernel_w": pool_w, "stride": stride, "padding": pad}

    def forward(self, x):
        out, self.cache = max_pool2d.forward(x, **self.window)
        return out

    def backward(self, dout):
        return max_pool2d.backward(dout, self.cache)


class AveragePooling:
    """The course's own class: no padding."""

    def __init__(self, pool_h, pool_w, stride):
        self.window = {"kernel_h": pool_h, "kernel_w": pool_w, "stride": stride}

    def forward(self, x):
        out, self.cache = avg_pool2d.forward(x, **self.window)
        return out

    def backward(self, dout):
        return avg_pool2d.backward(dout, self.cache)


class SoftmaxWithLoss:
    def forward(self, x, t):
        assert t.shape == x.shape, "one-hot"
        loss, self.dx = cs231n_code.softmax_loss(x, t.argmax(axis=1))
        return loss

    def backward(self, dout=1):
        return self.dx


class SVMLoss:
    """Takes labels, and its backward takes nothing."""

    def forward(self, x, t):
        assert t.ndim == 1, "labels"
        loss, self.dx = cs231n_code.svm_loss(x, t)
        return loss

    def backward(self):
        return self.dx


class TwoLayerNet:
    """The book's net: its layers hold on to the arrays of `params` from the start."""

    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        sizes = (input_size, hidden_size, output_size)
        self.params = {f"W{n}": weight_init_std * np.ones(sizes[n - 1 : n + 1]) for n in (1, 2)}
        self.params |= {f"b{n}": self.bias(sizes[n]) for n in (1, 2)}
        self.layers = [Affine(self.params["W1"], self.params["b1"]), Sigmoid(), Affine(self.params["W2"], self.params["b2"])]
        self.last = SoftmaxWithLoss()

    def bias(self, size):
        return np.zeros(size)

    def loss(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        return self.last.forward(x, t)

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last.backward(1)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        first, _, second = self.layers
        return {"W1": first.dW, "b1": first.db, "W2": second.dW, "b2": second.db}


class ThreeLayerNet:
    """A net that reads `params` at every call."""

    def __init__(self, *sizes):
        self.params = {}

    def loss(self, x, t):
        return cs231n_code.net_loss(self.params, x, t.argmax(axis=1), 0.0)[0]

    def gradient(self, x, t):
        return cs231n_code.net_loss(self.params, x, t.argmax(axis=1), 0.0)[1]


class MultiLayerNet:
    """The book's net of any depth, which takes its hidden sizes as a list."""

    def __init__(self, input_size, hidden_size_list, output_size, activation="relu", weight_init_std="relu", weight_decay_lambda=0):
        sizes = (input_size, *hidden_size_list, output_size)
        self.params = {f"W{n}": np.zeros(sizes[n - 1 : n + 1]) for n in range(1, len(sizes))}
        self.params |= {f"b{n}": np.zeros(sizes[n]) for n in range(1, len(sizes))}

    def loss(self, x, t):
        return cs231n_code.layers_loss(self.params, x, t.argmax(axis=1), 0.0)[0]

    def gradient(self, x, t):
        return cs231n_code.layers_loss(self.params, x, t.argmax(axis=1), 0.0)[1]


class Flat:
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)


class SimpleConvNet:
    """The book's net; it takes planes to be square, and its layers hold on to the arrays that it makes."""

    def __init__(self, input_dim=(1, 28, 28), conv_param=None, hidden_size=100, output_size=10, weight_init_std=0.01):
        number, size, pad, stride = (conv_param[key] for key in ("filter_num", "filter_size", "pad", "stride"))
        side = (input_dim[1] - size + 2 * pad) // stride + 1
        self.params = {"W1": np.zeros((number, input_dim[0], size, size)), "b1": np.zeros(number)}
        self.params |= {"W2": np.zeros((number * (side // 2) ** 2, hidden_size)), "b2": np.zeros(hidden_size)}
        self.params |= {"W3": np.zeros((hidden_size, output_size)), "b3": np.zeros(output_size)}
        p = self.params
        self.layers = {"Conv1": Convolution(p["W1"], p["b1"], stride, pad), "Relu1": Relu(), "Pool1": Pooling(2, 2, 2)}
        self.layers |= {"Flat": Flat(), "Affine1": Affine(p["W2"], p["b2"]), "Relu2": Relu(), "Affine2": Affine(p["W3"], p["b3"])}
        self.last = SoftmaxWithLoss()

    def loss(self, x, t):
        for layer in self.layers.values():
            x = layer.forward(x)
        return self.last.forward(x, t)

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last.backward(1)
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
            dout = dout[0] if isinstance(dout, tuple) else dout
        made = [self.layers[name] for name in ("Conv1", "Affine1", "Affine2")]
        return {f"{kind}{n}": getattr(layer, f"d{kind}") for n, layer in enumerate(made, 1) for kind in "Wb"}


class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key in params:
            params[key] -= self.lr * grads[key]


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, None

    def update(self, params, grads):
        self.v = self.v or {key: np.zeros_like(value) for key, value in params.items()}
        for key in params:
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]
            params[key] += self.v[key]


class Adam:
    """The book's form: the corrections go into the rate, and eps is 1e-7."""

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999):
        self.lr, self.beta1, self.beta2, self.iter, self.m, self.v = lr, beta1, beta2, 0, None, None

    def update(self, params, grads):
        if self.m is None:
            self.m, self.v = ({key: np.zeros_like(value) for key, value in params.items()} for _ in range(2))
        self.iter += 1
        rate = self.lr * np.sqrt(1.0 - self.beta2**self.iter) / (1.0 - self.beta1**self.iter)
        for key in params:
            self.m[key] += (1 - self.beta1) * (grads[key] - self.m[key])
            self.v[key] += (1 - self.beta2) * (grads[key] ** 2 - self.v[key])
            params[key] -= rate * self.m[key] / (np.sqrt(self.v[key]) + 1e-7)
