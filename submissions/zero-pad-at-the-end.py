import numpy as np

def zero_pad(X, pad):
    """Pads height and width with zeros."""
    return np.pad(X, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)), mode='constant')


def zero_pad_backward(dout, X, pad):
    return dout[:, :, pad:pad + X.shape[2], pad:pad + X.shape[3]]
