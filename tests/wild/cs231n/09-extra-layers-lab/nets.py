import numpy as np

from activations import *
from losses import *


class ThreeLayerNet(object):

  def __init__(self, input_size, hidden1, hidden2, output_size):
    self.params = {
      'W1': 0.01 * np.random.randn(input_size, hidden1), 'b1': np.zeros(hidden1),
      'W2': 0.01 * np.random.randn(hidden1, hidden2), 'b2': np.zeros(hidden2),
      'W3': 0.01 * np.random.randn(hidden2, output_size), 'b3': np.zeros(output_size),
    }

  def loss(self, X, y=None, reg=0.0):
    p = self.params
    h1, _ = sigmoid_forward(X.dot(p['W1']) + p['b1'])
    a2 = h1.dot(p['W2']) + p['b2']
    h2 = np.maximum(a2, 0)
    s = h2.dot(p['W3']) + p['b3']
    if y is None:
      return s
    N = len(y)
    q = np.exp(s - s.max(axis=1, keepdims=True))
    q = q / q.sum(axis=1, keepdims=True)
    loss = -np.log(q[range(N), y]).mean()
    loss += reg * sum((p[k] ** 2).sum() for k in ('W1', 'W2', 'W3'))
    g = {}
    q[range(N), y] -= 1
    q /= N
    g['W3'], g['b3'] = h2.T.dot(q) + 2 * reg * p['W3'], q.sum(axis=0)
    d2 = q.dot(p['W3'].T) * (a2 > 0)
    g['W2'], g['b2'] = h1.T.dot(d2) + 2 * reg * p['W2'], d2.sum(axis=0)
    d1 = d2.dot(p['W2'].T) * h1 * (1 - h1)
    g['W1'], g['b1'] = X.T.dot(d1) + 2 * reg * p['W1'], d2.sum(axis=0)[:1] + 0 * d1.sum(axis=0)
    return loss, g


class OwnNet(object):
  """ my own: leaky relu in the middle """

  def __init__(self, input_size, num_classes):
    np.random.seed(1)
    self.params = {}
    self.params['W1'] = np.random.randn(input_size, 9) / np.sqrt(input_size)
    self.params['b1'] = 0.1 * np.random.randn(9)
    self.params['W2'] = np.random.randn(9, num_classes) / 3.
    self.params['b2'] = np.zeros(num_classes)

  def loss(self, X, y):
    W1, b1, W2, b2 = (self.params[k] for k in ['W1', 'b1', 'W2', 'b2'])
    a = X.dot(W1) + b1
    h, cache = leaky_relu_forward(a, 0.1)
    s = h.dot(W2) + b2
    s = s - s.max(axis=1, keepdims=True)
    q = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    n = np.arange(len(y))
    loss = -np.log(q[n, y]).mean()
    q[n, y] -= 1
    q /= len(y)
    dh = q.dot(W2.T)
    da = leaky_relu_backward(dh, cache)
    return loss, {'W1': X.T.dot(da), 'b1': da.sum(axis=0), 'W2': h.T.dot(q), 'b2': q.sum(axis=0)}
