import numpy as np
import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
from IPython import embed
import torch
import torch.nn.functional as F

np.random.seed(231)
print('layers imported')

fig, (ax1, ax2) = plt.subplots(1, 2)
ax1.plot(np.linspace(-3, 3), np.maximum(0, np.linspace(-3, 3)))
plt.savefig('relu.png')


def relu_forward(x):
  out = x * (x > 0).astype(np.float)
  cache = x
  return out, cache


def relu_backward(dout, cache):
  x = cache
  dx = dout * (dout > 0)
  return dx


def check_relu():
  # unused since the TA explained it to me
  x = torch.randn(3, 4, requires_grad=True)
  F.relu(x).sum().backward()
  print(x.grad)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
  eps = gn_param.get('eps', 1e-5)
  N, C, H, W = x.shape
  rows = x.reshape(N * G, -1).T                 # then it is batch norm
  mu, var = rows.mean(axis=0), rows.var(axis=0)
  hat = ((rows - mu) / np.sqrt(var + eps)).T.reshape(N, C, H, W)
  print('groupnorm', hat.mean(), hat.std())
  return gamma * hat + beta, (hat, var, eps, gamma, G)


def spatial_groupnorm_backward(dout, cache):
  hat, var, eps, gamma, G = cache
  N, C, H, W = dout.shape
  dgamma = np.zeros((1, C, 1, 1))
  dbeta = np.zeros((1, C, 1, 1))
  for c in range(C):
    dgamma[0, c, 0, 0] = np.sum(dout[:, c] * hat[:, c])
    dbeta[0, c, 0, 0] = np.sum(dout[:, c])
  d = (dout * gamma).reshape(N * G, -1).T
  h = hat.reshape(N * G, -1).T
  M = d.shape[0]
  drows = (M * d - d.sum(axis=0) - h * (d * h).sum(axis=0)) / (M * np.sqrt(var + eps))
  return drows.T.reshape(N, C, H, W), dgamma, dbeta


def dropout_forward(x, dropout_param):
  p, mode = dropout_param["p"], dropout_param["mode"]
  if "seed" in dropout_param:
    np.random.seed(dropout_param["seed"])

  mask = None
  out = None

  if mode == "train":
    #######################################################################
    # TODO: Implement training phase forward pass for inverted dropout.   #
    #######################################################################
    pass
  elif mode == "test":
    #######################################################################
    # TODO: Implement the test phase forward pass for inverted dropout.   #
    #######################################################################
    pass

  cache = (dropout_param, mask)
  out = out.astype(x.dtype, copy=False)

  return out, cache


def avg_pool_forward_naive(x, pool_param):
  ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
  assert (x.shape[2] - ph) % s == 0 and (x.shape[3] - pw) % s == 0
  # summed area table, a trick from my vision class
  S = np.pad(x.cumsum(2).cumsum(3), ((0, 0), (0, 0), (1, 0), (1, 0)))
  box = S[:, :, ph:, pw:] - S[:, :, :-ph, pw:] - S[:, :, ph:, :-pw] + S[:, :, :-ph, :-pw]
  return box[:, :, ::s, ::s] / (ph * pw), (x, pool_param)


def avg_pool_backward_naive(dout, cache):
  x, pool_param = cache
  ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
  dx = np.zeros_like(x)
  for i in range(dout.shape[2]):
    for j in range(dout.shape[3]):
      dx[:, :, i*s:i*s+ph, j*s:j*s+pw] += (dout[:, :, i, j] / ph / pw)[:, :, None, None]
  return dx


def svm_loss(x, y):
  N = x.shape[0]
  margins = np.maximum(0, x - x[np.arange(N), y][:, None] + 1.0)
  loss = np.sum(margins) / N          # should I take the right class out?
  margins[np.arange(N), y] = 0
  dx = (margins > 0) * 1.0
  dx[np.arange(N), y] = -dx.sum(axis=1)
  return loss, dx / N
