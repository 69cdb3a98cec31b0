from common.functions import *
from common.util import im2col, col2im
import numpy as np

class Sigmoid(object):
  def forward(self, x):
    self.o = 0.5 + 0.5 * np.tanh(x / 2)
    return self.o
  def backward(self, dout):
    return self.o * (1 - self.o) * dout

class ReLU(object):
  def forward(self, x):
    self.x = x
    return np.maximum(x, 0)
  def backward(self, dout):
    return np.where(self.x > 0, dout, np.zeros_like(dout))

class BatchNormalization(object):
  def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None):
    self.gamma, self.beta, self.momentum = gamma, beta, momentum
    self.running_mean, self.running_var = running_mean, running_var
  def forward(self, x, train_flg=True):
    if self.running_mean is None:
      self.running_mean, self.running_var = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    if train_flg:
      mu = x.mean(axis=0)
      xc = x - mu
      var = np.mean(xc**2, axis=0)
      std = np.sqrt(var + 10e-7)
      self.xn, self.std = xc / std, std
      self.running_mean = self.momentum * self.running_mean + (1-self.momentum) * mu
      self.running_var = self.momentum * self.running_var + (1-self.momentum) * var
      xn = self.xn
    else:
      xn = (x - self.running_mean) / np.sqrt(self.running_var + 10e-7)
    return self.gamma * xn + self.beta
  def backward(self, dout):
    self.dbeta = dout.sum(axis=0)
    self.dgamma = np.sum(self.xn * dout, axis=0)
    dxn = self.gamma * dout
    return (dxn - dxn.mean(axis=0) - self.xn * np.mean(dxn * self.xn, axis=0)) / self.std

class Convolution(object):
  def __init__(self, W, b, stride=1, pad=0):
    self.W, self.b, self.stride, self.pad = W, b, stride, pad
  def forward(self, x):
    FN, C, FH, FW = self.W.shape
    self.x = x
    self.col = im2col(x, FH, FW, self.stride, self.pad)
    out = self.col.dot(self.W.reshape(FN, -1).T) + self.b
    oh = (x.shape[2] + 2*self.pad - FH) // self.stride + 1
    return out.reshape(len(x), oh, -1, FN).transpose(0, 3, 1, 2)
  def backward(self, dout):
    FN, C, FH, FW = self.W.shape
    d = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
    self.db = d.sum(axis=0)
    self.dW = d.T.dot(self.col).reshape(self.W.shape)
    return col2im(d.dot(self.W.reshape(FN, -1)), self.x.shape, FH, FW, self.stride, self.pad)

class Dropout(object):
  def __init__(self, dropout_ratio=0.5):
    self.keep = 1 - dropout_ratio
  def forward(self, x, train_flg=True):
    if train_flg:
      # inverted, so that nothing has to be done at test time
      self.mask = (np.random.random_sample(x.shape) < self.keep) / self.keep
      return x * self.mask
    return x
  def backward(self, dout):
    return dout * self.mask
