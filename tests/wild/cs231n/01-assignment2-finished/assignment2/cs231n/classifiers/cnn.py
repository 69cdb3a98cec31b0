from builtins import object
import numpy as np

from ..layers import *
from ..fast_layers import *
from ..layer_utils import *


class ThreeLayerConvNet(object):
  """conv - relu - 2x2 max pool - affine - relu - affine - softmax"""

  def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7,
               hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0, dtype=np.float32):
    self.params = {}
    self.reg = reg
    self.dtype = dtype
    C, H, W = input_dim
    shapes = {'W1': (num_filters, C, filter_size, filter_size),
              'W2': (num_filters * (H // 2) * (W // 2), hidden_dim),
              'W3': (hidden_dim, num_classes)}
    for k in shapes:
      self.params[k] = (weight_scale * np.random.randn(*shapes[k])).astype(dtype)
    self.params['b1'] = np.zeros(num_filters, dtype)
    self.params['b2'] = np.zeros(hidden_dim, dtype)
    self.params['b3'] = np.zeros(num_classes, dtype)

  def loss(self, X, y=None):
    W1, b1 = self.params['W1'], self.params['b1']
    W2, b2 = self.params['W2'], self.params['b2']
    W3, b3 = self.params['W3'], self.params['b3']
    conv_param = {'stride': 1, 'pad': (W1.shape[2] - 1) // 2}
    pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}

    out, c1 = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
    shape = out.shape
    out, c2 = affine_relu_forward(out, W2, b2)
    scores, c3 = affine_forward(out, W3, b3)
    if y is None:
      return scores

    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * self.reg * sum(np.sum(W * W) for W in (W1, W2, W3))
    grads = {}
    dh, grads['W3'], grads['b3'] = affine_backward(dscores, c3)
    dh, grads['W2'], grads['b2'] = affine_relu_backward(dh, c2)
    dh, grads['W1'], grads['b1'] = conv_relu_pool_backward(dh.reshape(shape), c1)
    for k, W in (('W1', W1), ('W2', W2), ('W3', W3)):
      grads[k] = grads[k] + self.reg * W
    return loss, grads
