from __future__ import print_function
import numpy as np
try:
  from cs231n.im2col_cython import col2im_cython, im2col_cython
  from cs231n.im2col_cython import col2im_6d_cython
except ImportError:
  print('run the following from the cs231n directory and try again:')
  print('python setup.py build_ext --inplace')
  print('You may also need to restart your iPython kernel')

from cs231n.im2col import *


def conv_forward_im2col(x, w, b, conv_param):
  stride, pad = conv_param['stride'], conv_param['pad']
  cols = im2col_cython(x, w.shape[2], w.shape[3], pad, stride)
  res = w.reshape((w.shape[0], -1)).dot(cols) + b.reshape(-1, 1)
  Ho = (x.shape[2] + 2 * pad - w.shape[2]) // stride + 1
  Wo = (x.shape[3] + 2 * pad - w.shape[3]) // stride + 1
  out = res.reshape(w.shape[0], Ho, Wo, x.shape[0]).transpose(3, 0, 1, 2)
  return out, (x, w, b, conv_param, cols)


conv_forward_fast = conv_forward_im2col


def max_pool_forward_fast(x, pool_param):
  raise NotImplementedError
