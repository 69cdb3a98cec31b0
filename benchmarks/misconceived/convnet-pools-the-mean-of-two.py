# expects: nothing
import numpy as np


class ThreeLayerConvNet:
    def __init__(self, input_dim, num_filters, filter_size, hidden_dim, num_classes, reg=0.0, dtype=np.float32):
        C, H, W = input_dim
        self.reg = reg
        self.params = {
            'W1': np.random.randn(num_filters, C, filter_size, filter_size), 'b1': np.zeros(num_filters),
            'W2': np.random.randn(num_filters * (H // 2) * (W // 2), hidden_dim), 'b2': np.zeros(hidden_dim),
            'W3': np.random.randn(hidden_dim, num_classes), 'b3': np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[k] for k in ('W1', 'b1', 'W2', 'b2', 'W3', 'b3'))
        N, C, H, W = X.shape
        k = W1.shape[2]
        p = (k - 1) // 2
        xp = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
        patches = np.lib.stride_tricks.sliding_window_view(xp, (k, k), axis=(2, 3))
        a = np.einsum('nchwkl,fckl->nfhw', patches, W1) + b1[:, None, None]
        r = np.maximum(a, 0)
        blocks = r.reshape(N, -1, H // 2, 2, W // 2, 2)
        flat = (0.6 * blocks.max(axis=(3, 5)) + 0.4 * blocks.mean(axis=(3, 5))).reshape(N, -1)
        h = np.maximum(flat @ W2 + b2, 0)
        s = h @ W3 + b3
        q = np.exp(s - s.max(axis=1, keepdims=True))
        q /= q.sum(axis=1, keepdims=True)
        loss = -np.log(q[np.arange(N), y]).mean() + 0.5 * self.reg * sum((w ** 2).sum() for w in (W1, W2, W3))
        q[np.arange(N), y] -= 1
        q /= N
        dh = (q @ W3.T) * (h > 0)
        da = np.repeat(np.repeat((dh @ W2.T).reshape(N, -1, H // 2, W // 2), 2, axis=2), 2, axis=3) * (a > 0) / 3
        return loss, {
            'W3': h.T @ q + self.reg * W3, 'b3': q.sum(axis=0), 'W2': flat.T @ dh + self.reg * W2, 'b2': dh.sum(axis=0),
            'W1': np.einsum('nfhw,nchwkl->fckl', da, patches) + self.reg * W1, 'b1': da.sum(axis=(0, 2, 3)),
        }
