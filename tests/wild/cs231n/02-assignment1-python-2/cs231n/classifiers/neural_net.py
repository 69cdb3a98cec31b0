import numpy as np
import matplotlib.pyplot as plt

class TwoLayerNet(object):
  """
  input - fully connected layer - ReLU - fully connected layer - softmax
  """

  def __init__(self, input_size, hidden_size, output_size, std=1e-4):
    self.params = {}
    self.params['W1'] = std * np.random.randn(input_size, hidden_size)
    self.params['b1'] = np.zeros(hidden_size)
    self.params['W2'] = std * np.random.randn(hidden_size, output_size)
    self.params['b2'] = np.zeros(output_size)

  def loss(self, X, y=None, reg=0.0):
    W1, b1 = self.params['W1'], self.params['b1']
    W2, b2 = self.params['W2'], self.params['b2']
    N, D = X.shape

    hidden = np.maximum(0, X.dot(W1) + b1)
    scores = hidden.dot(W2) + b2
    if y is None:
      return scores

    z = scores - scores.max(axis = 1)[:, np.newaxis]
    logsum = np.log(np.exp(z).sum(axis = 1))
    loss = (logsum - z[np.arange(N), y]).sum() / N
    loss += 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))

    grads = {}
    d = np.exp(z - logsum[:, np.newaxis])
    d[np.arange(N), y] -= 1
    d /= N
    grads['W2'] = hidden.T.dot(d) + reg * W2
    grads['b2'] = d.sum(axis = 0)
    dh = d.dot(W2.T)
    dh[hidden <= 0] = 0
    grads['W1'] = X.T.dot(dh) + reg * W1
    grads['b1'] = dh.sum(axis = 0)
    return loss, grads

  def train(self, X, y, X_val, y_val, learning_rate=1e-3, reg=1e-5,
            num_iters=100, batch_size=200, verbose=False):
    iterations_per_epoch = max(X.shape[0] / batch_size, 1)
    for it in xrange(num_iters):
      batch = np.random.choice(X.shape[0], batch_size)
      loss, grads = self.loss(X[batch], y[batch], reg)
      for p, g in grads.iteritems():
        self.params[p] -= learning_rate * g
      if verbose and it % iterations_per_epoch == 0:
        print "iteration", it, "loss", loss,
        print
