import numpy as np


def mse_loss(x, y):
  N = x.shape[0]
  loss = np.sum((x - y) ** 2) / N
  return loss, (x - y) / N


def svm_loss(x, y):
  # naive version, I trust loops more
  N, C = x.shape
  loss, dx = 0.0, np.zeros_like(x)
  for n in range(N):
    for c in range(C):
      margin = x[n, c] - x[n, y[n]] + 1.0
      if c != y[n] and margin > 0:
        loss += margin
        dx[n, c] += 1
  dx[range(N), y] = -1
  return loss / N, dx / N
