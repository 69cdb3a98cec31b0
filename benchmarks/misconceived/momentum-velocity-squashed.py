# expects: nothing
import numpy as np


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, None

    def update(self, params, grads):
        if self.v is None:
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            self.v[k] = np.tanh(self.momentum * self.v[k] - self.lr * grads[k])
            params[k] += self.momentum ** 2 * self.v[k]
