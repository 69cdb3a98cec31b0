import numpy as np


class TwoLayerNet(object):

  def __init__(self, input_size, hidden_size, output_size, std=1e-1):
    self.params = {}
    self.params['W1'] = std * np.random.randn(input_size, hidden_size)
    self.params['b1'] = np.zeros(hidden_size)
    self.params['W2'] = std * np.random.randn(hidden_size, output_size)
    self.params['b2'] = np.zeros(output_size)

  def loss(self, X, y=None, reg=0.0):
    W1, b1 = self.params['W1'], self.params['b1']
    W2, b2 = self.params['W2'], self.params['b2']
    N = X.shape[0]
    z = X.dot(W1) + b1
    h = np.maximum(z, 0)
    scores = h.dot(W2) + b2
    if y is None:
      return scores
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).sum() / N
    loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    grads = {}
    d = p
    d[np.arange(N), y] -= 1
    # grads are summed over the batch, the solver divides the learning rate
    grads['W2'] = h.T.dot(d) + 2 * reg * W2
    grads['b2'] = d.sum(axis=0)
    dz = d.dot(W2.T) * (z > 0)
    grads['W1'] = X.T.dot(dz) + 2 * reg * W1
    grads['b1'] = dz.sum(axis=0)
    return loss, grads


if __name__ == '__main__':
  net = TwoLayerNet(4, 10, 3)
  for it in range(100):
    X = np.random.randn(5, 4); y = np.random.randint(3, size=5)
    loss, g = net.loss(X, y)
    for k in g: net.params[k] -= 1e-2 * g[k]
    print(it, loss)
