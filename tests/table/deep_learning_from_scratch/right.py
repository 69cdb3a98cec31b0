# coding: utf-8
"""All layers of the book in one file. Windows with a loop over their entries."""
import numpy as np


def softmax(a):
    e = np.exp((a.T - np.max(a, axis=1)).T)
    return (e.T / np.sum(e, axis=1)).T


def cross_entropy_error(y, t):
    if t.size == y.size:
        t = np.argmax(t, axis=1)
    return -sum(np.log(row[k]) for row, k in zip(y, t)) / len(y)


class Layer:
    """Remembers what a backward needs, and the gradients."""

    def keep(self, **what):
        self.__dict__.update(what)


class Affine(Layer):
    def __init__(self, W, b):
        self.keep(W=W, b=b, dW=None, db=None)

    def forward(self, x):
        self.keep(shape=x.shape, x=x.reshape(len(x), -1))
        return self.x @ self.W + self.b

    def backward(self, dout):
        self.keep(dW=self.x.T @ dout, db=dout.sum(0))
        return (dout @ self.W.T).reshape(self.shape)


class Relu(Layer):
    def forward(self, x):
        self.keep(on=(x > 0).astype(x.dtype))
        return x * self.on

    def backward(self, dout):
        return dout * self.on


class LeakyReLU(Layer):
    def __init__(self, alpha=0.01):
        self.keep(alpha=alpha)

    def forward(self, x):
        self.keep(slope=np.where(x > 0, 1, self.alpha).astype(x.dtype))
        return x * self.slope

    def backward(self, dout):
        return dout * self.slope


class Sigmoid(Layer):
    def forward(self, x):
        self.keep(out=np.exp(-np.logaddexp(0, -x)))
        return self.out

    def backward(self, dout):
        return dout * self.out * (1.0 - self.out)


class Tanh(Layer):
    def forward(self, x):
        self.keep(out=np.tanh(x))
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out ** 2)


class SoftmaxWithLoss(Layer):
    def forward(self, x, t):
        self.keep(y=softmax(x), t=t)
        z = x - x.max(axis=1, keepdims=True)
        return np.mean(np.log(np.exp(z).sum(axis=1)) - (z * t).sum(axis=1))

    def backward(self, dout=1):
        return (self.y - self.t) * dout / len(self.t)


class SVMLoss(Layer):
    def forward(self, x, t):
        own = x[np.arange(len(t)), t]
        gap = np.maximum(0, x.T - own + 1).T
        gap[np.arange(len(t)), t] = 0
        self.keep(gap=gap, t=t)
        return gap.sum(axis=1).mean()

    def backward(self, dout=1):
        dx = np.sign(self.gap)
        dx[np.arange(len(self.t)), self.t] = -dx.sum(axis=1)
        return dx * dout / len(dx)


class MSELoss(Layer):
    def forward(self, x, t):
        self.keep(d=x - t)
        return 0.5 * (self.d ** 2).sum(axis=1).mean()

    def backward(self, dout=1):
        return self.d * dout / len(self.d)


class BatchNormalization(Layer):
    def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None):
        self.keep(gamma=gamma, beta=beta, momentum=momentum, running_mean=running_mean, running_var=running_var)

    def forward(self, x, train_flg=True):
        if not train_flg:
            return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + 10e-7) + self.beta
        mu, var, m = x.mean(0), x.var(0), self.momentum
        self.keep(running_mean=m * self.running_mean + (1 - m) * mu, running_var=m * self.running_var + (1 - m) * var)
        self.keep(std=np.sqrt(var + 10e-7))
        self.keep(xn=(x - mu) / self.std)
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        self.keep(dbeta=dout.sum(0), dgamma=(dout * self.xn).sum(0))
        n = len(dout)
        return self.gamma / self.std * (dout - self.dbeta / n - self.xn * self.dgamma / n)


class Dropout(Layer):
    def __init__(self, dropout_ratio=0.5):
        self.keep(ratio=dropout_ratio, mask=None)

    def forward(self, x, train_flg=True):
        if not train_flg:
            return x
        self.keep(mask=(np.random.rand(*x.shape) > self.ratio) / (1 - self.ratio))
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


def shifted(x, kh, kw, s, d=1):
    """The entries of all windows: kh * kw views of shape (N, C, out_h, out_w), which can be written to."""
    oh, ow = (x.shape[2] - d * (kh - 1) - 1) // s + 1, (x.shape[3] - d * (kw - 1) - 1) // s + 1
    return [x[:, :, d * i:d * i + s * (oh - 1) + 1:s, d * j:d * j + s * (ow - 1) + 1:s] for i in range(kh) for j in range(kw)]


class DilatedConvolution(Layer):
    def __init__(self, W, b, stride=1, pad=0, dilation=1, groups=1):
        self.keep(W=W, b=b, s=stride, p=pad, d=dilation, g=groups)

    def entries(self, x):
        return shifted(x, self.W.shape[2], self.W.shape[3], self.s, self.d)

    def forward(self, x):
        (N, C, H, W), F, G, p = x.shape, len(self.W), self.g, self.p
        xp = np.zeros((N, C, H + 2 * p, W + 2 * p), x.dtype)
        xp[:, :, p:p + H, p:p + W] = x
        cols = np.stack(self.entries(xp), axis=2)  # N, C, K, oh, ow
        oh, ow = cols.shape[3:]
        self.keep(xp=xp, cols=cols.reshape(N, G, -1, oh * ow), inside=(slice(None), slice(None), slice(p, p + H), slice(p, p + W)))
        out = self.W.reshape(G, F // G, -1) @ self.cols
        return out.reshape(N, F, oh, ow) + self.b[:, None, None]

    def backward(self, dout):
        N, F, oh, ow = dout.shape
        d = dout.reshape(N, self.g, F // self.g, oh * ow)
        self.keep(dW=np.einsum('ngfl,ngkl->gfk', d, self.cols).reshape(self.W.shape), db=dout.sum((0, 2, 3)))
        dcols = np.einsum('gfk,ngfl->ngkl', self.W.reshape(self.g, F // self.g, -1), d)
        dxp = np.zeros_like(self.xp)
        for view, part in zip(self.entries(dxp), np.moveaxis(dcols.reshape(N, dxp.shape[1], -1, oh, ow), 2, 0)):
            view += part
        return dxp[self.inside]


class Convolution(DilatedConvolution):
    def __init__(self, W, b, stride=1, pad=0):
        super().__init__(W, b, stride, pad)


class GroupedConvolution(DilatedConvolution):
    def __init__(self, W, b, stride=1, pad=0, groups=1):
        super().__init__(W, b, stride, pad, 1, groups)


class Pooling(Layer):
    border = -np.inf

    def __init__(self, pool_h, pool_w, stride=2, pad=0):
        self.keep(h=pool_h, w=pool_w, s=stride, p=pad)

    def padded(self, x):
        (H, W), p = x.shape[2:], self.p
        self.keep(inside=np.s_[:, :, p:p + H, p:p + W], xp=np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=self.border))
        return self.xp

    def forward(self, x):
        cols = np.stack(shifted(self.padded(x), self.h, self.w, self.s))
        self.keep(arg=cols.argmax(0))
        return cols.max(0)

    def backward(self, dout):
        dxp = np.zeros_like(self.xp)
        for k, view in enumerate(shifted(dxp, self.h, self.w, self.s)):
            view[self.arg == k] += dout[self.arg == k]
        return dxp[self.inside]


class AveragePooling(Pooling):
    border = 0

    def forward(self, x):
        return sum(shifted(self.padded(x), self.h, self.w, self.s)) / (self.h * self.w)

    def backward(self, dout):
        dxp = np.zeros_like(self.xp)
        for view in shifted(dxp, self.h, self.w, self.s):
            view += dout / (self.h * self.w)
        return dxp[self.inside]


class Chain:
    """A net of layers one after the other; the n-th of those with weights holds Wn and bn."""

    def build(self, *layers):
        self.layers, self.last, self.params = layers, SoftmaxWithLoss(), {}
        self.weighted = [layer for layer in layers if hasattr(layer, 'W')]
        for n, layer in enumerate(self.weighted, 1):
            self.params['W%d' % n], self.params['b%d' % n] = layer.W, layer.b

    def loss(self, x, t):
        for n, layer in enumerate(self.weighted, 1):
            layer.W, layer.b = self.params['W%d' % n], self.params['b%d' % n]
        for layer in self.layers:
            x = layer.forward(x)
        return self.last.forward(x, t)

    def gradient(self, x, t):
        self.loss(x, t)
        d = self.last.backward()
        for layer in reversed(self.layers):
            d = layer.backward(d)
        return {g % n: d for n, layer in enumerate(self.weighted, 1) for g, d in (('W%d', layer.dW), ('b%d', layer.db))}


def weights(*shape):
    return 0.01 * np.random.randn(*shape), np.zeros(shape[0] if len(shape) == 4 else shape[1])


class TwoLayerNet(Chain):
    def __init__(self, input_size, hidden_size, output_size):
        self.build(Affine(*weights(input_size, hidden_size)), Relu(), Affine(*weights(hidden_size, output_size)))


class ThreeLayerNet(Chain):
    def __init__(self, a, b, c, d):
        self.build(Affine(*weights(a, b)), Sigmoid(), Affine(*weights(b, c)), Relu(), Affine(*weights(c, d)))


class MultiLayerNet(Chain):
    def __init__(self, input_size, hidden_size_list, output_size):
        layers = []
        for a, b in zip([input_size, *hidden_size_list], hidden_size_list):
            layers += [Affine(*weights(a, b)), Relu()]
        self.build(*layers, Affine(*weights(hidden_size_list[-1], output_size)))


class SimpleConvNet(Chain):
    def __init__(self, input_dim, conv_param, hidden_size, output_size):
        C, H, W = input_dim
        F, K = conv_param['filter_num'], conv_param['filter_size']
        flat = F * (H // 2) * (W // 2)
        self.build(Convolution(*weights(F, C, K, K), conv_param['stride'], conv_param['pad']), Relu(), Pooling(2, 2, 2),
                   Affine(*weights(flat, hidden_size)), Relu(), Affine(*weights(hidden_size, output_size)))


class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for k, g in grads.items():
            params[k] = params[k] - self.lr * g


class Momentum(SGD):
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        self.v = {k: self.momentum * self.v.get(k, 0) - self.lr * g for k, g in grads.items()}
        for k, v in self.v.items():
            params[k] = params[k] + v


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999):
        self.lr, self.b1, self.b2 = lr, beta1, beta2
        self.m, self.v, self.t = {}, {}, 0

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * g * g
            m, v = self.m[k] / (1 - self.b1 ** self.t), self.v[k] / (1 - self.b2 ** self.t)
            params[k] = params[k] - self.lr * m / (np.sqrt(v) + 1e-7)
