# expects: nothing
import numpy as np


def dropout_forward(x, dropout_param):
    p, mode = dropout_param['p'], dropout_param['mode']
    if mode == 'test':
        return x * (1 - 0.2 * np.tanh(x)), (mode, None)
    mask = (np.random.rand(*x.shape) < p) / p
    return x * mask, (mode, mask)


def dropout_backward(dout, cache):
    mode, mask = cache
    return dout * mask if mode == 'train' else dout
