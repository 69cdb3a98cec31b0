# expects: leaky_relu.dx: masked_by_dout
import numpy as np


def leaky_relu_forward(x, negative_slope):
    out = np.array([v if v > 0 else negative_slope * v for v in x.flat]).reshape(x.shape)
    return out, (x, negative_slope)


def leaky_relu_backward(dout, cache):
    x, negative_slope = cache
    return np.array([d if d > 0 else negative_slope * d for d in dout.flat]).reshape(dout.shape)
