# expects: two_layer_net.W1: masked_by_gradient
# expects: two_layer_net.b1: masked_by_gradient
import numpy as np


class TwoLayerNet(object):
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1, W2, b2 = (self.params[name] for name in ('W1', 'b1', 'W2', 'b2'))
        N = X.shape[0]
        hidden = np.maximum(X.dot(W1) + b1, 0)
        scores = hidden.dot(W2) + b2
        if y is None:
            return scores
        scores = scores - scores.max(axis=1, keepdims=True)
        probs = np.exp(scores)
        probs /= probs.sum(axis=1, keepdims=True)
        loss = -np.log(probs[np.arange(N), y]).sum() / N + reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))

        dscores = probs
        dscores[np.arange(N), y] -= 1
        dscores /= N
        grads = {'W2': hidden.T.dot(dscores) + 2 * reg * W2, 'b2': dscores.sum(axis=0)}
        dhidden = dscores.dot(W2.T)
        dhidden[dhidden < 0] = 0
        grads['W1'] = X.T.dot(dhidden) + 2 * reg * W1
        grads['b1'] = dhidden.sum(axis=0)
        return loss, grads
