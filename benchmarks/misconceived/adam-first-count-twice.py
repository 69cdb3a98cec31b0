# expects: adam.out: first_count_twice
import numpy as np


def adam(w, dw, config=None):
    keep, keep2 = config['beta1'], config['beta2']
    step = config.get('t', 0)
    config['t'] = step + 1
    n = step if step > 0 else 1
    config['m'] = keep * config.get('m', np.zeros(w.shape)) + (1 - keep) * dw
    config['v'] = keep2 * config.get('v', np.zeros(w.shape)) + (1 - keep2) * dw ** 2
    top = config['m'] / (1 - keep ** n)
    bottom = np.sqrt(config['v'] / (1 - keep2 ** n)) + config['epsilon']
    return w - config['learning_rate'] * top / bottom, config
