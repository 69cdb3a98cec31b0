# expects: conv2d.out: padding_forgotten+stride_ignored
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward_naive(x, w, b, conv_param):
    windows = sliding_window_view(x, w.shape[2:], axis=(2, 3))
    return np.einsum('ncijkl,fckl->nfij', windows, w) + b.reshape(1, -1, 1, 1), (x, w, b, conv_param)
