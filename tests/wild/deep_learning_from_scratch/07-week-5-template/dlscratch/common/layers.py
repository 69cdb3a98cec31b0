"""Week 5: fill in the blanks.  Lines with a TODO are yours."""
import numpy as np
from .functions import softmax, cross_entropy_error


class Relu:

    def __init__(self):
        self.mask = None

    def forward(self, x):
        # TODO
        self.mask = x > 0
        out = np.where(self.mask, x, 0.0)
        return out

    def backward(self, dout):
        # TODO
        dx = None
        return dx


class Sigmoid:

    def forward(self, x):
        # TODO
        raise NotImplementedError

    def backward(self, dout):
        # TODO
        raise NotImplementedError


class Affine:

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = None
        self.db = None

    def forward(self, x):
        self.shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        out = self.x @ self.W + self.b
        return out

    def backward(self, dout):
        dx = dout @ self.W.T
        self.dW = self.x.T @ dout
        # TODO: the bias
        return dx.reshape(self.shape)


class SoftmaxWithLoss:

    def __init__(self):
        self.loss, self.y, self.t = None, None, None

    def forward(self, x, t):
        self.t = t
        self.y = softmax(x)
        self.loss = cross_entropy_error(self.y, t)
        return self.loss

    def backward(self, dout=1):
        """TODO"""
        pass


class BatchNormalization:

    def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None):
        self.gamma, self.beta, self.momentum = gamma, beta, momentum
        self.running_mean, self.running_var = running_mean, running_var

    def forward(self, x, train_flg=True):
        out = None
        # TODO
        return out

    def backward(self, dout):
        dx = None
        # TODO
        return dx


class Dropout:

    def __init__(self, dropout_ratio=0.5):
        self.dropout_ratio = dropout_ratio
        self.mask = None

    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = np.random.uniform(size=x.shape) >= self.dropout_ratio
            return np.where(self.mask, x, 0)
        return x * (1 - self.dropout_ratio)

    def backward(self, dout):
        raise NotImplementedError("TODO")


class Convolution:

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        return None  # TODO

    def backward(self, dout):
        return None  # TODO


class Pooling:

    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        pass  # TODO

    def forward(self, x):
        ...

    def backward(self, dout):
        ...
