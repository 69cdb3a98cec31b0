import os, sys
import numpy as np
import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
import cv2
from PIL import Image

np.set_printoptions(precision=3, suppress=True)
plt.rcParams['font.family'] = 'NanumGothic'

# im = np.array(Image.open('cat.jpg').resize((64, 64))).astype(np.float)
# plt.imshow(cv2.cvtColor(im, cv2.COLOR_BGR2RGB))

def im2col(x, kh, kw, stride, pad):
  N, C, H, W = x.shape
  x = np.pad(x, ((0,0),(0,0),(pad,pad),(pad,pad)), 'constant')
  OH = (H + 2*pad - kh)//stride + 1
  OW = (W + 2*pad - kh)//stride + 1
  col = np.zeros((N, OH, OW, C, kh, kh))
  for i in range(OH):
    for j in range(OW):
      col[:, i, j] = x[:, :, i*stride:i*stride+kh, j*stride:j*stride+kh]
  return col.reshape(N*OH*OW, -1)

def col2im(col, shape, kh, kw, stride, pad):
  N, C, H, W = shape
  OH = (H + 2*pad - kh)//stride + 1
  OW = (W + 2*pad - kw)//stride + 1
  col = col.reshape(N, OH, OW, C, kh, kw)
  out = np.zeros((N, C, H + 2*pad, W + 2*pad), dtype=np.float)
  for i in range(OH):
    for j in range(OW):
      out[:, :, i*stride:i*stride+kh, j*stride:j*stride+kw] += col[:, i, j]
  return out[:, :, pad:-pad, pad:-pad]

def zero_pad(x, pad):
  return np.pad(x, ((0,0), (0,0), (0,2*pad), (0,2*pad)), 'constant')

def zero_pad_backward(dout, x, pad):
  return dout[:, :, :x.shape[2], :x.shape[3]]

def conv_single_step(x, w, b):
  return np.sum(x*w + b)

def conv_single_step_backward(dout, x, w, b):
  return dout*w, dout*x, dout*np.float(x.size)

def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
  xp = np.pad(x, ((0,0),(0,0),(padding,padding),(padding,padding)), 'constant')
  F, C, KH, KW = w.shape
  OH = (xp.shape[2] - dilation*(KH-1) - 1)//stride + 1
  OW = (xp.shape[3] - dilation*(KW-1) - 1)//stride + 1
  out = np.zeros((len(x), F, OH, OW))
  for i in range(OH):
    for j in range(OW):
      a = xp[:, :, i*stride:i*stride+dilation*(KH-1)+1:dilation, j*stride:j*stride+dilation*(KW-1)+1:dilation]
      out[:, :, i, j] = np.tensordot(a, w, ([1,2,3],[1,2,3])) + b
  return out, (xp, w, stride, padding, dilation)

def conv2d_dilated_backward(dout, cache):
  xp, w, stride, padding, dilation = cache
  KH, KW = w.shape[2:]
  dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
  for i in range(dout.shape[2]):
    for j in range(dout.shape[3]):
      rows = slice(i*stride, i*stride+dilation*(KH-1)+1, dilation)
      cols = slice(j*stride, j*stride+dilation*(KW-1)+1, dilation)
      dw += np.tensordot(dout[:, :, i, j], xp[:, :, rows, cols], ([0],[0]))
      dxp[:, :, rows, cols] += np.tensordot(dout[:, :, i, j], w, ([1],[0]))
  return dxp[:, :, padding:-padding, padding:-padding], dw, dout.sum(axis=(0,2,3))

def conv2d_grouped_forward(x, w, b, stride, padding, groups):
  # filter 0 -> group 0, filter 1 -> group 1, filter 2 -> group 0 ...
  F, Cg = w.shape[:2]
  outs, caches = [], []
  for f in range(F):
    g = f % groups
    o, c = conv2d_dilated_forward(x[:, g*Cg:(g+1)*Cg], w[f:f+1], b[f:f+1], stride, padding, 1)
    outs.append(o)
    caches.append(c)
  return np.concatenate(outs, 1), (x.shape, caches, groups)

def conv2d_grouped_backward(dout, cache):
  (N, C, H, W), caches, groups = cache
  dx = np.zeros((N, C, H, W))
  dw, db = [], []
  Cg = C//groups
  for f, c in enumerate(caches):
    g = f % groups
    p = c[3]
    xp, w, stride = c[:3]
    dxp, dwf, dbf = conv2d_dilated_backward(dout[:, f:f+1], (xp, w, stride, 1, 1))
    if p == 1:
      dx[:, g*Cg:(g+1)*Cg] += dxp
    else:
      for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
          dx[:, g*Cg:(g+1)*Cg, i*stride:i*stride+w.shape[2], j*stride:j*stride+w.shape[3]] += dout[:, f, i, j][:, None, None, None]*w
    dw.append(dwf)
    db.append(dbf)
  return dx, np.concatenate(dw), np.concatenate(db)

def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
  (sh, sw), (ph, pw), (dh, dw) = stride, padding, dilation
  mode = {'zeros': 'constant', 'reflect': 'symmetric', 'replicate': 'edge', 'circular': 'wrap'}[padding_mode]
  xp = np.pad(x, ((0,0),(0,0),(ph,ph),(pw,pw)), mode)
  F, Cg, KH, KW = w.shape
  OH = (xp.shape[2] - dh*(KH-1) - 1)//sh + 1
  OW = (xp.shape[3] - dw*(KW-1) - 1)//sw + 1
  out = np.zeros((len(x), F, OH, OW))
  for f in range(F):
    g = f//(F//groups)
    for k in range(KH):
      for l in range(KW):
        a = xp[:, g*Cg:(g+1)*Cg, k*dh:k*dh+sh*(OH-1)+1:sh, l*dw:l*dw+sw*(OW-1)+1:sw]
        out[:, f] += np.sum(a*w[f, :, k, l][:, None, None], axis=1)
    out[:, f] += b[f]
  return out, (x.shape, xp, w, stride, padding, dilation, groups)

def conv2d_general_backward(dout, cache):
  (N, C, H, W), xp, w, (sh, sw), (ph, pw), (dh, dw), groups = cache
  F, Cg, KH, KW = w.shape
  OH, OW = dout.shape[2:]
  dxp, dW = np.zeros_like(xp), np.zeros_like(w)
  for f in range(F):
    g = f//(F//groups)
    for k in range(KH):
      for l in range(KW):
        at = slice(None), slice(g*Cg, (g+1)*Cg), slice(k*dh, k*dh+sh*(OH-1)+1, sh), slice(l*dw, l*dw+sw*(OW-1)+1, sw)
        dW[f, :, k, l] = np.sum(xp[at]*dout[:, f:f+1], axis=(0,2,3))
        dxp[at] += dout[:, f:f+1]*w[f, :, k, l][:, None, None]
  return dxp[:, :, ph:ph+H, pw:pw+W], dW, np.sum(dout, axis=(0,2,3))

def global_pool_forward(x, mode):
  out = x.max(axis=3).max(axis=2) if mode == 'max' else x.mean(axis=3).mean(axis=2)
  return out, (x, out, mode)

def global_pool_backward(dout, cache):
  x, out, mode = cache
  if mode == 'max':
    return (x == out[:, :, None, None])*dout[:, :, None, None]
  return np.zeros_like(x) + dout[:, :, None, None]

def max_pool2d_forward(x, kernel_size, stride, padding=0):
  xp = np.pad(x, ((0,0), (0,0), (padding,padding), (padding,padding)))   # zeros around
  N, C, H, W = xp.shape
  out = np.zeros((N, C, (H-kernel_size)//stride+1, (W-kernel_size)//stride+1))
  for i in range(out.shape[2]):
    for j in range(out.shape[3]):
      out[:, :, i, j] = xp[:, :, i*stride:i*stride+kernel_size, j*stride:j*stride+kernel_size].max(axis=(2,3))
  return out, (x, kernel_size, stride, padding, out)

def max_pool2d_backward(dout, cache):
  x, k, s, p, out = cache
  dx = np.zeros(x.shape)
  for i in range(dout.shape[2]):
    for j in range(dout.shape[3]):
      top = x[:, :, i*s:i*s+k, j*s:j*s+k] == out[:, :, i:i+1, j:j+1]     # forgets where the padding was
      dx[:, :, i*s:i*s+k, j*s:j*s+k] += top*dout[:, :, i:i+1, j:j+1]
  return dx

def avg_pool2d_forward(x, kernel_size, stride):
  N, C, H, W = x.shape
  out = np.zeros((N, C, (H-kernel_size)//stride+1, (W-kernel_size)//stride+1))
  for i in range(out.shape[2]):
    for j in range(out.shape[3]):
      out[:, :, i, j] = x[:, :, i*stride:i*stride+kernel_size, j*stride:j*stride+kernel_size].mean(axis=(2,3))
  return out, (x, kernel_size, stride)

def avg_pool2d_backward(dout, cache):
  x, k, s = cache
  dx = np.zeros(x.shape)
  for i in range(dout.shape[2]):
    for j in range(dout.shape[3]):
      dx[:, :, i*s:i*s+k, j*s:j*s+k] = dout[:, :, i:i+1, j:j+1]/k**2
  return dx

def output_size_dilated(size, kernel, stride, padding, dilation):
  n = (size + 2*padding - dilation*(kernel-1) - 1)/stride + 1
  if n != np.int(n):
    raise ValueError(n)
  return int(n)

def receptive_field(kernels, strides, dilations):
  # the stride of a layer acts on the layer itself as well
  r, j = 1, 1
  for k, s, d in zip(kernels, strides, dilations):
    j *= s
    r += d*(k-1)*j
  return r
