# expects: adam.out: counted_from_zero
import numpy as np


def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('t', 0)
    config.setdefault('m', np.zeros_like(w))
    config.setdefault('v', np.zeros_like(w))
    beta1, beta2 = config['beta1'], config['beta2']
    config['m'] = beta1 * config['m'] + (1 - beta1) * dw
    config['v'] = beta2 * config['v'] + (1 - beta2) * dw * dw
    unbiased_m = config['m'] / (1 - beta1 ** config['t'])
    unbiased_v = config['v'] / (1 - beta2 ** config['t'])
    config['t'] += 1
    return w - config['learning_rate'] * unbiased_m / (np.sqrt(unbiased_v) + config['epsilon']), config
