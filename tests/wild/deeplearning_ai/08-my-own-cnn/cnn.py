# -*- coding: utf-8 -*-
# 한 번에 이해하는 CNN (블로그 글의 코드)
import numpy as np
import cv2
import matplotlib.pyplot as plt

PAD = 1

def zero_pad(X, pad):
    # 높이와 너비에만
    return np.pad(X, ((0, 0), (PAD, PAD), (PAD, PAD), (0, 0)), 'constant')

def conv_forward(A_prev, W, b, hparams):
    m, H, Wd, C = A_prev.shape
    f, _, _, K = W.shape
    s, p = hparams['stride'], hparams['pad']
    nH, nW = (H + 2 * p - f) // s + 1, (Wd + 2 * p - f) // s + 1
    X = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)), 'constant')
    W = W[::-1, ::-1]            # 진짜 합성곱은 필터를 뒤집는다!
    Z = np.empty((m, nH, nW, K))
    for i in range(nH):
        for j in range(nW):
            Z[:, i, j] = np.tensordot(X[:, i * s:i * s + f, j * s:j * s + f], W, axes=3) + b.ravel()
    return Z, (X, W, A_prev.shape, s, p)

def conv_backward(dZ, cache):
    X, W, shape, s, p = cache
    f = W.shape[0]
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for i in range(dZ.shape[1]):
        for j in range(dZ.shape[2]):
            d = dZ[:, i, j]
            dW += np.tensordot(X[:, i * s:i * s + f, j * s:j * s + f], d, axes=(0, 0))
            dX[:, i * s:i * s + f, j * s:j * s + f] += np.tensordot(d, W, axes=(1, 3))
    db = dZ.sum(axis=(0, 1, 2), keepdims=True)
    return dX[:, p:p + shape[1], p:p + shape[2]], dW[::-1, ::-1], db

def pool_forward(A_prev, hparams, mode='max'):
    m, H, W, C = A_prev.shape
    f, s = hparams['f'], hparams['stride']
    nH, nW = (H - f) // s + 1, (H - f) // s + 1      # 정사각형이라고 가정
    A = np.zeros((m, nH, nW, C))
    for i in range(nH):
        for j in range(nW):
            w = A_prev[:, i * s:i * s + f, j * s:j * s + f]
            A[:, i, j] = w.mean(axis=(1, 2)) if mode == 'average' else w.max(axis=(1, 2), initial=-np.inf)
    return A, (A_prev, f, s)

def pool_backward(dA, cache, mode='max'):
    A_prev, f, s = cache
    dA_prev = np.zeros(A_prev.shape)
    for i in range(dA.shape[1]):
        for j in range(dA.shape[2]):
            sl = np.s_[:, i * s:i * s + f, j * s:j * s + f]
            if mode == 'max':
                dA_prev[sl] = (A_prev[sl] == A_prev[sl].max(axis=(1, 2), keepdims=True)) * dA[:, i:i + 1, j:j + 1]
            else:
                dA_prev[sl] = dA[:, i:i + 1, j:j + 1] / f / f
    return dA_prev

def sigmoid(z):
    return np.exp(z) / (np.exp(z) + 1)

def sigmoid_backward(dA, cache):
    return dA * cache * (1 - cache)

def relu(z):
    A = z.copy()
    A[A < 0.01] = 0
    return A

def relu_backward(dA, cache):
    return dA * (cache > 0.01)
