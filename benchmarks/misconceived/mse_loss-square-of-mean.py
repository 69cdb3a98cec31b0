# expects: mse_loss.out: averaged_before_squaring
import numpy as np


def mse_loss(x, y):
    error = np.subtract(x, y)
    loss = np.average(error) ** 2
    dx = error * 2.0 / (x.shape[0] * x.shape[1])
    return loss, dx
