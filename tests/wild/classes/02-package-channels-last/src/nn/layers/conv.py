import numpy as np

from .base import Layer
from ..layers import dense  # noqa  keeps the import order stable


class Conv2D(Layer):
  """Kernel of shape (kh, kw, c_in, c_out), as in Keras."""
  trainable = True

  def __init__(self, in_channels, filters, kernel_size, strides=1, padding=0):
    super().__init__()
    self.k, self.s, self.p = kernel_size, strides, padding
    self.params['W'] = 0.1 * np.random.randn(self.k, self.k, in_channels, filters)
    self.params['b'] = np.zeros((1, 1, 1, filters))

  def _out(self, n):
    return (n + 2 * self.p - self.k) // self.s + 1

  def forward(self, x):
    n, h, w, c = x.shape
    self._shape = x.shape
    self._xp = np.pad(x, ((0, 0), (self.p, self.p), (self.p, self.p), (0, 0)))
    out = np.zeros((n, self._out(h), self._out(w), self.params['W'].shape[-1]))
    for i in range(out.shape[1]):
      for j in range(out.shape[2]):
        patch = self._xp[:, i * self.s:i * self.s + self.k, j * self.s:j * self.s + self.k, :]
        out[:, i, j, :] = np.tensordot(patch, self.params['W'], axes=3)
    return out + self.params['b']

  def backward(self, dy):
    dxp = np.zeros_like(self._xp)
    dW = np.zeros_like(self.params['W'])
    for i in range(dy.shape[1]):
      for j in range(dy.shape[2]):
        rows = slice(i * self.s, i * self.s + self.k)
        cols = slice(j * self.s, j * self.s + self.k)
        dW += np.tensordot(self._xp[:, rows, cols, :], dy[:, i, j, :], axes=([0], [0]))
        dxp[:, rows, cols, :] += np.tensordot(dy[:, i, j, :], self.params['W'], axes=([1], [3]))
    self.grads['W'] = dW
    self.grads['b'] = dy.sum(axis=(0, 1, 2)).reshape(1, 1, 1, -1)
    h, w = self._shape[1:3]
    return dxp[:, self.p:self.p + h, self.p:self.p + w, :]
