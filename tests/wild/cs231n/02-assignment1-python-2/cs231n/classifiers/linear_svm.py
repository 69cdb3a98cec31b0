import numpy as np
from random import shuffle

def svm_loss_naive(W, X, y, reg):
  """
  W: C x D or D x C? -> this year it is D x C
  """
  dW = np.zeros(W.shape)
  D, C = W.shape
  N = X.shape[0]
  loss = 0.0
  for i in xrange(N):
    s = X[i].dot(W)
    for j in xrange(C):
      if j == y[i]: continue
      margin = s[j] - s[y[i]] + 1
      if margin > 0:
        loss += margin
        dW[:, j] += X[i, :].T
        dW[:, y[i]] -= X[i, :].T
  loss /= N
  dW /= N
  loss += 0.5 * reg * np.sum(W * W)
  dW += reg * W
  return loss, dW


def svm_loss_vectorized(W, X, y, reg):
  N = X.shape[0]
  S = X.dot(W)
  right = S[xrange(N), y]
  M = np.maximum(S - right[:, None] + 1, 0)
  M[xrange(N), y] = 0
  loss = M.sum() / N + 0.5 * reg * (W ** 2).sum()

  ind = 1.0 * (M > 0)
  ind[xrange(N), y] = -ind.sum(axis = 1)
  dW = X.T.dot(ind) / N + reg * W
  return loss, dW
