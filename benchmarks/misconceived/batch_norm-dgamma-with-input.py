# expects: batch_norm.dgamma: dgamma_from_x
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param['eps']
    keep = bn_param['momentum']
    if bn_param['mode'] == 'train':
        mean = np.mean(x, axis=0)
        var = np.var(x, axis=0)
        bn_param['running_mean'] = keep * bn_param['running_mean'] + (1 - keep) * mean
        bn_param['running_var'] = keep * bn_param['running_var'] + (1 - keep) * var
    else:
        mean, var = bn_param['running_mean'], bn_param['running_var']
    xhat = (x - mean) / np.sqrt(var + eps)
    return xhat * gamma + beta, (x, xhat, gamma, np.sqrt(var + eps))


def batchnorm_backward(dout, cache):
    x, xhat, gamma, std = cache
    N = dout.shape[0]
    dbeta = np.ones(N) @ dout
    dgamma = np.diag(dout.T @ x)
    d = dout * gamma
    project = np.eye(N) - np.ones((N, N)) / N
    dx = (project @ d - xhat * np.mean(d * xhat, axis=0)) / std
    return dx, dgamma, dbeta
