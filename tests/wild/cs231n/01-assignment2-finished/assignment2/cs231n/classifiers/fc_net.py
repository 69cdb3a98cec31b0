from builtins import range, object
import numpy as np

from ..layers import *
from ..layer_utils import *


class FullyConnectedNet(object):
  """{affine - [batch norm] - relu - [dropout]} x (L - 1) - affine - softmax"""

  def __init__(self, hidden_dims, input_dim=3*32*32, num_classes=10,
               dropout=0, use_batchnorm=False, reg=0.0,
               weight_scale=1e-2, dtype=np.float32, seed=None):
    self.use_batchnorm = use_batchnorm
    self.use_dropout = dropout > 0
    self.reg = reg
    self.num_layers = 1 + len(hidden_dims)
    self.dtype = dtype
    self.params = {}

    sizes = [input_dim] + list(hidden_dims) + [num_classes]
    for l, (fan_in, fan_out) in enumerate(zip(sizes[:-1], sizes[1:]), 1):
      self.params['W%d' % l] = np.random.normal(0, weight_scale, (fan_in, fan_out))
      self.params['b%d' % l] = np.zeros(fan_out)
      if use_batchnorm and l < self.num_layers:
        self.params['gamma%d' % l] = np.ones(fan_out)
        self.params['beta%d' % l] = np.zeros(fan_out)

    self.dropout_param = {}
    if self.use_dropout:
      self.dropout_param = {'mode': 'train', 'p': dropout}
      if seed is not None:
        self.dropout_param['seed'] = seed

    self.bn_params = []
    if self.use_batchnorm:
      self.bn_params = [{'mode': 'train'} for i in range(self.num_layers - 1)]

    for k, v in self.params.items():
      self.params[k] = v.astype(dtype)

  def loss(self, X, y=None):
    X = X.astype(self.dtype)
    mode = 'test' if y is None else 'train'
    if self.use_dropout:
      self.dropout_param['mode'] = mode
    for bn_param in self.bn_params:
      bn_param['mode'] = mode

    p, L = self.params, self.num_layers
    out, stack = X, []
    for l in range(1, L):
      if self.use_batchnorm:
        out, cache = affine_norm_relu_forward(out, p['W%d' % l], p['b%d' % l], p['gamma%d' % l],
                                              p['beta%d' % l], self.bn_params[l - 1])
      else:
        out, cache = affine_relu_forward(out, p['W%d' % l], p['b%d' % l])
      drop = None
      if self.use_dropout:
        out, drop = dropout_forward(out, self.dropout_param)
      stack.append((cache, drop))
    scores, cache = affine_forward(out, p['W%d' % L], p['b%d' % L])

    if mode == 'test':
      return scores

    loss, grads = 0.0, {}
    loss, d = softmax_loss(scores, y)
    for l in range(1, L + 1):
      loss += 0.5 * self.reg * np.sum(p['W%d' % l] ** 2)
    d, grads['W%d' % L], grads['b%d' % L] = affine_backward(d, cache)
    for l in reversed(range(1, L)):
      cache, drop = stack.pop()
      if drop is not None:
        d = dropout_backward(d, drop)
      if self.use_batchnorm:
        d, dw, db, grads['gamma%d' % l], grads['beta%d' % l] = affine_norm_relu_backward(d, cache)
      else:
        d, dw, db = affine_relu_backward(d, cache)
      grads['W%d' % l], grads['b%d' % l] = dw, db
    for l in range(1, L + 1):
      grads['W%d' % l] += self.reg * p['W%d' % l]
    return loss, grads
