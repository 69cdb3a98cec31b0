import numpy as np

from .base import Layer


class ReLU(Layer):
  def forward(self, x):
    self.x = x
    return x.clip(0, 6)  # relu6, as in MobileNet

  def backward(self, dy):
    return dy * np.heaviside(self.x, 0.0)


class Sigmoid(Layer):
  def forward(self, x):
    self.x = x
    with np.errstate(over='ignore'):
      return 1 / (1 + np.exp(-x))

  def backward(self, dy):
    return dy * self.x * (1 - self.x)


class Softmax(Layer):
  def forward(self, x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    self.y = e / e.sum(axis=-1, keepdims=True)
    return self.y

  def backward(self, dy):
    return self.y * (dy - np.sum(dy * self.y, axis=-1, keepdims=True))
