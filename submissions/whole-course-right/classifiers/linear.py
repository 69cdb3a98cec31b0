import numpy as np

from layers import softmax_loss, svm_loss


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for x, label in zip(X, y):
        scores = x @ W
        for j in range(W.shape[1]):
            margin = scores[j] - scores[label] + 1
            if j != label and margin > 0:
                loss += margin / len(X)
                dW[:, j] += x / len(X)
                dW[:, label] -= x / len(X)
    return loss + 0.5 * reg * np.sum(W * W), dW + reg * W


def svm_loss_vectorized(W, X, y, reg):
    return linear(svm_loss, W, X, y, reg)


def softmax_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for x, label in zip(X, y):
        scores = x @ W
        scores -= scores.max()
        p = np.exp(scores) / np.exp(scores).sum()
        loss += (np.log(np.exp(scores).sum()) - scores[label]) / len(X)
        p[label] -= 1
        dW += np.outer(x, p) / len(X)
    return loss + 0.5 * reg * np.sum(W * W), dW + reg * W


def softmax_loss_vectorized(W, X, y, reg):
    return linear(softmax_loss, W, X, y, reg)


def linear(loss_of, W, X, y, reg):
    loss, dscores = loss_of(X @ W, y)
    return loss + 0.5 * reg * np.sum(W * W), X.T @ dscores + reg * W
