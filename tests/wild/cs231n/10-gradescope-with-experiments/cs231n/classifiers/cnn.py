import numpy as np
from scipy.signal import correlate2d


class ThreeLayerConvNet(object):
  """no layers.py needed, all in one"""

  def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7, hidden_dim=100,
               num_classes=10, weight_scale=1e-3, reg=0.0, dtype=np.float32):
    C, H, W = input_dim
    self.reg, self.dtype = reg, dtype
    r = lambda *s: (np.random.randn(*s) * weight_scale).astype(dtype)
    self.params = dict(W1=r(num_filters, C, filter_size, filter_size), b1=0 * r(num_filters),
                       W2=r(num_filters * (H // 2) * (W // 2), hidden_dim), b2=0 * r(hidden_dim),
                       W3=r(hidden_dim, num_classes), b3=0 * r(num_classes))

  def loss(self, X, y=None):
    q = self.params
    N, C, H, W = X.shape
    F, _, K, _ = q['W1'].shape
    P = K // 2
    Xp = np.pad(X, ((0, 0), (0, 0), (P, P), (P, P)))
    a1 = np.zeros((N, F, H, W), X.dtype)
    for i in range(K):
      for j in range(K):
        a1 += np.einsum('nchw,fc->nfhw', Xp[:, :, i:i+H, j:j+W], q['W1'][:, :, i, j])
    a1 += q['b1'][:, None, None]
    h1 = np.maximum(a1, 0)
    blocks = h1.reshape(N, F, H // 2, 2, W // 2, 2)
    p1 = blocks.max(axis=(3, 5))
    f1 = p1.reshape(N, -1)
    a2 = f1.dot(q['W2']) + q['b2']
    h2 = np.maximum(a2, 0)
    s = h2.dot(q['W3']) + q['b3']
    if y is None:
      return s
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).mean()
    loss += 0.5 * self.reg * ((q['W1'] ** 2).sum() + (q['W2'] ** 2).sum() + (q['W3'] ** 2).sum())
    p[np.arange(N), y] -= 1
    p /= N
    g = {}
    g['W3'], g['b3'] = h2.T.dot(p) + self.reg * q['W3'], p.sum(axis=0)
    d2 = p.dot(q['W3'].T) * (a2 > 0)
    g['W2'], g['b2'] = f1.T.dot(d2) + self.reg * q['W2'], d2.sum(axis=0)
    dp = d2.dot(q['W2'].T).reshape(p1.shape)
    db = dp[:, :, :, None, :, None] * (blocks == p1[:, :, :, None, :, None])
    d1 = db.reshape(h1.shape) * (a1 > 0)
    g['b1'] = d1.sum(axis=(0, 2, 3))
    g['W1'] = np.zeros_like(q['W1'])
    for i in range(K):
      for j in range(K):
        g['W1'][:, :, i, j] = np.einsum('nfhw,nchw->fc', d1, Xp[:, :, i:i+H, j:j+W])
    return loss, g
