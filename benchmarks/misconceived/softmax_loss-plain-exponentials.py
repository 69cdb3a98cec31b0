# expects: softmax_loss.out: row_maximum_not_subtracted
# expects: softmax_loss.dx: row_maximum_not_subtracted
import numpy as np


def softmax_loss(x, y):
    loss = 0.0
    dx = np.zeros_like(x)
    N = len(x)
    for i in range(N):
        unnormalised = np.exp(x[i])
        p = unnormalised / unnormalised.sum()
        loss += -np.log(p[y[i]])
        dx[i] = p
        dx[i, y[i]] -= 1
    return loss / N, dx / N
