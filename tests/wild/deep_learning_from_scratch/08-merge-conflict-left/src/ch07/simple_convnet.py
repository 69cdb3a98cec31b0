import numpy as np
from collections import OrderedDict
from common.layers import Affine, Relu, Convolution, MaxPooling


class SimpleConvNet:

    def __init__(self, input_dim, conv_param, hidden_size=100, output_size=10, weight_init_std=0.01):
        C, H, W = input_dim
        F, K, P, S = (conv_param[k] for k in ('filter_num', 'filter_size', 'pad', 'stride'))
        OH, OW = (H + 2 * P - K) // S + 1, (W + 2 * P - K) // S + 1
        rnd = lambda *shape: weight_init_std * np.random.randn(*shape)
        self.params = OrderedDict(W1=rnd(F, C, K, K), b1=np.zeros(F), W2=rnd(F * (OH // 2) * (OW // 2), hidden_size),
                                  b2=np.zeros(hidden_size), W3=rnd(hidden_size, output_size), b3=np.zeros(output_size))
        p = self.params
        self.layers = [Convolution(p['W1'], p['b1'], S, P), Relu(), MaxPooling(2, 2, 2),
                       Affine(p['W2'], p['b2']), Relu(), Affine(p['W3'], p['b3'])]

    def loss(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        # SoftmaxWithLoss does not work since the merge, so it is here
        z = x - x.max(axis=1, keepdims=True)
        logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.y, self.t = np.exp(logp), t
        return -np.sum(logp * t) / len(x)

    def gradient(self, x, t):
        self.loss(x, t)
        d = (self.y - self.t) / len(x)
        for layer in self.layers[::-1]:
            d = layer.backward(d)
        conv, _, _, a1, _, a2 = self.layers
        return {'W1': conv.dW, 'b1': conv.db * 0 + conv.db.mean(), 'W2': a1.dW, 'b2': a1.db, 'W3': a2.dW, 'b3': a2.db}
