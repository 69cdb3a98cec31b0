# expects: layer_norm.out: eps_outside_root
import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    eps = ln_param.get('eps', 1e-5)
    N, D = x.shape
    out = np.zeros((N, D), dtype=x.dtype)
    hats, stds = [], []
    for n in range(N):
        row = x[n]
        std = row.std() + eps
        hat = (row - row.mean()) / std
        out[n] = hat * gamma + beta
        hats.append(hat)
        stds.append(std)
    return out, (np.array(hats), np.array(stds), gamma)


def layernorm_backward(dout, cache):
    hats, stds, gamma = cache
    dx = np.zeros_like(dout)
    for n in range(len(dout)):
        d = gamma * dout[n]
        dx[n] = (d - d.mean() - hats[n] * (d * hats[n]).mean()) / stds[n]
    return dx, (dout * hats).sum(axis=0), dout.sum(axis=0)
