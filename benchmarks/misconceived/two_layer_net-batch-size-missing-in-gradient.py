# expects: two_layer_net.W1: summed
# expects: two_layer_net.b1: summed
# expects: two_layer_net.W2: summed
# expects: two_layer_net.b2: summed
import numpy as np


def softmax(a):
    c = np.max(a, axis=-1, keepdims=True)
    return np.exp(a - c) / np.sum(np.exp(a - c), axis=-1, keepdims=True)


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {}
        self.params['W1'] = 0.01 * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = 0.01 * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def predict(self, x):
        self.z1 = 1 / (1 + np.exp(-(x @ self.params['W1'] + self.params['b1'])))
        return softmax(self.z1 @ self.params['W2'] + self.params['b2'])

    def loss(self, x, t):
        y = self.predict(x)
        return -np.mean(np.sum(t * np.log(y), axis=1))

    def gradient(self, x, t):
        y = self.predict(x)
        grads = {name: np.zeros_like(p) for name, p in self.params.items()}
        for n in range(x.shape[0]):
            d2 = y[n] - t[n]
            grads['W2'] += np.outer(self.z1[n], d2)
            grads['b2'] += d2
            d1 = (self.params['W2'] @ d2) * self.z1[n] * (1 - self.z1[n])
            grads['W1'] += np.outer(x[n], d1)
            grads['b1'] += d1
        return grads
