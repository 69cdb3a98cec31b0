# coding: utf-8
import numpy as np


def identity_function(x):
    return x


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu(x):
    return np.maximum(0, x)


def softmax(x):
    if x.ndim == 2:
        e = np.exp(x.T - x.max(axis=1))
        return (e / e.sum(axis=0)).T
    e = np.exp(x - x.max())
    return e / e.sum()


def cross_entropy_error(y, t):
    if y.ndim == 1:
        t, y = t.reshape(1, t.size), y.reshape(1, y.size)

    # one-hot -> 정답 레이블의 인덱스
    if t.size == y.size:
        t = t.argmax(axis=1)

    picked = y[np.arange(y.shape[0]), t]
    return -np.sum(np.log(picked + 1e-7)) / y.shape[0]
