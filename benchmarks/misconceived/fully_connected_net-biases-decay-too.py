# expects: fully_connected_net.out: biases_regularised
import numpy as np


class FullyConnectedNet(object):
    def __init__(self, hidden_dims, input_dim=3072, num_classes=10, reg=0.0, weight_scale=1e-2, dtype=np.float32):
        self.reg, self.dtype = reg, dtype
        self.num_layers = len(hidden_dims) + 1
        self.params = {}
        previous = input_dim
        for layer, size in enumerate([*hidden_dims, num_classes], 1):
            self.params[f'W{layer}'] = (weight_scale * np.random.randn(previous, size)).astype(dtype)
            self.params[f'b{layer}'] = np.zeros(size, dtype)
            previous = size

    def loss(self, X, y=None):
        inputs = []
        out = X.reshape(X.shape[0], -1).astype(self.dtype)
        for layer in range(1, self.num_layers + 1):
            inputs.append(out)
            out = out @ self.params[f'W{layer}'] + self.params[f'b{layer}']
            if layer < self.num_layers:
                out = np.maximum(out, 0)
        if y is None:
            return out

        out = out - out.max(axis=1, keepdims=True)
        p = np.exp(out)
        p /= p.sum(axis=1, keepdims=True)
        N = X.shape[0]
        loss = -np.log(p[np.arange(N), y]).sum() / N
        for value in self.params.values():
            loss += 0.5 * self.reg * np.sum(value ** 2)

        grads = {}
        d = p
        d[np.arange(N), y] -= 1
        d /= N
        for layer in range(self.num_layers, 0, -1):
            W, b, x = self.params[f'W{layer}'], self.params[f'b{layer}'], inputs[layer - 1]
            grads[f'W{layer}'] = x.T @ d + self.reg * W
            grads[f'b{layer}'] = d.sum(axis=0) + self.reg * b
            d = (d @ W.T) * (x > 0)
        return loss, grads
