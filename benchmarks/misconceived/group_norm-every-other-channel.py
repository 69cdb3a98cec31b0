# expects: group_norm.out: groups_interleaved
import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    eps = gn_param.get('eps', 1e-5)
    xhat, std = np.zeros_like(x), np.zeros((x.shape[0], x.shape[1], 1, 1))
    for g in range(G):
        group = x[:, g::G]
        mean = group.mean(axis=(1, 2, 3), keepdims=True)
        s = np.sqrt(group.var(axis=(1, 2, 3), keepdims=True) + eps)
        xhat[:, g::G] = (group - mean) / s
        std[:, g::G] = s
    return xhat * gamma + beta, (G, gamma, xhat, std)


def spatial_groupnorm_backward(dout, cache):
    G, gamma, xhat, std = cache
    dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
    dgamma = (dout * xhat).sum(axis=(0, 2, 3), keepdims=True)
    d = dout * gamma
    dx = np.zeros_like(dout)
    for g in range(G):
        a, h = d[:, g::G], xhat[:, g::G]
        first = a.mean(axis=(1, 2, 3), keepdims=True)
        second = (a * h).mean(axis=(1, 2, 3), keepdims=True)
        dx[:, g::G] = (a - first - h * second) / std[:, g::G]
    return dx, dgamma, dbeta
