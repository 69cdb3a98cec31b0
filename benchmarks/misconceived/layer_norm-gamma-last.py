# expects: layer_norm.dx: gamma_outside_the_means
import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    xt = x.T
    mu = np.mean(xt, axis=0)
    v = np.var(xt, axis=0)
    std = np.sqrt(v + ln_param.get('eps', 1e-5))
    z = (xt - mu) / std
    out = gamma.reshape(-1, 1) * z + beta.reshape(-1, 1)
    return out.T, {'z': z, 'std': std, 'gamma': gamma}


def layernorm_backward(dout, cache):
    z, std, gamma = cache['z'], cache['std'], cache['gamma']
    d = dout.T
    D = d.shape[0]
    dbeta = d.sum(axis=1)
    dgamma = (d * z).sum(axis=1)
    dx = (D * d - np.sum(d, axis=0) - z * np.sum(d * z, axis=0)) / (D * std)
    return dx.T * gamma, dgamma, dbeta
