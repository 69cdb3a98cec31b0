import numpy as np

from .base import Layer


class _Pooling2D(Layer):
  def __init__(self, pool_size=2, strides=2):
    super().__init__()
    self.pool_size, self.strides = pool_size, strides

  def slices(self, x):
    k, s = self.pool_size, self.strides
    oh, ow = (x.shape[1] - k) // s + 1, (x.shape[2] - k) // s + 1
    for i in range(oh):
      for j in range(ow):
        yield i, j, np.s_[:, i * s:i * s + k, j * s:j * s + k, :]

  def forward(self, x):
    self.x = x
    n, h, w, c = x.shape
    k, s = self.pool_size, self.strides
    out = np.zeros((n, (h - k) // s + 1, (w - k) // s + 1, c))
    for i, j, at in self.slices(x):
      out[:, i, j, :] = self.reduce(x[at], axis=(1, 2))
    return out


class MaxPooling2D(_Pooling2D):
  reduce = staticmethod(np.max)

  def backward(self, dy):
    dx = np.zeros_like(self.x)
    for i, j, at in self.slices(self.x):
      window = self.x[at]
      mask = window == window.max(axis=(1, 2), keepdims=True)
      dx[at] = mask * dy[:, i:i + 1, j:j + 1, :]
    return dx


class AveragePooling2D(_Pooling2D):
  reduce = staticmethod(np.mean)

  def backward(self, dy):
    dx = np.zeros_like(self.x)
    for i, j, at in self.slices(self.x):
      dx[at] += dy[:, i:i + 1, j:j + 1, :] / self.pool_size ** 2
    return dx
