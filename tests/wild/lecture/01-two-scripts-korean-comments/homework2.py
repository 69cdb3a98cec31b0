# -*- coding: utf-8 -*-
# 딥러닝 과제 2 - 3층 (sigmoid -> relu -> softmax)
import numpy as np
from homework1 import sigmoid, softmax


def relu(x):
    return x * (x > 0)


def loss(x, t, W1, b1, W2, b2, W3, b3):
    z1 = sigmoid(x @ W1 + b1)
    z2 = relu(z1 @ W2 + b2)
    y = softmax(z2 @ W3 + b3)
    # 정답 레이블 위치만 뽑아서 계산
    right = y[np.arange(len(y)), t.argmax(axis=1)]
    return -np.log(right + 1e-7).mean()


def gradient(x, t, W1, b1, W2, b2, W3, b3):
    a1 = x @ W1 + b1
    z1 = sigmoid(a1)
    a2 = z1 @ W2 + b2
    z2 = relu(a2)
    a3 = z2 @ W3 + b3
    y = softmax(a3)

    da3 = (y - t) / x.shape[0]
    dz2 = da3 @ W3.T
    da2 = np.where(a2 > 0, dz2, 0)      # relu: 켜진 곳만 통과
    dz1 = da2 @ W2.T
    da1 = dz1 * z1 * (1 - z1)

    return {'W1': x.T @ da1, 'b1': da1.sum(axis=0),
            'W2': z1.T @ da2, 'b2': da2.sum(axis=0),
            'W3': z2.T @ da3, 'b3': da3.sum(axis=0)}


# 모양 확인용 (제출 전에 지울 것!!)
_g = gradient(np.ones((2, 3)), np.eye(2), np.ones((3, 4)), np.zeros(4), np.ones((4, 3)), np.zeros(3), np.ones((3, 2)), np.zeros(2))
for _k in sorted(_g):
    print(_k, _g[_k].shape)
