# expects: spatial_batch_norm.running_var: variance_stored_with_eps
import numpy as np


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    C = x.shape[1]
    g, b = gamma[None, :, None, None], beta[None, :, None, None]
    if bn_param['mode'] == 'train':
        flat = np.swapaxes(x, 0, 1).reshape(C, -1)
        mean = flat.mean(axis=1)
        var = np.array([np.dot(row - m, row - m) / row.size for row, m in zip(flat, mean)]) + bn_param['eps']
        for key, value in zip(('running_mean', 'running_var'), (mean, var)):
            bn_param[key] = bn_param[key] * bn_param['momentum'] + value * (1 - bn_param['momentum'])
    else:
        mean, var = bn_param['running_mean'], bn_param['running_var'] + bn_param['eps']
    inv = (var ** -0.5)[None, :, None, None]
    xhat = (x - mean[None, :, None, None]) * inv
    return xhat * g + b, (xhat, inv, g)


def spatial_batchnorm_backward(dout, cache):
    xhat, inv, g = cache
    m = dout.size / dout.shape[1]
    dgamma = np.einsum('nchw,nchw->c', dout, xhat)
    dbeta = np.einsum('nchw->c', dout)
    dx = g * inv * (dout - (dbeta[:, None, None] + xhat * dgamma[:, None, None]) / m)
    return dx, dgamma, dbeta
