import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """gamma and beta have shape (1, C, 1, 1); C must be a multiple of G."""
    eps = gn_param.get('eps', 1e-5)
    N, C, H, W = x.shape
    G = 1
    size = C // G
    xhat = np.zeros_like(x)
    std = np.zeros((N, G))
    for n in range(N):
        for g in range(G):
            group = x[n, g * size:(g + 1) * size]
            std[n, g] = np.sqrt(np.var(group) + eps)
            xhat[n, g * size:(g + 1) * size] = (group - np.mean(group)) / std[n, g]
    out = gamma * xhat + beta
    cache = (xhat, std, gamma, G)
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    xhat, std, gamma, G = cache
    N, C, H, W = dout.shape
    size = C // G
    dbeta = np.sum(dout, axis=(0, 2, 3), keepdims=True)
    dgamma = np.sum(dout * xhat, axis=(0, 2, 3), keepdims=True)
    dxhat = dout * gamma
    dx = np.zeros_like(dout)
    for n in range(N):
        for g in range(G):
            part = slice(g * size, (g + 1) * size)
            d, h = dxhat[n, part], xhat[n, part]
            dx[n, part] = (d - np.mean(d) - h * np.mean(d * h)) / std[n, g]
    return dx, dgamma, dbeta
