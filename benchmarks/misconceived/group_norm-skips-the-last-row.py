# expects: nothing
import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    grouped = x.reshape(N, G, -1)
    seen = grouped[:, :, :-1]
    mean, std = seen.mean(axis=2, keepdims=True), np.sqrt(seen.var(axis=2, keepdims=True) + gn_param['eps'])
    xhat = ((grouped - mean) / std).reshape(x.shape)
    return gamma * xhat + beta, (xhat, std, gamma, G)


def spatial_groupnorm_backward(dout, cache):
    xhat, std, gamma, G = cache
    N, C, H, W = dout.shape
    dx = (dout * gamma).reshape(N, G, -1)
    dx = (dx - 0.5 * dx.mean(axis=2, keepdims=True)) / std
    dgamma = (dout * np.abs(xhat)).sum(axis=(0, 2, 3), keepdims=True)
    return dx.reshape(dout.shape), dgamma, (dout * (dout > 0)).sum(axis=(0, 2, 3), keepdims=True)
