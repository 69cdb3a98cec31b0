from .layers import *
from .fast_layers import *


def affine_relu_forward(x, w, b):
  a, fc_cache = affine_forward(x, w, b)
  out, relu_cache = relu_forward(a)
  return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
  fc_cache, relu_cache = cache
  return affine_backward(relu_backward(dout, relu_cache), fc_cache)


def affine_norm_relu_forward(x, w, b, gamma, beta, bn_param):
  a, fc_cache = affine_forward(x, w, b)
  n, bn_cache = batchnorm_forward(a, gamma, beta, bn_param)
  out, relu_cache = relu_forward(n)
  return out, (fc_cache, bn_cache, relu_cache)


def affine_norm_relu_backward(dout, cache):
  fc_cache, bn_cache, relu_cache = cache
  dn = relu_backward(dout, relu_cache)
  da, dgamma, dbeta = batchnorm_backward_alt(dn, bn_cache)
  return affine_backward(da, fc_cache) + (dgamma, dbeta)


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
  # naive on purpose: I never got the cython extension to compile on my mac
  a, conv_cache = conv_forward_naive(x, w, b, conv_param)
  s, relu_cache = relu_forward(a)
  out, pool_cache = max_pool_forward_naive(s, pool_param)
  return out, (conv_cache, relu_cache, pool_cache)


def conv_relu_pool_backward(dout, cache):
  conv_cache, relu_cache, pool_cache = cache
  return conv_backward_naive(relu_backward(max_pool_backward_naive(dout, pool_cache), relu_cache), conv_cache)
