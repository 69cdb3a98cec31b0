# expects: svm_classifier.out: summed
import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros(W.shape)
    for i, label in enumerate(y):
        scores = [X[i].dot(W[:, c]) for c in range(W.shape[1])]
        for c, score in enumerate(scores):
            margin = score - scores[label] + 1.0
            if c != label and margin > 0:
                loss += margin
                dW[:, c] += X[i]
                dW[:, label] -= X[i]
    loss += reg * np.sum(W ** 2)
    dW /= X.shape[0]
    dW += 2 * reg * W
    return loss, dW
