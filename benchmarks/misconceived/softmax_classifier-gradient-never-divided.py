# expects: softmax_classifier.dw: summed
import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = W.T.dot(X.T)
    scores = scores - scores.max(axis=0)
    p = np.exp(scores) / np.exp(scores).sum(axis=0)
    t = np.zeros_like(p)
    t[y, np.arange(N)] = 1
    loss = -(t * np.log(p)).sum() / N + 0.5 * reg * np.linalg.norm(W) ** 2
    dW = (p - t).dot(X).T + reg * W
    return loss, dW
