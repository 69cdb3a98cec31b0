# coding: utf-8
import sys, os
sys.path.append(os.pardir)
import pickle
import numpy as np
from collections import OrderedDict
from common.layers import *
from common.gradient import numerical_gradient


class SimpleConvNet:
    """conv - relu - pool - affine - relu - affine - softmax"""

    def __init__(self, input_dim=(1, 28, 28), conv_param={'filter_num': 30, 'filter_size': 5, 'pad': 0, 'stride': 1},
                 hidden_size=100, output_size=10, weight_init_std=0.01):
        fn, fs = conv_param['filter_num'], conv_param['filter_size']
        pad, stride = conv_param['pad'], conv_param['stride']
        conv_h = (input_dim[1] - fs + 2 * pad) // stride + 1
        conv_w = (input_dim[2] - fs + 2 * pad) // stride + 1

        self.params = {
            'W1': weight_init_std * np.random.randn(fn, input_dim[0], fs, fs), 'b1': np.zeros(fn),
            'W2': weight_init_std * np.random.randn(fn * (conv_h // 2) * (conv_w // 2), hidden_size), 'b2': np.zeros(hidden_size),
            'W3': weight_init_std * np.random.randn(hidden_size, output_size), 'b3': np.zeros(output_size),
        }
        p = self.params
        self.layers = OrderedDict([
            ('Conv1', Convolution(p['W1'], p['b1'], stride, pad)), ('Relu1', Relu()),
            ('Pool1', Pooling(pool_h=2, pool_w=2, stride=2)),
            ('Affine1', Affine(p['W2'], p['b2'])), ('Relu2', Relu()), ('Affine2', Affine(p['W3'], p['b3'])),
        ])
        self.last_layer = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        y = self.predict(x)
        return self.last_layer.forward(y, t)

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last_layer.backward(1)
        for layer in reversed(list(self.layers.values())):
            dout = layer.backward(dout)
        grads = {}
        for i, name in enumerate(('Conv1', 'Affine1', 'Affine2'), 1):
            grads['W%d' % i], grads['b%d' % i] = self.layers[name].dW, self.layers[name].db
        return grads

    def save_params(self, file_name="params.pkl"):
        with open(file_name, 'wb') as f:
            pickle.dump(dict(self.params), f)
