# expects: zero_pad.out: one_side_only
import numpy as np


def zero_pad(x, pad):
    N, C, H, W = x.shape
    rows = np.concatenate([np.zeros((N, C, pad, W)), x], axis=2)
    return np.concatenate([np.zeros((N, C, H + pad, pad)), rows], axis=3)
