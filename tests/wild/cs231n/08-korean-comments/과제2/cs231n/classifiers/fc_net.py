# -*- coding: utf-8 -*-
import numpy as np
from cs231n.layers import *


class FullyConnectedNet(object):

    def __init__(self, hidden_dims, input_dim=3072, num_classes=10, dropout_keep_ratio=1, normalization=None,
                 reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None):
        self.reg, self.dtype = reg, dtype
        self.num_layers = len(hidden_dims) + 1
        dims = np.hstack((input_dim, hidden_dims, num_classes))
        self.params = {}
        for i in range(self.num_layers):
            self.params['W' + str(i + 1)] = np.random.normal(0, weight_scale, (dims[i], dims[i + 1])).astype(dtype)
            self.params['b' + str(i + 1)] = np.zeros(dims[i + 1], dtype=dtype)

    def loss(self, X, y=None):
        # 순전파
        a, memo = X.astype(self.dtype), []
        for i in range(1, self.num_layers + 1):
            W, b = self.params['W' + str(i)], self.params['b' + str(i)]
            z = a.dot(W) + b
            memo.append((a, z))
            a = np.maximum(z, 0)
        scores = z
        if y is None:
            return scores
        N = len(X)
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(N), y]).sum() / N
        # 역전파
        grads = {}
        p[np.arange(N), y] -= 1
        dz = p / N
        for i in range(self.num_layers, 0, -1):
            W = self.params['W' + str(i)]
            a, _ = memo[i - 1]
            loss += 0.5 * self.reg * np.sum(W * W)
            grads['W' + str(i)] = a.T.dot(dz) + self.reg * W
            grads['b' + str(i)] = dz.sum(axis=0)
            dz = dz.dot(W.T)              # 주의: ReLU 를 여기서 통과해야 하나?
        return loss, grads
