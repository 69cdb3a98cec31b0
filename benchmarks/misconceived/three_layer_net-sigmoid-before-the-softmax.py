# expects: three_layer_net.out: sigmoid_on_scores
import numpy as np


def squash(v):
    return 0.5 + 0.5 * np.tanh(v / 2)


class ThreeLayerNet:
    def __init__(self, input_size, hidden1_size, hidden2_size, output_size, weight_init_std=0.01):
        widths = (input_size, hidden1_size, hidden2_size, output_size)
        self.params = {}
        for i, (n, m) in enumerate(zip(widths, widths[1:]), start=1):
            self.params[f'W{i}'] = np.random.randn(n, m) * weight_init_std
            self.params[f'b{i}'] = np.zeros(m)

    def layers(self, x):
        P = self.params
        one = squash(x.dot(P['W1']) + P['b1'])
        two = (one.dot(P['W2']) + P['b2']).clip(0)
        return one, two, squash(two.dot(P['W3']) + P['b3'])

    def loss(self, x, t):
        s = self.layers(x)[2]
        rows = np.arange(x.shape[0])
        label = t if t.ndim == 1 else t.argmax(1)
        return np.mean(np.log(np.exp(s).sum(axis=1)) - s[rows, label])

    def gradient(self, x, t):
        P = self.params
        one, two, s = self.layers(x)
        label = t if t.ndim == 1 else t.argmax(1)
        p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
        p[np.arange(len(p)), label] -= 1
        d3 = p / len(p) * s * (1 - s)
        d2 = d3.dot(P['W3'].T) * (two > 0)
        d1 = d2.dot(P['W2'].T) * one * (1 - one)
        inputs = {'1': (x, d1), '2': (one, d2), '3': (two, d3)}
        grads = {'W' + k: a.T.dot(d) for k, (a, d) in inputs.items()}
        grads.update({'b' + k: d.sum(axis=0) for k, (a, d) in inputs.items()})
        return grads
