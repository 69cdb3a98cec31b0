# the layers from the lecture: every one has forward and backward,
# and remembers in forward what backward needs
import numpy as np


class Layer(object):
    def __call__(self, *args):
        return self.forward(*args)


class Affine(Layer):
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x.reshape(x.shape[0], -1).dot(self.W) + self.b

    def backward(self, dout):
        flat = self.x.reshape(self.x.shape[0], -1)
        self.dW = flat.T.dot(dout)
        self.db = dout.sum(axis=0)
        return dout.dot(self.W.T).reshape(self.x.shape)


class Relu(Layer):
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        dx = np.array(dout)
        dx[self.x <= 0] = 0
        return dx


class Sigmoid(Layer):
    def forward(self, x):
        self.z = 1 / (1 + np.exp(-x))
        return self.z

    def backward(self, dout):
        return dout * self.z * (1 - self.z)


class SoftmaxWithLoss(Layer):
    def forward(self, x, t):
        if t.ndim == 1:
            labels = t
            t = np.zeros(x.shape)
            t[np.arange(len(x)), labels] = 1
        self.t = t
        x = x - x.max(axis=1, keepdims=True)
        log_y = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
        self.y = np.exp(log_y)
        return -(t * log_y).sum() / len(x)

    def backward(self, dout=1):
        return dout * (self.y - self.t) / len(self.t)


class SVMLoss(Layer):
    def forward(self, x, t):
        if t.ndim == 2:
            t = t.argmax(axis=1)
        self.dx = np.zeros(x.shape)
        loss = 0
        for i in range(len(x)):
            margin = x[i] - x[i, t[i]] + 1
            margin[t[i]] = 0
            loss += margin[margin > 0].sum()
            self.dx[i, margin > 0] = 1
            self.dx[i, t[i]] = -(margin > 0).sum()
        self.dx /= len(x)
        return loss / len(x)

    def backward(self, dout=1):
        return dout * self.dx


class SlidingWindow(Layer):
    """What convolution and pooling share: padding, stride and the places to visit."""

    def setup(self, x, window_h, window_w):
        p = self.pad
        self.x_shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
        self.out_h = (self.xp.shape[2] - window_h) // self.stride + 1
        self.out_w = (self.xp.shape[3] - window_w) // self.stride + 1
        self.window = (window_h, window_w)

    def places(self):
        for i in range(self.out_h):
            for j in range(self.out_w):
                top, left = i * self.stride, j * self.stride
                yield i, j, np.s_[:, :, top:top + self.window[0], left:left + self.window[1]]

    def crop(self, dxp):
        N, C, H, W = self.x_shape
        return dxp[:, :, self.pad:self.pad + H, self.pad:self.pad + W]


class Convolution(SlidingWindow):
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        self.setup(x, self.W.shape[2], self.W.shape[3])
        out = np.zeros((x.shape[0], self.W.shape[0], self.out_h, self.out_w))
        for i, j, place in self.places():
            window = self.xp[place]
            for k in range(self.W.shape[0]):
                out[:, k, i, j] = (window * self.W[k]).sum(axis=(1, 2, 3)) + self.b[k]
        return out

    def backward(self, dout):
        dxp = np.zeros(self.xp.shape)
        self.dW = np.zeros(self.W.shape)
        for i, j, place in self.places():
            for k in range(self.W.shape[0]):
                d = dout[:, k, i, j].reshape(-1, 1, 1, 1)
                self.dW[k] += (d * self.xp[place]).sum(axis=0)
                dxp[place] += d * self.W[k]
        self.db = dout.sum(axis=3).sum(axis=2).sum(axis=0)
        return self.crop(dxp)


class Pooling(SlidingWindow):
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h = pool_h
        self.pool_w = pool_w
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        self.setup(x, self.pool_h, self.pool_w)
        out = np.zeros(x.shape[:2] + (self.out_h, self.out_w))
        for i, j, place in self.places():
            out[:, :, i, j] = self.xp[place].max(axis=3).max(axis=2)
        return out

    def backward(self, dout):
        dxp = np.zeros(self.xp.shape)
        N, C = dout.shape[:2]
        for i, j, place in self.places():
            flat = self.xp[place].reshape(N * C, -1)
            d = np.zeros(flat.shape)
            d[np.arange(N * C), flat.argmax(axis=1)] = dout[:, :, i, j].reshape(-1)
            dxp[place] += d.reshape((N, C) + self.window)
        return self.crop(dxp)


class AveragePooling(SlidingWindow):
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h = pool_h
        self.pool_w = pool_w
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        self.setup(x, self.pool_h, self.pool_w)
        out = np.zeros(x.shape[:2] + (self.out_h, self.out_w))
        for i, j, place in self.places():
            out[:, :, i, j] = self.xp[place].mean(axis=3).mean(axis=2)
        return out

    def backward(self, dout):
        dxp = np.zeros(self.xp.shape)
        for i, j, place in self.places():
            dxp[place] += dout[:, :, i:i + 1, j:j + 1] / (self.pool_h * self.pool_w)
        return self.crop(dxp)


def im2col(x, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1
    col = np.zeros((N, out_h, out_w, C, filter_h, filter_w))
    for i in range(out_h):
        for j in range(out_w):
            for a in range(filter_h):
                for b in range(filter_w):
                    col[:, i, j, :, a, b] = xp[:, :, i * stride + a, j * stride + b]
    return col.reshape(N * out_h * out_w, C * filter_h * filter_w)


def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    N, C, H, W = input_shape
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1
    col = col.reshape(N, out_h, out_w, C, filter_h, filter_w)
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for i in range(out_h):
        for j in range(out_w):
            for a in range(filter_h):
                for b in range(filter_w):
                    xp[:, :, i * stride + a, j * stride + b] += col[:, i, j, :, a, b]
    return xp[:, :, pad:pad + H, pad:pad + W]
