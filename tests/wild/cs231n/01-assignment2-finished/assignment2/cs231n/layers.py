from __future__ import division, print_function
from builtins import range
from past.builtins import xrange
import numpy as np


def affine_forward(x, w, b):
  """
  x: (N, d_1, ..., d_k), w: (D, M), b: (M,)
  returns out (N, M) and the cache (x, w, b)
  """
  N = x.shape[0]
  out = np.matmul(x.reshape(N, -1), w) + b
  cache = (x, w, b)
  return out, cache


def affine_backward(dout, cache):
  x, w, b = cache
  rows = x.reshape(len(x), -1)
  dx = np.matmul(dout, w.T).reshape(x.shape)
  dw = np.matmul(rows.T, dout)
  db = np.matmul(np.ones(dout.shape[0], dtype=dout.dtype), dout)
  return dx, dw, db


def relu_forward(x):
  out = x.copy()
  out[x < 0] = 0
  return out, x


def relu_backward(dout, cache):
  dx, x = None, cache
  dx = np.where(x > 0, dout, 0)
  return dx


def batchnorm_forward(x, gamma, beta, bn_param):
  mode = bn_param['mode']
  eps = bn_param.get('eps', 1e-5)
  momentum = bn_param.get('momentum', 0.9)

  N, D = x.shape
  running_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
  running_var = bn_param.get('running_var', np.zeros(D, dtype=x.dtype))

  out, cache = None, None
  if mode == 'train':
    mu = x.mean(axis=0)
    xc = x - mu
    var = (xc * xc).mean(axis=0)
    std = np.sqrt(var + eps)
    xhat = xc / std
    out = xhat * gamma + beta
    cache = (xhat, std, gamma)
    running_mean = momentum * running_mean + (1 - momentum) * mu
    running_var = momentum * running_var + (1 - momentum) * var
  elif mode == 'test':
    out = gamma * ((x - running_mean) / np.sqrt(running_var + eps)) + beta
  else:
    raise ValueError('Invalid forward batchnorm mode "%s"' % mode)

  bn_param['running_mean'] = running_mean
  bn_param['running_var'] = running_var
  return out, cache


def batchnorm_backward(dout, cache):
  # walked the graph in the other direction, see my notes on paper
  xhat, std, gamma = cache
  N = dout.shape[0]
  dbeta = dout.sum(axis=0)
  dgamma = np.sum(dout * xhat, axis=0)

  dxhat = dout * gamma
  xc = xhat * std
  dstd = -np.sum(dxhat * xc, axis=0) / std**2
  dvar = 0.5 * dstd / std
  dxc = dxhat / std + 2.0 / N * xc * dvar
  dmu = -dxc.sum(axis=0)
  dx = dxc + dmu / N
  return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
  xhat, std, gamma = cache
  N = len(dout)
  dbeta = np.sum(dout, axis=0)
  dgamma = np.sum(xhat * dout, axis=0)
  dx = gamma / (N * std) * (N * dout - dbeta - xhat * dgamma)
  return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
  eps = ln_param.get('eps', 1e-5)
  mu = np.mean(x, axis=1, keepdims=True)
  inv = 1 / np.sqrt(np.var(x, axis=1, keepdims=True) + eps)
  xhat = (x - mu) * inv
  return xhat * gamma + beta, (xhat, inv, gamma)


def layernorm_backward(dout, cache):
  xhat, inv, gamma = cache
  g = dout * gamma
  dx = inv * (g - g.mean(axis=1, keepdims=True) - xhat * (g * xhat).mean(axis=1, keepdims=True))
  return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def dropout_forward(x, dropout_param):
  """ p is the probability of KEEPING a neuron (this year's handout) """
  p, mode = dropout_param['p'], dropout_param['mode']
  if 'seed' in dropout_param:
    np.random.seed(dropout_param['seed'])

  mask = None
  out = None
  if mode == 'train':
    mask = (np.random.rand(*x.shape) < p) / p
    out = x * mask
  elif mode == 'test':
    out = x

  cache = (dropout_param, mask)
  out = out.astype(x.dtype, copy=False)
  return out, cache


def dropout_backward(dout, cache):
  dropout_param, mask = cache
  if dropout_param['mode'] == 'train':
    return dout * mask
  return dout


def conv_forward_naive(x, w, b, conv_param):
  stride, pad = conv_param['stride'], conv_param['pad']
  N, C, H, W = x.shape
  F, _, HH, WW = w.shape
  assert (H + 2 * pad - HH) % stride == 0, 'height does not work'
  assert (W + 2 * pad - WW) % stride == 0, 'width does not work'
  Ho = 1 + (H + 2 * pad - HH) // stride
  Wo = 1 + (W + 2 * pad - WW) // stride

  xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='constant')
  out = np.zeros((N, F, Ho, Wo), dtype=x.dtype)
  for n in xrange(N):
    for f in xrange(F):
      for i in xrange(Ho):
        for j in xrange(Wo):
          window = xp[n, :, i*stride:i*stride+HH, j*stride:j*stride+WW]
          out[n, f, i, j] = (window * w[f]).sum() + b[f]

  cache = (x, w, b, conv_param)
  return out, cache


def conv_backward_naive(dout, cache):
  x, w, b, conv_param = cache
  stride, pad = conv_param['stride'], conv_param['pad']
  N, C, H, W = x.shape
  F, _, HH, WW = w.shape
  xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode='constant')
  dxp, dw = np.zeros_like(xp), np.zeros_like(w)
  db = dout.sum(axis=(0, 2, 3))
  for n in xrange(N):
    for f in xrange(F):
      for i in xrange(dout.shape[2]):
        for j in xrange(dout.shape[3]):
          g = dout[n, f, i, j]
          ys, xs = i * stride, j * stride
          dw[f] += g * xp[n, :, ys:ys+HH, xs:xs+WW]
          dxp[n, :, ys:ys+HH, xs:xs+WW] += g * w[f]
  dx = dxp[:, :, pad:pad+H, pad:pad+W]
  return dx, dw, db


def max_pool_forward_naive(x, pool_param):
  ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
  N, C, H, W = x.shape
  Ho = (H - ph) // s + 1
  Wo = (W - pw) // s + 1
  out = np.empty((N, C, Ho, Wo), dtype=x.dtype)
  for i in xrange(Ho):
    for j in xrange(Wo):
      out[:, :, i, j] = x[:, :, i*s:i*s+ph, j*s:j*s+pw].max(axis=(2, 3))
  return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
  x, pool_param = cache
  ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
  dx = np.zeros_like(x)
  N, C, Ho, Wo = dout.shape
  for n in xrange(N):
    for c in xrange(C):
      for i in xrange(Ho):
        for j in xrange(Wo):
          win = x[n, c, i*s:i*s+ph, j*s:j*s+pw]
          a, z = np.unravel_index(win.argmax(), win.shape)
          dx[n, c, i*s+a, j*s+z] += dout[n, c, i, j]
  return dx


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
  N, C, H, W = x.shape
  flat = np.moveaxis(x, 1, 3).reshape(-1, C)
  out, cache = batchnorm_forward(flat, gamma, beta, bn_param)
  return np.moveaxis(out.reshape(N, H, W, C), 3, 1), cache


def spatial_batchnorm_backward(dout, cache):
  N, C, H, W = dout.shape
  flat = np.moveaxis(dout, 1, 3).reshape(-1, C)
  dx, dgamma, dbeta = batchnorm_backward_alt(flat, cache)
  return np.moveaxis(dx.reshape(N, H, W, C), 3, 1), dgamma, dbeta


def svm_loss(x, y):
  rows = np.arange(x.shape[0])
  margins = np.maximum(0, x - x[rows, y][:, np.newaxis] + 1.0)
  margins[rows, y] = 0
  loss = margins.sum() / len(rows)
  dx = (margins > 0).astype(x.dtype)
  dx[rows, y] -= dx.sum(axis=1)
  return loss, dx / len(rows)


def softmax_loss(x, y):
  shifted = x - x.max(axis=1, keepdims=True)
  log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
  N = x.shape[0]
  loss = -log_probs[np.arange(N), y].mean()
  dx = np.exp(log_probs)
  dx[np.arange(N), y] -= 1
  return loss, dx / N
