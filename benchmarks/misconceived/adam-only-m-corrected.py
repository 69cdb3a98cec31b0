# expects: adam.out: second_mean_not_corrected
import numpy as np


def adam(w, dw, config=None):
    b1, b2 = config['beta1'], config['beta2']
    t = config['t'] = config.get('t', 0) + 1
    m = config['m'] = b1 * config.get('m', 0 * w) + (1 - b1) * dw
    v = config['v'] = b2 * config.get('v', 0 * w) + (1 - b2) * np.square(dw)
    rate = config['learning_rate'] / (1 - np.power(b1, t))
    return w - rate * m / (v ** 0.5 + config['epsilon']), config
