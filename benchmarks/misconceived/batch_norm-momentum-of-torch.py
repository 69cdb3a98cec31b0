# expects: batch_norm.running_mean: weights_exchanged
# expects: batch_norm.running_var: weights_exchanged
import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    lam, eps = bn_param['momentum'], bn_param['eps']
    if bn_param['mode'] == 'train':
        centre = x.mean(axis=0)
        var = ((x - centre) ** 2).mean(axis=0)
        for name, new in (('running_mean', centre), ('running_var', var)):
            bn_param[name] = bn_param[name] + lam * (new - bn_param[name])
    else:
        centre, var = bn_param['running_mean'], bn_param['running_var']
    root = np.sqrt(var + eps)
    normed = (x - centre) / root
    return normed * gamma + beta, (normed, gamma, root)


def batchnorm_backward(dout, cache):
    normed, gamma, root = cache
    g = dout * gamma
    dx = (g - g.mean(0) - normed * (g * normed).mean(0)) / root
    return dx, (dout * normed).sum(0), dout.sum(0)
