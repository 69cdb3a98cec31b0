import os
import sys
sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from collections import OrderedDict

import numpy as np
from common.layers import Affine, Relu, Sigmoid, SoftmaxWithLoss


class ThreeLayerNet:
    def __init__(self, input_size, hidden1_size, hidden2_size, output_size, weight_init_std=0.01):
        sizes = [input_size, hidden1_size, hidden2_size, output_size]
        self.params = {}
        for k in range(1, 4):
            self.params[f'W{k}'] = weight_init_std * np.random.randn(sizes[k - 1], sizes[k])
            self.params[f'b{k}'] = np.zeros(sizes[k])
        self.make_layers()

    def make_layers(self):
        p = self.params
        self.layers = OrderedDict([
            ('Affine1', Affine(p['W1'], p['b1'])),
            ('Sigmoid1', Sigmoid()),
            ('Affine2', Affine(p['W2'], p['b2'])),
            ('Relu2', Relu()),
            ('Affine3', Affine(p['W3'], p['b3'])),
        ])
        self.last_layer = SoftmaxWithLoss()

    def predict(self, x):
        self.make_layers()
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        scores = self.predict(x)
        return self.last_layer.forward(scores, t)

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last_layer.backward()
        for layer in list(self.layers.values())[::-1]:
            dout = layer.backward(dout)

        grads = {}
        for k in (1, 2, 3):
            grads[f'W{k}'] = self.layers[f'Affine{k}'].dW
            grads[f'b{k}'] = self.layers[f'Affine{k}'].db
        return grads
