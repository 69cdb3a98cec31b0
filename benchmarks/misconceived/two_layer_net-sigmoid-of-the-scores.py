# expects: two_layer_net.W1: activation_on_scores
# expects: two_layer_net.b1: activation_on_scores
# expects: two_layer_net.W2: activation_on_scores
# expects: two_layer_net.b2: activation_on_scores
# expects: two_layer_net.out: activation_on_scores
import numpy as np


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        self.params = {
            'W1': weight_init_std * np.random.randn(input_size, hidden_size),
            'b1': np.zeros(hidden_size),
            'W2': weight_init_std * np.random.randn(hidden_size, output_size),
            'b2': np.zeros(output_size),
        }

    def predict(self, x):
        z = x
        for layer in '12':
            z = sigmoid(z @ self.params['W' + layer] + self.params['b' + layer])
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def loss(self, x, t):
        y = self.predict(x)
        labels = t.argmax(axis=1) if t.ndim > 1 else t
        return -np.log(y[np.arange(len(x)), labels]).mean()

    def gradient(self, x, t):
        labels = t.argmax(axis=1) if t.ndim > 1 else t
        h = sigmoid(x @ self.params['W1'] + self.params['b1'])
        dy = self.predict(x)
        dy[np.arange(len(x)), labels] -= 1
        dy = dy / len(x)
        da = dy @ self.params['W2'].T * h * (1 - h)
        return {'W1': x.T @ da, 'b1': da.sum(0), 'W2': h.T @ dy, 'b2': dy.sum(0)}
