# expects: softmax_loss.dx: label_subtracted_in_every_row
import numpy as np


def softmax_loss(x, y):
    logits = x - np.max(x, axis=1)[:, np.newaxis]
    d = np.exp(logits)
    d /= d.sum(axis=1)[:, np.newaxis]
    n = len(y)
    loss = 0.0
    for i in range(n):
        loss -= logits[i, y[i]] - np.log(np.exp(logits[i]).sum())
    d[:, y] -= 1
    return loss / n, d / n
