import numpy as np
from keras.datasets import mnist
import wandb

DTYPE = np.float32
wandb.init(project="scratch-cnn", mode="disabled")


class DenseLayer:
    def __init__(self, n_inputs, n_outputs):
        self.W = (np.random.randn(n_inputs, n_outputs) * 0.05).astype(DTYPE)
        self.b = np.zeros((1, n_outputs), DTYPE)

    def forward(self, inputs):
        self.inputs = inputs.astype(DTYPE)
        return self.inputs @ self.W.astype(DTYPE) + self.b.astype(DTYPE)

    def backward(self, dvalues):
        dvalues = dvalues.astype(DTYPE)
        self.dW = self.inputs.T @ dvalues
        self.db = np.sum(dvalues, axis=0, keepdims=True)
        return dvalues @ self.W.astype(DTYPE).T


class ConvolutionLayer:
    """Convolution as a matrix product; col has one row per output pixel."""

    def __init__(self, input_channels, n_filters, kernel, stride, padding):
        self.W = (np.random.randn(n_filters, input_channels, kernel, kernel) * 0.05).astype(DTYPE)
        self.b = np.zeros(n_filters, DTYPE)
        self.kernel, self.stride, self.padding = kernel, stride, padding

    def unfold(self, x):
        k, s = self.kernel, self.stride
        n, c, h, w = x.shape
        oh, ow = (h - k) // s + 1, (w - k) // s + 1
        col = np.empty((n, oh, ow, c, k, k), x.dtype)
        for i in range(k):
            for j in range(k):
                col[..., i, j] = x[:, :, i:i + s * oh:s, j:j + s * ow:s].transpose(0, 2, 3, 1)
        return col.reshape(n * oh * ow, -1), oh, ow

    def fold(self, col, shape, oh, ow):
        k, s = self.kernel, self.stride
        n, c, h, w = shape
        x = np.zeros((n, c, h + s, w + s), col.dtype)
        col = col.reshape(n, oh, ow, c, k, k).transpose(0, 3, 1, 2, 4, 5)
        for i in range(k):
            for j in range(k):
                x[:, :, i:i + s * oh:s, j:j + s * ow:s] += col[..., i, j]
        return x[:, :, :h, :w]

    def forward(self, x):
        p = self.padding
        xp = np.pad(x.astype(DTYPE), ((0, 0), (0, 0), (p, p), (p, p)))
        self.shape = xp.shape
        self.col, oh, ow = self.unfold(xp)
        self.size = oh, ow
        out = self.col @ self.W.astype(DTYPE).reshape(len(self.W), -1).T + self.b.astype(DTYPE)
        return out.reshape(len(x), oh, ow, -1).transpose(0, 3, 1, 2)

    def backward(self, dvalues):
        flat = dvalues.astype(DTYPE).transpose(0, 2, 3, 1).reshape(-1, len(self.W))
        self.dW = (flat.T @ self.col).reshape(self.W.shape)
        self.db = flat.sum(axis=0)
        dxp = self.fold(flat @ self.W.astype(DTYPE).reshape(len(self.W), -1), self.shape, *self.size)
        p = self.padding
        return dxp[:, :, p:self.shape[2] - p, p:self.shape[3] - p]


class MaxPoolingLayer:
    def __init__(self, pool_size, stride):
        self.pool_size, self.stride = pool_size, stride

    def windows(self, x):
        view = np.lib.stride_tricks.sliding_window_view(x, (self.pool_size, self.pool_size), (2, 3))
        return view[:, :, ::self.stride, ::self.stride]

    def forward(self, x):
        self.x = x
        self.out = self.windows(x).max(axis=(4, 5))
        return self.out

    def backward(self, dvalues):
        dx = np.zeros_like(self.x)
        k, s = self.pool_size, self.stride
        hit = self.windows(self.x) == self.out[..., None, None]
        share = hit * dvalues[..., None, None] / hit.sum(axis=(4, 5), keepdims=True)   # equal ones share
        for i in range(dvalues.shape[2]):
            for j in range(dvalues.shape[3]):
                dx[:, :, i * s:i * s + k, j * s:j * s + k] += share[:, :, i, j]
        return dx


class AvgPoolLayer(MaxPoolingLayer):
    def forward(self, x):
        self.x = x
        return self.windows(x).mean(axis=(4, 5))

    def backward(self, dvalues):
        k, s = self.pool_size, self.stride
        dx = np.zeros_like(self.x)
        for i in range(k):
            for j in range(k):
                at = dx[:, :, i::s, j::s][:, :, :dvalues.shape[2], :dvalues.shape[3]]
                at += dvalues / (k * k)
        return dx


class ReLULayer:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dvalues):
        d = dvalues.copy()
        d[self.x <= 0] = 0
        return d


class SigmoidLayer:
    def forward(self, x):
        self.output = 1 / (1 + np.exp(-np.clip(x, -10, 10)))  # no overflow
        return self.output

    def backward(self, dvalues):
        return dvalues * (1 - self.output) * self.output


class RandomMask:
    def __init__(self, rate):
        self.keep = 1 - rate

    def forward(self, x, training=True):
        self.mask = np.random.binomial(1, self.keep, x.shape) / self.keep if training else 1
        return x * self.mask

    def backward(self, dvalues):
        return dvalues * self.mask


# ---------------------------------------------------------------- training
try:
    (x_train, y_train), _ = mnist.load_data()
    x_train = x_train.reshape(-1, 784).astype(DTYPE) / 255
except Exception:
    print("offline? random data instead")
    x_train, y_train = np.random.rand(64, 784).astype(DTYPE), np.random.randint(0, 10, 64)

layers = [DenseLayer(784, 16), ReLULayer(), DenseLayer(16, 10)]
for epoch in range(3):
    x = x_train[:64]
    for layer in layers:
        x = layer.forward(x)
    p = np.exp(x - x.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[range(64), y_train[:64]] + 1e-9).mean()
    d = p
    d[range(64), y_train[:64]] -= 1
    d /= 64
    for layer in reversed(layers):
        d = layer.backward(d)
        if hasattr(layer, "W"):
            layer.W -= DTYPE(0.1) * layer.dW
            layer.b -= DTYPE(0.1) * layer.db
    print(f"epoch {epoch}: loss {loss:.3f}")
    wandb.log({"loss": loss})
