"""Update rules: (w, dw, config) -> (next_w, config). None of them writes into w."""
import numpy as np


def sgd(w, dw, config):
    return w - config['learning_rate'] * dw, config


def sgd_momentum(w, dw, config):
    velocity = config['momentum'] * config.get('velocity', np.zeros_like(w)) - config['learning_rate'] * dw
    return w + velocity, {**config, 'velocity': velocity}


def adam(w, dw, config):
    beta1, beta2, t = config['beta1'], config['beta2'], config.get('t', 0) + 1
    m = beta1 * config.get('m', np.zeros_like(w)) + (1 - beta1) * dw
    v = beta2 * config.get('v', np.zeros_like(w)) + (1 - beta2) * dw * dw
    step = (m / (1 - beta1 ** t)) / (np.sqrt(v / (1 - beta2 ** t)) + config['epsilon'])
    return w - config['learning_rate'] * step, {**config, 'm': m, 'v': v, 't': t}
