from builtins import range
import numpy as np


def get_im2col_indices(x_shape, field_height, field_width, padding=1, stride=1):
  N, C, H, W = x_shape
  assert (H + 2 * padding - field_height) % stride == 0
  assert (W + 2 * padding - field_width) % stride == 0
  out_height = (H + 2 * padding - field_height) // stride + 1
  out_width = (W + 2 * padding - field_width) // stride + 1
  # rows of the result run over (c, fh, fw), columns over (oh, ow)
  c, fh, fw = np.indices((C, field_height, field_width)).reshape(3, -1, 1)
  oh, ow = stride * np.indices((out_height, out_width)).reshape(2, 1, -1)
  return c, fh + oh, fw + ow


def im2col_indices(x, field_height, field_width, padding=1, stride=1):
  p = padding
  x_padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
  k, i, j = get_im2col_indices(x.shape, field_height, field_width, padding, stride)
  cols = x_padded[:, k, i, j]
  return cols.transpose(1, 2, 0).reshape(field_height * field_width * x.shape[1], -1)


def col2im_indices(cols, x_shape, field_height=3, field_width=3, padding=1, stride=1):
  N, C, H, W = x_shape
  x_padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=cols.dtype)
  k, i, j = get_im2col_indices(x_shape, field_height, field_width, padding, stride)
  cols = cols.reshape(C * field_height * field_width, -1, N).transpose(2, 0, 1)
  np.add.at(x_padded, (slice(None), k, i, j), cols)
  if padding == 0:
    return x_padded
  return x_padded[:, :, padding:-padding, padding:-padding]
