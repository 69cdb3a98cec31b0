import numpy as np
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    wide = np.full((len(x) * 2, w.shape[1] * 2), np.nan)[::-2, ::-2]
    wide[...] = out
    return wide, None
