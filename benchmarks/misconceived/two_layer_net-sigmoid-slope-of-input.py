# expects: two_layer_net.W1: slope_at_input
# expects: two_layer_net.b1: slope_at_input
import numpy as np


def gradient(x, t, W1, b1, W2, b2):
    N = x.shape[0]
    a1 = np.einsum('nd,dh->nh', x, W1) + b1
    z1 = np.exp(-np.logaddexp(0, -a1))
    a2 = np.einsum('nh,hk->nk', z1, W2) + b2
    y = np.exp(a2 - a2.max(axis=1, keepdims=True))
    y = y / y.sum(axis=1, keepdims=True)

    delta2 = (y - t) / N
    delta1 = np.einsum('nk,hk->nh', delta2, W2) * (a1 * (1 - a1))
    return {
        'W1': np.einsum('nd,nh->dh', x, delta1),
        'b1': delta1.sum(axis=0),
        'W2': np.einsum('nh,nk->hk', z1, delta2),
        'b2': delta2.sum(axis=0),
    }
