import sys, os
sys.path.append(os.pardir)  # so that common/ is found
import numpy as np
from common.functions import sigmoid, softmax, cross_entropy_error
from dataset.mnist import load_mnist


def gradient(x, t, W1, b1, W2, b2):
  a1 = x @ W1 + b1
  z1 = sigmoid(a1)
  y = softmax(z1 @ W2 + b2)
  dy = (y - t) / len(x)
  da1 = (dy @ W2.T) * z1 * (1 - z1)
  return {'W1': x.T @ da1, 'b1': da1.sum(0), 'W2': z1.T @ dy, 'b2': dy.sum(0)}


def main():
  (x, t), _ = load_mnist(normalize=True, one_hot_label=True)
  W1, b1 = 0.01 * np.random.randn(784, 50), np.zeros(50)
  W2, b2 = 0.01 * np.random.randn(50, 10), np.zeros(10)
  for step in range(1000):
    pick = np.random.choice(len(x), 100)
    g = gradient(x[pick], t[pick], W1, b1, W2, b2)
    W1 -= .1 * g['W1']; b1 -= .1 * g['b1']
    W2 -= .1 * g['W2']; b2 -= .1 * g['b2']


if '__main__' == __name__:
  main()
