import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    eps = gn_param.get('eps', 1e-5)
    xg = x.reshape(N, G, -1)
    mu = xg.mean(-1, keepdims=True)
    inv = (xg.var(-1, keepdims=True) + eps) ** -0.5
    xh = ((xg - mu) * inv).reshape(x.shape)
    return gamma * xh + beta, (xh, inv, gamma, G)


def spatial_groupnorm_backward(dout, cache):
    xh, inv, gamma, G = cache
    N, C, H, W = dout.shape
    d = (dout * gamma).reshape(N, G, -1)
    h = xh.reshape(N, G, -1)
    dx = inv * (d - d.mean(-1, keepdims=True) - h * (d * h).mean(-1, keepdims=True))
    keep = dict(axis=(0, 2, 3), keepdims=True)
    return dx.reshape(dout.shape), (dout * xh).sum(**keep), dout.sum(**keep)
