# expects: softmax_classifier.out: regularisation_averaged
import numpy as np


def softmax_loss_naive(W, X, y, reg):
    loss = reg * np.sum(W * W)
    dW = np.zeros_like(W)
    for i in range(len(X)):
        f = X[i] @ W
        log_sum = np.log(np.sum(np.exp(f - f.max()))) + f.max()
        loss += log_sum - f[y[i]]
        p = np.exp(f - log_sum)
        p[y[i]] -= 1
        dW += np.outer(X[i], p)
    return loss / len(X), dW / len(X) + 2 * reg * W
