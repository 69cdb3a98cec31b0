# expects: two_layer_net.out: first_bias_forgotten
# expects: two_layer_net.b1: first_bias_forgotten
import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        self.params = {
            'W1': weight_init_std * np.random.randn(input_size, hidden_size),
            'b1': np.zeros(hidden_size),
            'W2': weight_init_std * np.random.randn(hidden_size, output_size),
            'b2': np.zeros(output_size),
        }

    def predict(self, x):
        self.a1 = np.dot(x, self.params['W1'])
        self.z1 = np.where(self.a1 > 0, self.a1, 0)
        a2 = np.dot(self.z1, self.params['W2']) + self.params['b2']
        e = np.exp(a2 - a2.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        y = self.predict(x)
        return -np.sum(t * np.log(y + 1e-7)) / len(x)

    def gradient(self, x, t):
        dy = (self.predict(x) - t) / len(x)
        dz1 = np.dot(dy, self.params['W2'].T) * (self.a1 > 0)
        return {
            'W1': np.dot(x.T, dz1),
            'b1': np.sum(dz1, axis=0),
            'W2': np.dot(self.z1.T, dy),
            'b2': np.sum(dy, axis=0),
        }
