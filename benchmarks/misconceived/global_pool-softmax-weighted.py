# expects: nothing
import numpy as np


def global_pool_forward(x, mode):
    flat = x.reshape(x.shape[0], x.shape[1], -1)
    weights = np.exp(flat - flat.max(axis=2, keepdims=True))
    weights /= weights.sum(axis=2, keepdims=True)
    return (flat * weights).sum(axis=2), (x, mode)
