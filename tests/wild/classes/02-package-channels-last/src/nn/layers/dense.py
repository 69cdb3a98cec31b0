import numpy as np

from .base import Layer


class Dense(Layer):
  trainable = True

  def __init__(self, input_dim, units):
    super().__init__()
    limit = np.sqrt(6 / (input_dim + units))
    self.params['W'] = np.random.uniform(-limit, limit, size=(input_dim, units))
    self.params['b'] = np.zeros((1, units))

  def forward(self, x):
    self._x = x
    return np.dot(x, self.params['W']) + self.params['b']

  def backward(self, dy):
    self.grads['W'] = np.dot(self._x.T, dy)
    self.grads['b'] = np.sum(dy, axis=0, keepdims=True)
    return np.dot(dy, self.params['W'].T)
