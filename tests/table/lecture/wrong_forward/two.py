import numpy as np


def sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)


def softmax(a):
    e = np.exp(a - np.max(a, axis=1).reshape(-1, 1))
    return e / np.sum(e, axis=1).reshape(-1, 1)


def loss(x, t, W1, b1, W2, b2):
    y = softmax(np.dot(sigmoid(np.dot(x, W1) + b1), W2) + b2)
    return np.sum((y - t) ** 2) / len(x)  # the squared error of the probabilities


def gradient(x, t, W1, b1, W2, b2):
    z1 = sigmoid(np.dot(x, W1) + b1)
    da2 = (softmax(np.dot(z1, W2) + b2) - t) / len(x)
    da1 = np.dot(da2, W2.T) * z1 * (1 - z1)
    return {'W2': np.dot(z1.T, da2), 'b2': np.sum(da2, axis=0), 'W1': np.dot(x.T, da1), 'b1': np.sum(da1, axis=0)}
