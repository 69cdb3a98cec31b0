"""Normalisations and dropout. All four normalisations differ in the axes alone, so they share `standardise` and its gradient."""
import numpy as np


def standardise(x, axes, eps):
    mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    deviation = np.sqrt(var + eps)
    return (x - mean) / deviation, deviation, mean, var


def standardise_backward(dxhat, xhat, deviation, axes):
    level = dxhat.mean(axis=axes, keepdims=True)
    tilt = (dxhat * xhat).mean(axis=axes, keepdims=True)
    return (dxhat - level - xhat * tilt) / deviation


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get('eps', 1e-5)
    if bn_param['mode'] == 'test':
        scale = gamma / np.sqrt(bn_param['running_var'] + eps)
        return (x - bn_param['running_mean']) * scale + beta, None
    xhat, deviation, mean, var = standardise(x, 0, eps)
    keep = bn_param.get('momentum', 0.9)
    for name, seen in (('running_mean', mean[0]), ('running_var', var[0])):
        bn_param[name] = keep * bn_param.get(name, np.zeros_like(seen)) + (1 - keep) * seen
    return gamma * xhat + beta, (xhat, deviation, gamma)


def batchnorm_backward(dout, cache):
    xhat, deviation, gamma = cache
    return standardise_backward(dout * gamma, xhat, deviation, 0), (dout * xhat).sum(axis=0), dout.sum(axis=0)


def channels_last(x):
    return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])


def channels_second(rows, shape):
    N, C, H, W = shape
    return rows.reshape(N, H, W, C).transpose(0, 3, 1, 2)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    rows, cache = batchnorm_forward(channels_last(x), gamma, beta, bn_param)
    return channels_second(rows, x.shape), cache


def spatial_batchnorm_backward(dout, cache):
    drows, dgamma, dbeta = batchnorm_backward(channels_last(dout), cache)
    return channels_second(drows, dout.shape), dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    xhat, deviation, _, _ = standardise(x, 1, ln_param.get('eps', 1e-5))
    return gamma * xhat + beta, (xhat, deviation, gamma)


def layernorm_backward(dout, cache):
    xhat, deviation, gamma = cache
    return standardise_backward(dout * gamma, xhat, deviation, 1), (dout * xhat).sum(axis=0), dout.sum(axis=0)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    xhat, deviation, _, _ = standardise(x.reshape(len(x), G, -1), 2, gn_param.get('eps', 1e-5))
    return gamma * xhat.reshape(x.shape) + beta, (xhat, deviation, gamma)


def spatial_groupnorm_backward(dout, cache):
    xhat, deviation, gamma = cache
    dx = standardise_backward((dout * gamma).reshape(xhat.shape), xhat, deviation, 2)
    over = {'axis': (0, 2, 3), 'keepdims': True}
    return dx.reshape(dout.shape), (dout * xhat.reshape(dout.shape)).sum(**over), dout.sum(**over)


def dropout_forward(x, dropout_param):
    """p is the probability of being kept; what is kept is scaled up, so that nothing is left to do in test mode."""
    if dropout_param['mode'] == 'test':
        return x, 1
    rng = np.random.default_rng(dropout_param.get('seed'))
    mask = ((rng.random(x.shape) < dropout_param['p']) / dropout_param['p']).astype(x.dtype)
    return x * mask, mask


def dropout_backward(dout, mask):
    return dout * mask
