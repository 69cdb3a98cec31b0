# expects: two_layer_net.W1: unregularised
import numpy as np


class TwoLayerNet(object):
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {
            'W1': std * np.random.randn(input_size, hidden_size),
            'b1': np.zeros(hidden_size),
            'W2': std * np.random.randn(hidden_size, output_size),
            'b2': np.zeros(output_size),
        }

    def loss(self, X, y=None, reg=0.0):
        W1, b1, W2, b2 = (self.params[k] for k in ('W1', 'b1', 'W2', 'b2'))
        N = X.shape[0]
        hidden = X.dot(W1) + b1
        hidden[hidden < 0] = 0
        scores = hidden.dot(W2) + b2
        if y is None:
            return scores

        scores = scores - scores.max(axis=1)[:, None]
        logp = scores - np.log(np.exp(scores).sum(axis=1))[:, None]
        loss = -logp[range(N), y].sum() / N
        loss += reg * np.sum(W1 ** 2) + reg * np.sum(W2 ** 2)

        dscores = np.exp(logp)
        dscores[range(N), y] -= 1
        dscores /= N
        grads = {}
        grads['W2'] = hidden.T.dot(dscores) + 2 * reg * W2
        grads['b2'] = dscores.sum(axis=0)
        dhidden = dscores.dot(W2.T)
        dhidden[hidden == 0] = 0
        grads['W1'] = X.T.dot(dhidden)
        grads['b1'] = dhidden.sum(axis=0)
        return loss, grads
