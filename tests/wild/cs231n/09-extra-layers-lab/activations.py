"""Lab 3: more activations.  (2 spaces, because google)"""
import numpy as np


def sigmoid_forward(x):
  out = 1. / (1. + np.exp(-x))
  return out, x


def sigmoid_backward(dout, cache):
  x = cache
  return dout * x * (1 - x)


def tanh_forward(x):
  e = np.exp(-2 * np.abs(x))
  return np.sign(x) * (1 - e) / (1 + e), x


def tanh_backward(dout, cache):
  return dout / np.cosh(np.clip(cache, -300, 300)) ** 2


def leaky_relu_forward(x, negative_slope=0.01):
  return np.maximum(x, negative_slope * x), (x, negative_slope)


def leaky_relu_backward(dout, cache):
  x, negative_slope = cache
  dx = dout.copy()
  dx[x < 0] = negative_slope
  return dx
