import numpy as np

from .layers import Dense, ReLU


def log_softmax(z):
  z = z - z.max(axis=1, keepdims=True)
  return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


class TwoLayerNet:
  def __init__(self, input_dim, hidden_dim, num_classes):
    self.params = {
      'W1': 0.01 * np.random.randn(input_dim, hidden_dim), 'b1': np.zeros(hidden_dim),
      'W2': 0.01 * np.random.randn(hidden_dim, num_classes), 'b2': np.zeros(num_classes),
    }

  def forward(self, x):
    p = self.params
    self.h = np.maximum(x @ p['W1'] + p['b1'], 0)
    return self.h @ p['W2'] + p['b2']

  def loss(self, x, y):
    return -log_softmax(self.forward(x))[np.arange(len(y)), y].mean()

  def gradient(self, x, y):
    d = np.exp(log_softmax(self.forward(x)))
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    dh = d @ self.params['W2'].T * (self.h > 0)
    return {'W1': x.T @ dh, 'b1': dh.sum(axis=0), 'W2': self.h.T @ d, 'b2': d.sum(axis=0)}


class ThreeLayerNet:
  """sigmoid first, then ReLU (question 3)"""

  def __init__(self, input_dim, hidden_dim1, hidden_dim2, num_classes):
    sizes = [input_dim, hidden_dim1, hidden_dim2, num_classes]
    self.params = {}
    for i, (m, n) in enumerate(zip(sizes, sizes[1:]), 1):
      self.params[f'W{i}'], self.params[f'b{i}'] = 0.01 * np.random.randn(m, n), np.zeros(n)

  def forward(self, x):
    p = self.params
    h = 0.5 + 0.5 * np.tanh(0.5 * (x @ p['W1'] + p['b1']))
    self.a = [x, h, np.maximum(h @ p['W2'] + p['b2'], 0)]
    return self.a[-1] @ self.params['W3'] + self.params['b3']

  def loss(self, x, y):
    return -log_softmax(self.forward(x))[np.arange(len(y)), y].mean()

  def gradient(self, x, y):
    d = np.exp(log_softmax(self.forward(x)))
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    grads = {}
    for i in (3, 2, 1):
      grads[f'W{i}'], grads[f'b{i}'] = self.a[i - 1].T @ d, d.sum(axis=0)
      d = d @ self.params[f'W{i}'].T
      d = d * (self.a[2] > 0) if i == 3 else d * self.a[1] * (1 - self.a[1]) if i == 2 else d
    return grads
