import numpy as np

class SGD:
    def __init__(self, lr=0.01):
        self.lr = lr
    def update(self, params, grads):
        for key, value in params.iteritems():
            params[key] = value + self.lr * -grads[key]

class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}
    def update(self, params, grads):
        for key in params:
            old = self.v.get(key, 0)
            self.v[key] = self.momentum * old - (1 - self.momentum) * self.lr * grads[key]
            params[key] = params[key] + self.v[key]

if __name__ == '__main__':
    p = {'a': np.ones(3)}
    SGD().update(p, {'a': np.ones(3)})
    print p
