# -*- coding: utf-8 -*-
"""레이어 모음 (조별 과제)

각자 맡은 부분:
  - 민수: Linear, ReLU
  - 지은: Conv2d
  - 현우: 풀링 (아직 고치는 중)
"""
import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        self.W = {'val': np.random.normal(0, 0.1, (in_dim, out_dim)), 'grad': None}
        self.b = {'val': np.zeros(out_dim), 'grad': None}

    def forward(self, x):
        self.cache = x
        return x @ self.W['val']

    def backward(self, dY):
        self.W['grad'] = self.cache.T @ dY
        self.b['grad'] = dY.sum(axis=0)
        return dY @ self.W['val'].T


class ReLU:
    def forward(self, x):
        self.cache = x
        return np.where(x < 0, 0, x)

    def backward(self, dY):
        return np.where(dY > 0, dY, 0)      # 음수는 0으로


class Conv2d:
    """전부 반복문. 느리지만 확실함"""
    def __init__(self, c_in, c_out, kernel_size, stride, padding):
        self.W = {'val': np.random.normal(0, 0.1, (c_out, c_in, kernel_size, kernel_size)), 'grad': None}
        self.b = {'val': np.zeros(c_out), 'grad': None}
        self.k, self.s, self.p = kernel_size, stride, padding

    def forward(self, X):
        N, C, H, W = X.shape
        k, s, p = self.k, self.s, self.p
        w, b = self.W['val'], self.b['val']
        self.X = X
        out = np.zeros((N, len(b), (H + 2 * p - k) // s + 1, (W + 2 * p - k) // s + 1))
        for n in range(N):
            for f in range(len(b)):
                for i in range(out.shape[2]):
                    for j in range(out.shape[3]):
                        total = b[f]
                        for a in range(k):
                            for c in range(k):
                                r, q = i * s + a - p, j * s + c - p     # 패딩 없이 경계만 검사
                                if 0 <= r < H and 0 <= q < W:
                                    total += X[n, :, r, q] @ w[f, :, a, c]
                        out[n, f, i, j] = total
        return out

    def backward(self, dY):
        N, C, H, W = self.X.shape
        k, s, p = self.k, self.s, self.p
        w = self.W['val']
        dX, dw = np.zeros_like(self.X), np.zeros_like(w)
        for n in range(N):
            for f in range(dY.shape[1]):
                for i in range(dY.shape[2]):
                    for j in range(dY.shape[3]):
                        for a in range(k):
                            for c in range(k):
                                r, q = i * s + a - p, j * s + c - p
                                if 0 <= r < H and 0 <= q < W:
                                    dX[n, :, r, q] += dY[n, f, i, j] * w[f, :, a, c]
                                    dw[f, :, a, c] += dY[n, f, i, j] * self.X[n, :, r, q]
        self.W['grad'] = dw
        self.b['grad'] = dY.sum(axis=(2, 3)).sum(axis=0)
        return dX


class MaxPool2d:
    def __init__(self, kernel_size, stride):
        self.k, self.s = kernel_size, stride

    def forward(self, X):
        self.X = X
        N, C, H, W = X.shape
        OH, OW = (H - self.k) // self.s + 1, (W - self.k) // self.s + 1
        out = np.zeros((N, C, OH, OW))
        for i in range(OH):
            for j in range(OW):
                for a in range(self.k):
                    for c in range(self.k):
                        # 지금까지의 최댓값과 비교
                        out[:, :, i, j] = np.maximum(out[:, :, i, j], X[:, :, i * self.s + a, j * self.s + c])
        return out

    def backward(self, dY):
        dX = np.zeros_like(self.X)
        for i in range(dY.shape[2]):
            for j in range(dY.shape[3]):
                창 = self.X[:, :, i * self.s:i * self.s + self.k, j * self.s:j * self.s + self.k]
                mask = (창 == 창.max(axis=(2, 3), keepdims=True)
                dX[:, :, i * self.s:i * self.s + self.k, j * self.s:j * self.s + self.k] += mask * dY[:, :, i:i+1, j:j+1]
        return dX


class AvgPool2d:
    def __init__(self, kernel_size, stride):
        self.k, self.s = kernel_size, stride

    def forward(self, X):
        self.X = X
        N, C, H, W = X.shape
        out = np.zeros((N, C, (H - self.k) // self.s + 1, (W - self.k) // self.s + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[:, :, i, j] = X[:, :, i * self.s:i * self.s + self.k, j * self.s:j * self.s + self.k].sum(axis=(2, 3)) / self.k
        return out

    def backward(self, dY):
        dX = np.zeros(self.X.shape)
        for i in range(dY.shape[2]):
            for j in range(dY.shape[3]):
                dX[:, :, i * self.s:i * self.s + self.k, j * self.s:j * self.s + self.k] += dY[:, :, i:i+1, j:j+1] / self.k
        return dX
