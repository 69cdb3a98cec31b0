import numpy as np
large = np.zeros(2 << 20)
def affine_forward(x, w, b):
    return large, None
