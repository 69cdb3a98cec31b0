import numpy as np

def conv_single_step(a_slice, W, b):
    s = a_slice * W + b
    return np.sum(s)
