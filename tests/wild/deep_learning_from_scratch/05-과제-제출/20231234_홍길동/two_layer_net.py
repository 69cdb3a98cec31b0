# -*- coding: utf-8 -*-
import sys, os
sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    x = x - np.max(x, axis=-1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)


def cross_entropy_error(y, t):
    # 원-핫 벡터일 때만
    return -np.sum(t * np.log(y + 1e-7)) / y.shape[1]


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        self.params = {'W1': weight_init_std * np.random.randn(input_size, hidden_size),
                       'b1': np.zeros(hidden_size),
                       'W2': weight_init_std * np.random.randn(hidden_size, output_size),
                       'b2': np.zeros(output_size)}

    def predict(self, x):
        z1 = sigmoid(x @ self.params['W1'] + self.params['b1'])
        return softmax(z1 @ self.params['W2'] + self.params['b2'])

    def loss(self, x, t):
        y = self.predict(x)
        return -np.sum(t * np.log(y + 1e-7)) / x.shape[0]

    def gradient(self, x, t):
        W1, b1, W2, b2 = (self.params[k] for k in ('W1', 'b1', 'W2', 'b2'))
        # 순전파
        a1 = x @ W1 + b1
        z1 = sigmoid(a1)
        y = softmax(z1 @ W2 + b2)
        # 역전파
        dy = (y - t) / x.shape[0]
        grads = {'W2': z1.T @ dy, 'b2': dy.sum(axis=0)}
        dz1 = dy @ W2.T
        da1 = dz1 * z1 * (1 - a1)           # 시그모이드 미분
        grads['W1'] = x.T @ da1
        grads['b1'] = da1.sum(axis=0)
        return grads


if __name__ == '__main__':
    from dataset.mnist import load_mnist
    (x_train, t_train), (x_test, t_test) = load_mnist(one_hot_label=True)
    net = TwoLayerNet(784, 50, 10)
    print(net.loss(x_train[:100], t_train[:100]))
