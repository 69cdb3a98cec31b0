# expects: momentum.out: dampened
# expects: momentum.velocity: dampened
import numpy as np


class Momentum:
    """The velocity is a moving average of the gradients."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = {}

    def update(self, params, grads):
        for key in grads:
            old = self.v.get(key, np.zeros_like(params[key]))
            step = (1 - self.momentum) * self.lr * grads[key]
            self.v[key] = old * self.momentum - step
            params[key] += self.v[key]
