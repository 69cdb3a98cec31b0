import numpy as np
def affine_forward(x, w, b):
    return np.dot(x.reshape(len(x), -1), w) + b, None
