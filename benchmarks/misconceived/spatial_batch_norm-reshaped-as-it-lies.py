# expects: spatial_batch_norm.out: channels_not_moved_last
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    eps, m = bn_param['eps'], bn_param['momentum']
    if bn_param['mode'] == 'test':
        return gamma * (x - bn_param['running_mean']) / np.sqrt(bn_param['running_var'] + eps) + beta, None
    mu, var = x.mean(axis=0), x.var(axis=0)
    bn_param['running_mean'] = m * bn_param['running_mean'] + (1 - m) * mu
    bn_param['running_var'] = m * bn_param['running_var'] + (1 - m) * var
    xhat = (x - mu) / np.sqrt(var + eps)
    return gamma * xhat + beta, (xhat, np.sqrt(var + eps), gamma)


def batchnorm_backward(dout, cache):
    xhat, std, gamma = cache
    dgamma, dbeta = np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)
    return gamma / std * (dout - (dbeta + xhat * dgamma) / len(dout)), dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    out, cache = batchnorm_forward(x.reshape(N * H * W, C), gamma, beta, bn_param)
    return out.reshape(N, C, H, W), cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(N * H * W, C), cache)
    return dx.reshape(N, C, H, W), dgamma, dbeta
