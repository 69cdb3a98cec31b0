import numpy as np


def adam(w, dw, config=None):
    config.setdefault('epsilon', 1e-8)
    config.setdefault('m', np.zeros_like(w))
    config.setdefault('v', np.zeros_like(w))
    config.setdefault('t', 1)

    beta1, beta2, t = config['beta1'], config['beta2'], config['t']
    config['m'] = beta1 * config['m'] + (1 - beta1) * dw
    config['v'] = beta2 * config['v'] + (1 - beta2) * (dw ** 2)
    mb = config['m'] / (1 - beta1 ** t)
    vb = config['v'] / (1 - beta2 ** t)
    return w - config['learning_rate'] * mb / (np.sqrt(vb) + config['epsilon']), config
