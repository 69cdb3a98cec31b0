# coding: utf-8
"""Exercise: each forward has one bug, marked BUG; backward is left as it should be."""
from collections import OrderedDict
import numpy as np


def im2col(img, fh, fw, stride, pad, gap=1):
    N, C, H, W = img.shape
    out_h = (H + 2 * pad - gap * (fh - 1) - 1) // stride + 1
    out_w = (W + 2 * pad - gap * (fw - 1) - 1) // stride + 1
    img = np.pad(img, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
    col = np.zeros((N, C, fh, fw, out_h, out_w), img.dtype)
    for y in range(fh):
        for x in range(fw):
            col[:, :, y, x] = img[:, :, gap * y:, gap * x:][:, :, ::stride, ::stride][:, :, :out_h, :out_w]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * out_h * out_w, -1), out_h, out_w


def col2im(col, shape, fh, fw, stride, pad, out_h, out_w, gap=1):
    N, C, H, W = shape
    col = col.reshape(N, out_h, out_w, C, fh, fw).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad, W + 2 * pad), col.dtype)
    for y in range(fh):
        for x in range(fw):
            img[:, :, gap * y:, gap * x:][:, :, ::stride, ::stride][:, :, :out_h, :out_w] += col[:, :, y, x]
    return img[:, :, pad:H + pad, pad:W + pad]


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) - self.b  # BUG: minus

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = (x <= 0)
        return np.abs(x)  # BUG: negative numbers turn positive

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx


class LeakyReLU:
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, x + self.alpha)  # BUG: plus

    def backward(self, dout):
        return np.where(self.x > 0, dout, self.alpha * dout)


def sigmoid(x):
    e = np.exp(-abs(x))
    return np.where(x > 0, 1 / (1 + e), e / (1 + e))


class Sigmoid:
    def forward(self, x):
        self.out = sigmoid(x)
        return sigmoid(-x)  # BUG: exp(x), not exp(-x)

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out


class Tanh:
    def forward(self, x):
        self.x = x
        return 1.7159 * np.tanh(2 / 3 * x)  # BUG: LeCun's tanh is another function

    def backward(self, dout):
        return dout * (1 - np.tanh(self.x) ** 2)


def softmax(x):
    x = x - np.max(x, axis=1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)


def cross_entropy_error(y, t):
    if t.ndim == 2:
        t = t.argmax(axis=1)
    return -np.sum(np.log2(y[np.arange(len(y)), t])) / len(y)  # BUG: in bits


def nats(x, t):
    z = x - x.max(axis=1, keepdims=True)
    return np.sum((np.log(np.exp(z).sum(axis=1, keepdims=True)) - z) * t) / len(t)


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        self.y = softmax(x)
        return nats(x, t) / np.log(2)  # BUG: in bits

    def backward(self, dout=1):
        return dout * (self.y - self.t) / self.t.shape[0]


class SVMLoss:
    def forward(self, x, t):
        rows = np.arange(len(t))
        self.margin = x - x[rows, t].reshape(-1, 1) + 1
        self.margin[rows, t] = 0
        self.t = t
        return np.sum(np.maximum(self.margin, 0) ** 2) / len(t)  # BUG: squared hinge

    def backward(self, dout=1):
        dx = (self.margin > 0).astype(self.margin.dtype)
        dx[np.arange(len(self.t)), self.t] = -np.sum(dx, axis=1)
        return dout * dx / len(self.t)


class MeanSquaredError:
    def forward(self, x, t):
        self.d = x - t
        return np.mean(np.abs(self.d))  # BUG: the absolute error

    def backward(self, dout=1):
        return dout * 2 * self.d / self.d.size


class BatchNormalization:
    def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None):
        self.gamma, self.beta, self.momentum = gamma, beta, momentum
        self.running_mean, self.running_var = running_mean, running_var

    def forward(self, x, train_flg=True):
        if train_flg:
            mu = x.mean(axis=0)
            self.xc = x - mu
            var = np.mean(self.xc ** 2, axis=0)
            self.std = np.sqrt(var + 10e-7)
            self.xn = self.xc / self.std
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mu
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
            xn = self.xn
        else:
            xn = (x - self.running_mean) / (self.running_var + 10e-7)  # BUG: no root
        return self.gamma * xn + self.beta

    def backward(self, dout):
        self.dbeta = dout.sum(axis=0)
        self.dgamma = np.sum(self.xn * dout, axis=0)
        dxn = self.gamma * dout
        dxc = dxn / self.std
        dvar = -0.5 * np.sum(dxn * self.xc, axis=0) / self.std ** 3
        dxc += 2.0 / len(dout) * self.xc * dvar
        return dxc - np.mean(dxc, axis=0)


class Dropout:
    def __init__(self, dropout_ratio=0.5):
        self.dropout_ratio = dropout_ratio

    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = np.random.rand(*x.shape) > self.dropout_ratio
            return x * self.mask
        return x * self.dropout_ratio  # BUG: 1 - ratio

    def backward(self, dout):
        return dout * self.mask


class Convolution:
    gap, groups = 1, 1

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def right(self, x, W):
        (FN, C, FH, FW), G = W.shape, self.groups
        self.x = x
        outs, self.cols = [], []
        for g in range(G):
            col, out_h, out_w = im2col(x[:, g * C:(g + 1) * C], FH, FW, self.stride, self.pad, self.gap)
            outs.append(np.dot(col, W[g * FN // G:(g + 1) * FN // G].reshape(FN // G, -1).T))
            self.cols.append(col)
        self.size = out_h, out_w
        return np.concatenate(outs, axis=1).reshape(len(x), out_h, out_w, FN).transpose(0, 3, 1, 2)

    def forward(self, x):
        out = self.right(x, self.W)
        return out + self.b.sum()  # BUG: every filter gets all the biases

    def backward(self, dout):
        (FN, C, FH, FW), G = self.W.shape, self.groups
        n, shape = FN // G, (len(self.x), C, *self.x.shape[2:])
        self.db = dout.sum(axis=(0, 2, 3))
        d = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.dW = np.zeros_like(self.W)
        dx = []
        for g, col in enumerate(self.cols):
            part = d[:, g * n:(g + 1) * n]
            self.dW[g * n:(g + 1) * n] = np.dot(part.T, col).reshape(n, C, FH, FW)
            dcol = np.dot(part, self.W[g * n:(g + 1) * n].reshape(n, -1))
            dx.append(col2im(dcol, shape, FH, FW, self.stride, self.pad, *self.size, self.gap))
        return np.concatenate(dx, axis=1)


class DilatedConvolution(Convolution):
    def __init__(self, W, b, stride, pad, dilation):
        super().__init__(W, b, stride, pad)
        self.gap = dilation

    def forward(self, x):
        self.right(x, self.W)
        # BUG: turned over, as in a true convolution
        cols, W = self.cols, self.W[:, :, ::-1, ::-1]
        out = self.right(x, W) + self.b.reshape(1, -1, 1, 1)
        self.cols = cols
        return out


class GroupedConvolution(Convolution):
    def __init__(self, W, b, stride, pad, groups):
        super().__init__(W, b, stride, pad)
        self.groups = groups

    def forward(self, x):
        out = self.right(x, self.W) + self.b.reshape(1, -1, 1, 1)
        N, F, H, W = out.shape
        # BUG: channels are shuffled after the layer, as in ShuffleNet
        return out.reshape(N, self.groups, F // self.groups, H, W).swapaxes(1, 2).reshape(N, F, H, W)


class Pooling:
    def __init__(self, pool_h, pool_w, stride=2, pad=0):
        self.pool_h, self.pool_w, self.stride, self.pad = pool_h, pool_w, stride, pad

    def windows(self, x):
        col, out_h, out_w = im2col(x, self.pool_h, self.pool_w, self.stride, self.pad)
        self.x, self.col = x, col.reshape(-1, self.pool_h * self.pool_w)
        return out_h, out_w

    def images(self, rows, out_h, out_w):
        N, C = self.x.shape[:2]
        return rows.reshape(N, out_h, out_w, C).transpose(0, 3, 1, 2)

    def gradient(self, dcol, dout):
        dcol = dcol.reshape(len(dout) * dout.shape[2] * dout.shape[3], -1)
        return col2im(dcol, self.x.shape, self.pool_h, self.pool_w, self.stride, self.pad, *dout.shape[2:])

    def forward(self, x):
        size = self.windows(x)
        best = np.argmax(np.abs(self.col), axis=1)  # BUG: the largest in absolute value
        return self.images(self.col[np.arange(len(best)), best], *size)

    def backward(self, dout):
        dcol = np.zeros_like(self.col)
        dcol[np.arange(len(dcol)), self.col.argmax(axis=1)] = dout.transpose(0, 2, 3, 1).ravel()
        return self.gradient(dcol, dout)


class AveragePooling(Pooling):
    def forward(self, x):
        size = self.windows(x)
        return self.images(np.median(self.col, axis=1), *size)  # BUG: the median

    def backward(self, dout):
        share = dout.transpose(0, 2, 3, 1).reshape(-1, 1) / self.col.shape[1]
        return self.gradient(np.repeat(share, self.col.shape[1], axis=1), dout)


class Plus(Affine):
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b


class Positive(Relu):
    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0, x)


class Squash(Sigmoid):
    def forward(self, x):
        self.out = sigmoid(x)
        return self.out


class Best(Pooling):
    def forward(self, x):
        size = self.windows(x)
        return self.images(self.col.max(axis=1), *size)


class Filters(Convolution):
    def forward(self, x):
        return self.right(x, self.W) + self.b.reshape(-1, 1, 1)


class Net:
    def add(self, name, layer, number=0):
        self.__dict__.setdefault('layers', OrderedDict())[name] = layer
        if number:
            self.__dict__.setdefault('params', {}).update({f'W{number}': layer.W, f'b{number}': layer.b})
            self.__dict__.setdefault('numbered', {})[number] = layer

    def scores(self, x):
        for number, layer in self.numbered.items():
            layer.W, layer.b = self.params[f'W{number}'], self.params[f'b{number}']
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def gradient(self, x, t):
        dout = (softmax(self.scores(x)) - t) / len(t)
        for layer in list(self.layers.values())[::-1]:
            dout = layer.backward(dout)
        grads = {}
        for number, layer in self.numbered.items():
            grads[f'W{number}'], grads[f'b{number}'] = layer.dW, layer.db
        return grads


def plus(rows, columns):
    return Plus(0.1 * np.random.randn(rows, columns), np.zeros(columns))


class TwoLayerNet(Net):
    def __init__(self, input_size, hidden_size, output_size):
        self.add('Affine1', plus(input_size, hidden_size), 1)
        self.add('Sigmoid', Squash())
        self.add('Affine2', plus(hidden_size, output_size), 2)

    def loss(self, x, t):
        return nats(self.scores(x), t) * len(t)  # BUG: a sum over the batch


class ThreeLayerNet(Net):
    def __init__(self, input_size, hidden1, hidden2, output_size):
        self.add('Affine1', plus(input_size, hidden1), 1)
        self.add('Sigmoid', Squash())
        self.add('Affine2', plus(hidden1, hidden2), 2)
        self.add('Relu', Positive())
        self.add('Affine3', plus(hidden2, output_size), 3)

    def loss(self, x, t):
        return nats(np.maximum(self.scores(x), 0), t)  # BUG: a ReLU before the softmax


class MultiLayerNet(Net):
    def __init__(self, input_size, hidden_size_list, output_size):
        sizes = [input_size] + hidden_size_list + [output_size]
        for i in range(1, len(sizes)):
            self.add(f'Affine{i}', plus(sizes[i - 1], sizes[i]), i)
            if i + 1 < len(sizes):
                self.add(f'Relu{i}', Positive())

    def loss(self, x, t):
        return nats(softmax(self.scores(x)), t)  # BUG: the softmax twice


class SimpleConvNet(Net):
    def __init__(self, input_dim, conv_param, hidden_size, output_size):
        F, K = conv_param['filter_num'], conv_param['filter_size']
        W = 0.1 * np.random.randn(F, input_dim[0], K, K)
        self.add('Conv', Filters(W, np.zeros(F), conv_param['stride'], conv_param['pad']), 1)
        self.add('Relu1', Positive())
        self.add('Pool', Best(2, 2, 2))
        self.add('Flatten', Flatten())
        self.add('Affine1', plus(F * (input_dim[1] // 2) * (input_dim[2] // 2), hidden_size), 2)
        self.add('Relu2', Positive())
        self.add('Affine2', plus(hidden_size, output_size), 3)

    def loss(self, x, t):
        p = softmax(self.scores(x))
        return -np.sum(t * np.log(p) + (1 - t) * np.log(1 - p)) / len(t)  # BUG: the loss of independent classes


class Flatten:
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)


class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key in params:
            params[key] -= self.lr * np.sign(grads[key])  # BUG: the sign alone


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, None

    def update(self, params, grads):
        if self.v is None:
            self.v = {key: np.zeros_like(val) for key, val in params.items()}
        for key in params:
            params[key] += self.v[key]  # BUG: the step before, not this one
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999):
        self.lr, self.beta1, self.beta2, self.iter = lr, beta1, beta2, 0
        self.m, self.v = {}, {}

    def update(self, params, grads):
        self.iter += 1
        for key in params:
            m, v = self.m.get(key, 0.0), self.v.get(key, 0.0)
            self.m[key] = m + (1 - self.beta1) * (grads[key] - m)
            self.v[key] = v + (1 - self.beta2) * (grads[key] ** 2 - v)
            unbiased = self.m[key] / (1 - self.beta1 ** self.iter), self.v[key] / (1 - self.beta2 ** self.iter)
            params[key] -= self.lr * unbiased[0] / (unbiased[1] + 1e-7)  # BUG: no root
