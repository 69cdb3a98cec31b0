import numpy as np


def mse_loss(x, y):
    diff = x - y
    loss = np.mean(diff ** 2)
    dx = 2 * diff
    return loss, dx
