# expects: momentum.out: velocity_of_the_step_before
import numpy as np


def sgd_momentum(w, dw, config=None):
    config = config or {}
    rate, mu = config.setdefault('learning_rate', 1e-2), config.setdefault('momentum', 0.9)
    if 'velocity' not in config:
        config['velocity'] = np.zeros_like(w)
    next_w = np.add(w, config['velocity'])
    config['velocity'] = np.multiply(mu, config['velocity']) - np.multiply(rate, dw)
    return next_w, config
