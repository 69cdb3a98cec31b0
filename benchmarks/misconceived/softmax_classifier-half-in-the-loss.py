# expects: softmax_classifier.dw: other_factor
import numpy as np


def softmax_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    for sample, label in zip(X, y):
        scores = sample @ W
        scores = scores - np.max(scores)
        p = np.exp(scores) / np.sum(np.exp(scores))
        loss += -np.log(p[label])
        p[label] -= 1
        dW += np.outer(sample, p)
    loss = loss / len(X) + reg / 2 * np.square(W).sum()
    dW = dW / len(X) + reg * (W + W)
    return loss, dW
