import numpy as np


def get_indices(x_shape, fh, fw, p, s):
  N, C, H, W = x_shape
  oh = int((H + 2 * p - fh) / s + 1)
  ow = int((W + 2 * p - fw) / s + 1)
  i0 = np.tile(np.repeat(np.arange(fh), fw), C)
  i1 = s * np.repeat(np.arange(oh), ow)
  j0 = np.tile(np.arange(fw), fh * C)
  j1 = s * np.tile(np.arange(ow), oh)
  k = np.repeat(np.arange(C), fh * fw).reshape(-1, 1)
  return k, i0.reshape(-1, 1) + i1, j0.reshape(-1, 1) + j1


def im2col_indices(x, fh, fw, padding=1, stride=1):
  xp = np.pad(x, ((0,), (0,), (padding,), (padding,)), mode='constant')
  k, i, j = get_indices(x.shape, fh, fw, padding, stride)
  return xp[:, k, i, j].transpose(1, 2, 0).reshape(fh * fw * x.shape[1], -1)


def col2im_indices(cols, x_shape, fh=3, fw=3, padding=1, stride=1):
  N, C, H, W = x_shape
  xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=cols.dtype)
  k, i, j = get_indices(x_shape, fh, fw, padding, stride)
  xp[:, k, i, j] += cols.reshape(C * fh * fw, -1, N).transpose(2, 0, 1)
  return xp[:, :, padding:padding + H, padding:padding + W]
