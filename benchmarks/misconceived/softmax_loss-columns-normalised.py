# expects: softmax_loss.out: over_the_samples
# expects: softmax_loss.dx: over_the_samples
import numpy as np


def softmax_loss(x, y):
    num_train = x.shape[0]
    shifted = x - np.max(x, axis=0)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    loss = 0.0
    for i in range(num_train):
        loss -= log_probs[i, y[i]]
    loss /= num_train

    dx = np.exp(log_probs)
    for i in range(num_train):
        dx[i, y[i]] -= 1
    return loss, dx / num_train
