import numpy as np


def sgd(w, dw, config=None):
  if config is None: config = {}
  config.setdefault('learning_rate', 1e-2)
  w -= config['learning_rate'] * dw
  return w, config


def sgd_momentum(w, dw, config=None):
  if config is None: config = {}
  config.setdefault('learning_rate', 1e-2)
  config.setdefault('momentum', 0.9)
  v = config.get('velocity', np.zeros_like(w))

  next_w = None
  v = v * config['momentum'] - config['learning_rate'] * dw
  next_w = w + v

  config['velocity'] = v
  return next_w, config


def rmsprop(x, dx, config=None):
  if config is None: config = {}
  config.setdefault('learning_rate', 1e-2)
  config.setdefault('decay_rate', 0.99)
  config.setdefault('epsilon', 1e-8)
  config.setdefault('cache', np.zeros_like(x))
  config['cache'] = config['decay_rate'] * config['cache'] + (1 - config['decay_rate']) * dx ** 2
  return x - config['learning_rate'] * dx / (np.sqrt(config['cache']) + config['epsilon']), config


def adam(x, dx, config=None):
  if config is None: config = {}
  config.setdefault('learning_rate', 1e-3)
  config.setdefault('beta1', 0.9)
  config.setdefault('beta2', 0.999)
  config.setdefault('epsilon', 1e-8)
  config.setdefault('m', np.zeros_like(x))
  config.setdefault('v', np.zeros_like(x))
  config.setdefault('t', 0)

  b1, b2 = config['beta1'], config['beta2']
  config['t'] += 1
  config['m'] += (1 - b1) * (dx - config['m'])
  config['v'] += (1 - b2) * (dx * dx - config['v'])
  rate = config['learning_rate'] / (1 - b1 ** config['t'])
  denom = np.sqrt(config['v'] / (1 - b2 ** config['t'])) + config['epsilon']
  return x - rate * config['m'] / denom, config
