import numpy as np


class ThreeLayerConvNet(object):
    """conv - relu - 2x2 max pool - affine - relu - affine - softmax"""

    def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7,
                 hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        C, H, W = input_dim
        self.reg = reg
        self.params = {
            'W1': weight_scale * np.random.randn(num_filters, C, filter_size, filter_size),
            'b1': np.zeros(num_filters),
            'W2': weight_scale * np.random.randn(num_filters * H * W // 4, hidden_dim),
            'b2': np.zeros(hidden_dim),
            'W3': weight_scale * np.random.randn(hidden_dim, num_classes),
            'b3': np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        W1, W2, W3 = self.params['W1'], self.params['W2'], self.params['W3']
        N, C, H, W = X.shape
        F, _, K, _ = W1.shape
        pad = (K - 1) // 2
        Xp = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        a1 = np.zeros((N, F, H, W))
        for i in range(K):
            for j in range(K):
                a1 += np.einsum('nchw,fc->nfhw', Xp[:, :, i:i + H, j:j + W], W1[:, :, i, j])
        a1 += self.params['b1'].reshape(1, -1, 1, 1)
        h1 = np.maximum(0, a1)
        windows = h1.reshape(N, F, H // 2, 2, W // 2, 2)
        p1 = windows.max(axis=(3, 5))
        rows = p1.reshape(N, -1)
        h2 = np.maximum(0, rows.dot(W2) + self.params['b2'])
        scores = h2.dot(W3) + self.params['b3']
        if y is None:
            return scores

        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(N), y]).mean()
        loss += 0.5 * self.reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2) + np.sum(W3 ** 2))

        p[np.arange(N), y] -= 1
        p /= N
        grads = {'W3': h2.T.dot(p) + self.reg * W3, 'b3': p.sum(axis=0)}
        dh2 = p.dot(W3.T) * (h2 > 0)
        grads['W2'], grads['b2'] = rows.T.dot(dh2) + self.reg * W2, dh2.sum(axis=0)
        dp1 = dh2.dot(W2.T).reshape(p1.shape)
        mask = windows == p1[:, :, :, None, :, None]
        da1 = (mask * dp1[:, :, :, None, :, None]).reshape(h1.shape) * (a1 > 0)
        grads['W1'] = np.zeros_like(W1)
        for i in range(K):
            for j in range(K):
                grads['W1'][:, :, i, j] = np.einsum('nfhw,nchw->fc', da1, Xp[:, :, i:i + H, j:j + W])
        grads['b1'] = da1.sum(axis=(0, 2, 3))
        return loss, grads
