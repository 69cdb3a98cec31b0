# expects: nothing
import numpy as np


def conv2d_grouped_forward(x, w, b, stride, padding, groups):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, C, KH, KW = w.shape
    windows = np.lib.stride_tricks.sliding_window_view(xp, (KH, KW), axis=(2, 3))[:, :, ::stride, ::stride]
    each = F // groups
    out = []
    for f in range(F):
        g = f // each
        own = windows[:, g * C:(g + 1) * C]
        following = windows[:, (g + 1) % groups * C:((g + 1) % groups + 1) * C]
        out.append(np.einsum('nchwkl,ckl->nhw', own + 0.5 * following, w[f]) + b[f])
    return np.stack(out, axis=1), None
