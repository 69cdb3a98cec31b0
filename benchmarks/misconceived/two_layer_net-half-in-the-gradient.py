# expects: two_layer_net.W1: other_factor
# expects: two_layer_net.W2: other_factor
import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=0.0001):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        w1, c1, w2, c2 = [self.params[name] for name in ('W1', 'b1', 'W2', 'b2')]
        hidden = np.maximum(X @ w1 + c1, 0)
        out = hidden @ w2 + c2
        if y is None:
            return out
        out = out - out.max(axis=1, keepdims=True)
        q = np.exp(out)
        q = q / q.sum(axis=1, keepdims=True)
        truth = np.eye(q.shape[1])[y]
        data = -np.sum(truth * np.log(q)) / X.shape[0]
        penalty = reg * (np.linalg.norm(w1) ** 2 + np.linalg.norm(w2) ** 2)
        delta = (q - truth) / X.shape[0]
        inner = (delta @ w2.T) * (hidden > 0)
        return data + penalty, {
            'W1': X.T @ inner + reg * w1, 'b1': inner.sum(axis=0), 'W2': hidden.T @ delta + reg * w2, 'b2': delta.sum(axis=0),
        }
