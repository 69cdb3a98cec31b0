# expects: three_layer_net.W1: label_not_averaged
# expects: three_layer_net.b1: label_not_averaged
# expects: three_layer_net.W2: label_not_averaged
# expects: three_layer_net.b2: label_not_averaged
# expects: three_layer_net.W3: label_not_averaged
# expects: three_layer_net.b3: label_not_averaged
import numpy as np


class ThreeLayerNetwork:
    def __init__(self, input_size, hidden_size1, hidden_size2, output_size):
        sizes = (input_size, hidden_size1, hidden_size2, output_size)
        self.params = {}
        for k in range(3):
            self.params['W%d' % (k + 1)] = np.random.normal(0, 0.1, (sizes[k], sizes[k + 1]))
            self.params['b%d' % (k + 1)] = np.zeros(sizes[k + 1])

    def forward(self, x):
        p = self.params
        self.x = x
        self.h1 = 1 / (1 + np.exp(-(np.dot(x, p['W1']) + p['b1'])))
        self.a2 = np.dot(self.h1, p['W2']) + p['b2']
        self.h2 = self.a2.clip(min=0)
        return np.dot(self.h2, p['W3']) + p['b3']

    def loss(self, scores, y):
        self.y = y
        z = scores - np.max(scores, axis=1, keepdims=True)
        self.log_probs = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
        return -np.mean([self.log_probs[i, label] for i, label in enumerate(y)])

    def backward(self):
        p, g = self.params, {}
        d3 = np.exp(self.log_probs) / len(self.y)
        for i, label in enumerate(self.y):
            d3[i, label] -= 1.0
        g['W3'], g['b3'] = np.dot(self.h2.T, d3), d3.sum(0)
        d2 = np.where(self.a2 > 0, np.dot(d3, p['W3'].T), 0)
        g['W2'], g['b2'] = np.dot(self.h1.T, d2), d2.sum(0)
        d1 = np.dot(d2, p['W2'].T) * self.h1 * (1 - self.h1)
        g['W1'], g['b1'] = np.dot(self.x.T, d1), d1.sum(0)
        return g
