# expects: convnet.out: channels_last
import numpy as np


class ThreeLayerConvNet(object):
    def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7, hidden_dim=100, num_classes=10,
                 weight_scale=1e-3, reg=0.0, dtype=np.float32):
        C, H, W = input_dim
        self.reg = reg
        flat = num_filters * (H // 2) * (W // 2)
        self.params = {
            'W1': weight_scale * np.random.randn(num_filters, C, filter_size, filter_size), 'b1': np.zeros(num_filters),
            'W2': weight_scale * np.random.randn(flat, hidden_dim), 'b2': np.zeros(hidden_dim),
            'W3': weight_scale * np.random.randn(hidden_dim, num_classes), 'b3': np.zeros(num_classes),
        }
        for name in self.params:
            self.params[name] = self.params[name].astype(dtype)

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[k] for k in ('W1', 'b1', 'W2', 'b2', 'W3', 'b3'))
        N, C, H, W = X.shape
        F, _, k, _ = W1.shape
        pad = (k - 1) // 2
        # everything with the channels last
        images = np.pad(X.transpose(0, 2, 3, 1), ((0, 0), (pad, pad), (pad, pad), (0, 0)))
        patches = np.lib.stride_tricks.sliding_window_view(images, (k, k), axis=(1, 2))
        conv = np.tensordot(patches, W1, axes=([3, 4, 5], [1, 2, 3])) + b1
        relu = np.maximum(conv, 0)
        blocks = relu.reshape(N, H // 2, 2, W // 2, 2, F)
        pooled = blocks.max(axis=(2, 4))
        flat = pooled.reshape(N, -1)
        hidden = np.maximum(flat @ W2 + b2, 0)
        scores = hidden @ W3 + b3
        if y is None:
            return scores

        shifted = scores - scores.max(axis=1, keepdims=True)
        p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(p[np.arange(N), y]))
        loss += 0.5 * self.reg * ((W1 ** 2).sum() + (W2 ** 2).sum() + (W3 ** 2).sum())

        p[np.arange(N), y] -= 1
        p /= N
        dhidden = (p @ W3.T) * (hidden > 0)
        dpooled = (dhidden @ W2.T).reshape(pooled.shape)
        won = blocks == pooled[:, :, None, :, None, :]
        dconv = (won * dpooled[:, :, None, :, None, :]).reshape(relu.shape) * (conv > 0)
        grads = {
            'W3': hidden.T @ p + self.reg * W3, 'b3': p.sum(axis=0),
            'W2': flat.T @ dhidden + self.reg * W2, 'b2': dhidden.sum(axis=0),
            'W1': np.tensordot(dconv, patches, axes=([0, 1, 2], [0, 1, 2])) + self.reg * W1, 'b1': dconv.sum(axis=(0, 1, 2)),
        }
        return loss, grads
