# -*- coding: utf-8 -*-
# 딥러닝 과제 1 - 2층 신경망의 오차역전파
# 이름: 김○○ / 학번: 2021-1xxxx
import numpy as np


def sigmoid(x):
    # x가 큰 음수일 때 overflow 경고가 나와서 부호별로 나눔
    out = np.empty_like(x)
    pos = x >= 0
    out[pos] = 1 / (1 + np.exp(-x[pos]))
    e = np.exp(x[~pos])
    out[~pos] = e / (1 + e)
    return out


def softmax(a):
    # 행마다 최댓값을 빼 준다 (오버플로 방지)
    a = a - a.max(axis=1).reshape(-1, 1)
    e = np.exp(a)
    return e / e.sum(axis=1).reshape(-1, 1)


def loss(x, t, W1, b1, W2, b2):
    """교차 엔트로피 오차. t는 원-핫."""
    y = softmax(sigmoid(x @ W1 + b1) @ W2 + b2)
    return -np.sum(t * np.log(y + 1e-7)) / len(x)


def gradient(x, t, W1, b1, W2, b2):
    grads = {}
    batch_num = x.shape[0]

    # 순전파
    a1 = np.dot(x, W1) + b1
    z1 = sigmoid(a1)
    a2 = np.dot(z1, W2) + b2
    y = softmax(a2)

    # 역전파: 뒤에서부터
    dy = (y - t) / batch_num            # softmax + CE 의 미분
    grads['W2'] = np.dot(z1.T, dy)
    grads['b2'] = np.sum(dy, axis=0)

    dz1 = np.dot(dy, W2.T)
    da1 = z1 * (1.0 - z1) * dz1         # sigmoid' = z(1-z)
    grads['W1'] = np.dot(x.T, da1)
    grads['b1'] = np.sum(da1, axis=0)
    return grads


if __name__ == '__main__':
    # 수치 미분과 비교해 보기
    np.random.seed(0)
    x = np.random.randn(3, 4)
    t = np.eye(2)[[0, 1, 1]]
    W1, b1 = 0.1 * np.random.randn(4, 5), np.zeros(5)
    W2, b2 = 0.1 * np.random.randn(5, 2), np.zeros(2)
    g = gradient(x, t, W1, b1, W2, b2)
    h = 1e-4
    for i in range(5):
        b1[i] += h
        up = loss(x, t, W1, b1, W2, b2)
        b1[i] -= 2 * h
        down = loss(x, t, W1, b1, W2, b2)
        b1[i] += h
        print(i, (up - down) / (2 * h), g['b1'][i])
