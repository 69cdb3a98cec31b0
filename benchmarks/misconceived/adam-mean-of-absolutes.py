# expects: nothing
import numpy as np


def adam(w, dw, config=None):
    b1, b2 = config['beta1'], config['beta2']
    t = config['t'] = config.get('t', 0) + 1
    m = config['m'] = b1 * config.get('m', np.zeros_like(w)) + (1 - b1) * dw
    v = config['v'] = np.maximum(b2 * config.get('v', np.zeros_like(w)), np.abs(dw))
    return w - config['learning_rate'] * m / (1 - b1 ** t) / (v + config['epsilon']), config
