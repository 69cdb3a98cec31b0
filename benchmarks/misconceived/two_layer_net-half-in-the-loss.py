# expects: two_layer_net.W1: other_factor
# expects: two_layer_net.W2: other_factor
import numpy as np


class TwoLayerNet(object):
    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = dict(
            W1=np.random.normal(0, weight_scale, (input_dim, hidden_dim)), b1=np.zeros(hidden_dim),
            W2=np.random.normal(0, weight_scale, (hidden_dim, num_classes)), b2=np.zeros(num_classes),
        )

    def loss(self, X, y=None):
        p = self.params
        flat = X.reshape(X.shape[0], -1)
        pre = flat.dot(p['W1']) + p['b1']
        act = np.where(pre > 0, pre, 0)
        scores = act.dot(p['W2']) + p['b2']
        if y is None:
            return scores
        e = np.exp(scores - scores.max(1, keepdims=True))
        prob = e / e.sum(1, keepdims=True)
        n = len(y)
        loss = -np.log(prob[np.arange(n), y]).sum() / n
        for name in ('W1', 'W2'):
            loss += 0.5 * self.reg * np.sum(p[name] ** 2)
        prob[np.arange(n), y] -= 1
        prob /= n
        back = prob.dot(p['W2'].T)
        back[pre <= 0] = 0
        grads = {'W2': act.T.dot(prob), 'b2': prob.sum(0), 'W1': flat.T.dot(back), 'b1': back.sum(0)}
        for name in ('W1', 'W2'):
            grads[name] += 2 * self.reg * p[name]
        return loss, grads
