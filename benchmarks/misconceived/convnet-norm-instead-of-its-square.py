# expects: convnet.out: norm_not_squared
import numpy as np


def conv(x, w, b):
    k = w.shape[2]
    p = (k - 1) // 2
    N, C, H, W = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = np.zeros((N, len(w), H, W), dtype=x.dtype)
    for i in range(H):
        for j in range(W):
            for f in range(len(w)):
                out[:, f, i, j] = np.sum(xp[:, :, i:i + k, j:j + k] * w[f], axis=(1, 2, 3)) + b[f]
    return out, xp


class ThreeLayerConvNet:
    def __init__(self, input_dim, num_filters, filter_size, hidden_dim, num_classes, reg=0.0):
        C, H, W = input_dim
        self.reg = reg
        self.params = {}
        self.params['W1'] = np.random.randn(num_filters, C, filter_size, filter_size)
        self.params['b1'] = np.zeros(num_filters)
        self.params['W2'] = np.random.randn(num_filters * H * W // 4, hidden_dim)
        self.params['b2'] = np.zeros(hidden_dim)
        self.params['W3'] = np.random.randn(hidden_dim, num_classes)
        self.params['b3'] = np.zeros(num_classes)

    def loss(self, X, y=None):
        P = self.params
        N, C, H, W = X.shape
        a, xp = conv(X, P['W1'], P['b1'])
        r = a * (a > 0)
        F = r.shape[1]
        pooled = np.zeros((N, F, H // 2, W // 2), dtype=X.dtype)
        where = np.zeros((N, F, H, W), dtype=bool)
        for i in range(H // 2):
            for j in range(W // 2):
                window = r[:, :, 2 * i:2 * i + 2, 2 * j:2 * j + 2]
                pooled[:, :, i, j] = window.max(axis=(2, 3))
                where[:, :, 2 * i:2 * i + 2, 2 * j:2 * j + 2] = window == pooled[:, :, i, j][:, :, None, None]
        flat = pooled.reshape(N, -1)
        pre = flat.dot(P['W2']) + P['b2']
        h = pre * (pre > 0)
        s = h.dot(P['W3']) + P['b3']
        if y is None:
            return s
        s = s - s.max(axis=1, keepdims=True)
        prob = np.exp(s)
        prob = prob / prob.sum(axis=1, keepdims=True)
        loss = -np.log(prob[range(N), y]).sum() / N
        for name in ('W1', 'W2', 'W3'):
            loss += 0.5 * self.reg * np.sqrt(np.sum(P[name] ** 2))

        ds = prob
        ds[range(N), y] -= 1
        ds = ds / N
        grads = {'W3': h.T.dot(ds) + self.reg * P['W3'], 'b3': ds.sum(axis=0)}
        dpre = ds.dot(P['W3'].T) * (pre > 0)
        grads['W2'], grads['b2'] = flat.T.dot(dpre) + self.reg * P['W2'], dpre.sum(axis=0)
        dpooled = dpre.dot(P['W2'].T).reshape(pooled.shape)
        da = dpooled.repeat(2, axis=2).repeat(2, axis=3) * where * (a > 0)
        dW1 = np.zeros_like(P['W1'])
        k = dW1.shape[2]
        for i in range(k):
            for j in range(k):
                dW1[:, :, i, j] = np.einsum('nfhw,nchw->fc', da, xp[:, :, i:i + H, j:j + W])
        grads['W1'], grads['b1'] = dW1 + self.reg * P['W1'], da.sum(axis=(0, 2, 3))
        return loss, grads
