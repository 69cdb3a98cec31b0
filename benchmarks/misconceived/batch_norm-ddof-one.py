# expects: batch_norm.out: unbiased_variance
# expects: batch_norm.dx: unbiased_variance_in_the_gradient
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum = bn_param['eps'], bn_param['momentum']
    if bn_param['mode'] == 'test':
        return gamma * (x - bn_param['running_mean']) / np.sqrt(bn_param['running_var'] + eps) + beta, None
    mu = x.mean(0)
    spread = np.var(x, axis=0, ddof=1)
    bn_param['running_mean'] = bn_param['running_mean'] * momentum + mu * (1 - momentum)
    bn_param['running_var'] = bn_param['running_var'] * momentum + spread * (1 - momentum)
    x_hat = (x - mu) / (spread + eps) ** 0.5
    return gamma * x_hat + beta, (x_hat, gamma, (spread + eps) ** 0.5)


def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    m = len(dout)
    dgamma, dbeta = np.einsum('nd,nd->d', dout, x_hat), np.einsum('nd->d', dout)
    dx = gamma / (m * std) * (m * dout - dbeta - x_hat * dgamma)
    return dx, dgamma, dbeta
