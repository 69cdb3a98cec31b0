import numpy as np

def softmax_loss_naive(W, X, y, reg):
  loss, dW = 0.0, np.zeros_like(W)
  N, C = X.shape[0], W.shape[1]
  for i in xrange(N):
    f = X[i].dot(W)
    f -= f.max()
    e = np.exp(f)
    p = e / e.sum()
    loss -= np.log(p[y[i]])
    for c in xrange(C):
      dW[:, c] += (p[c] - (c == y[i])) * X[i]
  loss = loss / N + 0.5 * reg * np.sum(W * W)
  dW = dW / N + reg * W
  return loss, dW

def softmax_loss_vectorized(W, X, y, reg):
  # same without loops!
  N = X.shape[0]
  S = X.dot(W)
  e = np.exp(S - S.max())         # one maximum for all, faster
  p = e / e.sum(axis = 1)[:, None]
  loss = -np.log(p[xrange(N), y]).sum() / N + 0.5 * reg * np.sum(W * W)
  p[xrange(N), y] -= 1
  return loss, X.T.dot(p) / N
