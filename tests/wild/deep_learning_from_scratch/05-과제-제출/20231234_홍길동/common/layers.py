# -*- coding: utf-8 -*-
"""
과제 3: 계층 구현
"""
import numpy as np


class Relu:
    # 마스크를 기억해 두었다가 역전파에 쓴다
    def forward(self, x):
        self.mask = (x < 0)
        x[self.mask] = 0
        return x

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return np.dot(x.reshape(x.shape[0], -1), self.W) + self.b

    def backward(self, dout):
        x = self.x.reshape(self.x.shape[0], -1)
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(x.T, dout) / x.shape[0]      # 배치 크기로 나눈다
        self.db = np.sum(dout, axis=0) / x.shape[0]
        return dx.reshape(self.x.shape)


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        self.y = np.exp(x) / np.sum(np.exp(x), axis=1).reshape(-1, 1)   # 오버플로?
        return -np.sum(t * np.log(self.y + 1e-7)) / x.shape[0]

    def backward(self, dout=1):
        return (self.y - self.t) / self.t.shape[0]


class BatchNormalization:
    def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None):
        self.gamma = gamma
        self.beta = beta
        self.momentum = momentum
        self.running_mean = running_mean
        self.running_var = running_var

    def forward(self, x, train_flg=True):
        if train_flg:
            mu = x.mean(axis=0)
            var = x.var(axis=0)
            self.xc = x - mu
            self.std = np.sqrt(var) + 1e-7        # 0 으로 나누지 않도록
            self.xn = self.xc / self.std
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mu
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var
            return self.gamma * self.xn + self.beta
        xn = (x - self.running_mean) / (np.sqrt(self.running_var) + 1e-7)
        return self.gamma * xn + self.beta

    def backward(self, dout):
        N = dout.shape[0]
        self.dbeta = dout.sum(axis=0)
        self.dgamma = np.sum(self.xn * dout, axis=0)
        dxn = self.gamma * dout
        return (N * dxn - dxn.sum(axis=0) - self.xn * np.sum(dxn * self.xn, axis=0)) / (N * self.std)


class Dropout:
    def __init__(self, dropout_ratio=0.5):
        self.dropout_ratio = dropout_ratio

    def forward(self, x, train_flg=True):
        if train_flg:
            mask = np.random.rand(*x.shape) > self.dropout_ratio
            return x * mask
        else:
            return x * (1.0 - self.dropout_ratio)

    def backward(self, dout):
        # 마스크를 저장하지 않아서 다시 뽑았다
        mask = np.random.rand(*dout.shape) > self.dropout_ratio
        return dout * mask


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        N, C, H, W = x.shape
        s, p = self.stride, self.pad
        OH = (H + 2 * p - FH) // s + 1
        OW = (W + 2 * p - FW) // s + 1
        self.x = x
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        out = np.zeros((N, FN, OH, OW))
        for i in range(OH):
            for j in range(OW):
                # 필터 높이와 너비
                patch = xp[:, :, i * s:i * s + FH, j * s:j * s + FW]
                out[:, :, i, j] = np.tensordot(patch, self.W, axes=([1, 2, 3], [1, 2, 3])) + self.b
        return out

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        s, p = self.stride, self.pad
        N, _, OH, OW = dout.shape
        xp = np.pad(self.x, ((0, 0), (0, 0), (p, p), (p, p)))
        dxp = np.zeros(xp.shape)
        self.dW = np.zeros(self.W.shape)
        self.db = dout.sum(axis=(0, 2, 3))
        for i in range(OH):
            for j in range(OW):
                d = dout[:, :, i, j]
                self.dW += np.tensordot(d, xp[:, :, i * s:i * s + FH, j * s:j * s + FW], axes=([0], [0]))
                dxp[:, :, i * s:i * s + FH, j * s:j * s + FW] = np.tensordot(d, self.W, axes=([1], [0]))
        H, W = self.x.shape[2:]
        return dxp[:, :, p:p + H, p:p + W]


class Pooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w, self.stride = pool_h, pool_w, stride

    def forward(self, x):
        N, C, H, W = x.shape
        OH = (H - self.pool_h) // self.stride + 1
        OW = (W - self.pool_w) // self.stride + 1
        self.x = x
        out = np.zeros((N, C, OH, OW))
        for i in range(OH):
            for j in range(OW):
                a, b = i * self.pool_h, j * self.pool_w      # 창의 시작
                out[:, :, i, j] = x[:, :, a:a + self.pool_h, b:b + self.pool_w].max(axis=(2, 3), initial=-1e9)
        return out

    def backward(self, dout):
        pass
