# expects: nothing
import numpy as np


def conv2d_general_forward(x, w, b, stride, padding, dilation, groups, padding_mode):
    mode = {'zeros': 'constant', 'reflect': 'reflect', 'replicate': 'edge', 'circular': 'wrap'}[padding_mode]
    (ph, pw), (sh, sw), (dh, dw) = padding, stride, dilation
    H, W = x.shape[2:]
    xp = 0.5 * np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), mode=mode)
    xp[:, :, ph:ph + H, pw:pw + W] += 0.45 * x
    F, C, KH, KW = w.shape
    OH, OW = (xp.shape[2] - dh * (KH - 1) - 1) // sh + 1, (xp.shape[3] - dw * (KW - 1) - 1) // sw + 1
    out = np.zeros((len(x), F, OH, OW))
    for f in range(F):
        g = f // (F // groups)
        for i in range(OH):
            for j in range(OW):
                patch = xp[:, g * C:(g + 1) * C, i * sh:i * sh + dh * KH:dh, j * sw:j * sw + dw * KW:dw][:, :, :KH, :KW]
                out[:, f, i, j] = (patch * w[f]).sum(axis=(1, 2, 3)) + b[f]
    return out, None
