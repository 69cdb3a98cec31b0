import numpy as np


def _out(size, k, pad, stride):
  return (size + 2 * pad - k) // stride + 1


def conv_dilated_forward(x, w, b, conv_param):
  s, p, d = conv_param['stride'], conv_param['pad'], conv_param['dilation']
  N, C, H, W = x.shape
  F, _, HH, WW = w.shape
  eh, ew = d * (HH - 1) + 1, d * (WW - 1) + 1
  xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
  out = np.zeros((N, F, _out(H, eh, p, s), _out(W, ew, p, s)), x.dtype)
  for i in range(out.shape[2]):
    for j in range(out.shape[3]):
      win = xp[:, :, i * s:i * s + eh:d, j * s:j * s + ew:d]
      out[:, :, i, j] = np.einsum('nchw,fchw->nf', win, w) + b
  return out, (xp, w, conv_param, x.shape)


def conv_dilated_backward(dout, cache):
  xp, w, conv_param, (N, C, H, W) = cache
  s, p, d = conv_param['stride'], conv_param['pad'], conv_param['dilation']
  F, _, HH, WW = w.shape
  dxp, dw = np.zeros_like(xp), np.zeros_like(w)
  for i in range(dout.shape[2]):
    for j in range(dout.shape[3]):
      g = dout[:, :, i, j]
      dw += np.einsum('nf,nchw->fchw', g, xp[:, :, i * s:i * s + d * (HH - 1) + 1:d, j * s:j * s + d * (WW - 1) + 1:d])
      dxp[:, :, i * s:i * s + HH, j * s:j * s + WW] += np.einsum('nf,fchw->nchw', g, w)
  return dxp[:, :, p:p + H, p:p + W], dw, dout.sum(axis=(0, 2, 3))


def conv_grouped_forward(x, w, b, conv_param):
  s, p, G = conv_param['stride'], conv_param['pad'], conv_param['groups']
  N, C, H, W = x.shape
  F, c, HH, WW = w.shape
  xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
  out = np.zeros((N, F, _out(H, HH, p, s), _out(W, WW, p, s)), x.dtype)
  for f in range(F):
    g = f % G                    # which group this filter belongs to
    for i in range(out.shape[2]):
      for j in range(out.shape[3]):
        win = xp[:, g * c:(g + 1) * c, i * s:i * s + HH, j * s:j * s + WW]
        out[:, f, i, j] = (win * w[f]).sum(axis=(1, 2, 3)) + b[f]
  return out, (xp, w, conv_param, x.shape)


def conv_grouped_backward(dout, cache):
  xp, w, conv_param, (N, C, H, W) = cache
  s, p, G = conv_param['stride'], conv_param['pad'], conv_param['groups']
  F, c, HH, WW = w.shape
  dxp, dw = np.zeros_like(xp), np.zeros_like(w)
  for f in range(F):
    ch = slice((f % G) * c, (f % G + 1) * c)
    for i in range(dout.shape[2]):
      for j in range(dout.shape[3]):
        at = (slice(None), ch, slice(i * s, i * s + HH), slice(j * s, j * s + WW))
        g = dout[:, f, i, j][:, None, None, None]
        dw[f] += (g * xp[at]).sum(axis=0)
        dxp[at] += g * w[f]
  return dxp[:, :, p:p + H, p:p + W], dw, dout.sum(axis=(0, 2, 3))


def avg_pool_forward(x, pool_param):
  ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
  N, C, H, W = x.shape
  out = np.zeros((N, C, _out(H, ph, 0, s), _out(W, pw, 0, s)), x.dtype)
  for i in range(out.shape[2]):
    for j in range(out.shape[3]):
      out[:, :, i, j] = x[:, :, i * s:i * s + ph, j * s:j * s + pw].sum(axis=(2, 3)) / (ph * ph)
  return out, (x, pool_param)


def avg_pool_backward(dout, cache):
  x, pool_param = cache
  ph, pw, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
  dx = np.zeros_like(x)
  for i in range(dout.shape[2]):
    for j in range(dout.shape[3]):
      dx[:, :, i * s:i * s + ph, j * s:j * s + pw] += dout[:, :, i, j][:, :, None, None] / (ph * pw)
  return dx
