# expects: batch_norm.out: test_mode_unscaled
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum = bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    N, D = x.shape
    rm = bn_param.get('running_mean', np.zeros(D))
    rv = bn_param.get('running_var', np.zeros(D))
    out = np.empty_like(x)
    if bn_param['mode'] == 'test':
        for d in range(D):
            out[:, d] = (x[:, d] - rm[d]) * (rv[d] + eps) ** -0.5
        return out, None
    cache = []
    for d in range(D):
        col = x[:, d]
        m = sum(col) / N
        v = sum((col - m) ** 2) / N
        h = (col - m) * (v + eps) ** -0.5
        out[:, d] = h * gamma[d] + beta[d]
        rm[d] = rm[d] * momentum + m * (1 - momentum)
        rv[d] = rv[d] * momentum + v * (1 - momentum)
        cache.append((h, (v + eps) ** -0.5, gamma[d]))
    bn_param['running_mean'], bn_param['running_var'] = rm, rv
    return out, cache


def batchnorm_backward(dout, cache):
    N, D = dout.shape
    dx, dgamma, dbeta = np.empty_like(dout), np.empty(D, dout.dtype), np.empty(D, dout.dtype)
    for d in range(D):
        h, inv, g = cache[d]
        dgamma[d] = np.dot(dout[:, d], h)
        dbeta[d] = np.sum(dout[:, d])
        dx[:, d] = g * inv / N * (N * dout[:, d] - dbeta[d] - h * dgamma[d])
    return dx, dgamma, dbeta
