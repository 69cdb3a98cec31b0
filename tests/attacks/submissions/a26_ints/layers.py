import numpy as np
def affine_forward(x, w, b):
    return np.rint(x.reshape(len(x), -1) @ w + b).astype(int), None
