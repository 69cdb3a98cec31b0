import numpy as np

from .module import Module, Parameter


class Norm(Module):
    """Gives what it is told mean 0 and variance 1, then scales and shifts it; x is (N, D) or (N, C, H, W)."""

    def __init__(self, num_features, eps=1e-5):
        self.eps = eps
        self.weight = Parameter(np.ones(num_features))
        self.bias = Parameter(np.zeros(num_features))

    def wide(self, a):
        return a.reshape(1, -1, *[1] * (self.ndim - 2))

    def normalize(self, x, axes):
        mean, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
        self.std = np.sqrt(var + self.eps)
        self.axes, self.own = axes, True
        return (x - mean) / self.std, mean, var

    def affine(self, x_hat):
        self.x_hat = x_hat
        return self.wide(self.weight.data) * x_hat + self.wide(self.bias.data)

    def backward(self, grad_output):
        others = (0, *range(2, self.ndim))
        self.weight.grad = (grad_output * self.x_hat).sum(axis=others)
        self.bias.grad = grad_output.sum(axis=others)
        return self.denormalize(grad_output * self.wide(self.weight.data), self.x_hat)

    def denormalize(self, d, x_hat):
        if not self.own:
            return d / self.std
        means = d.mean(axis=self.axes, keepdims=True), (d * x_hat).mean(axis=self.axes, keepdims=True)
        return (d - means[0] - x_hat * means[1]) / self.std


class BatchNorm1d(Norm):
    """The momentum weighs the statistics of the batch, as in torch."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps)
        self.momentum = momentum
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        self.ndim = x.ndim
        axes = (0, *range(2, x.ndim))
        if not self.training:
            self.own, self.std = False, np.sqrt(self.wide(self.running_var) + self.eps)
            return self.affine((x - self.wide(self.running_mean)) / self.std)
        x_hat, mean, var = self.normalize(x, axes)
        m = self.momentum
        self.running_mean = (1 - m) * self.running_mean + m * mean.reshape(-1)
        self.running_var = (1 - m) * self.running_var + m * var.reshape(-1)
        return self.affine(x_hat)


class BatchNorm2d(BatchNorm1d):
    pass


class LayerNorm(Norm):
    def forward(self, x):
        self.ndim = x.ndim
        return self.affine(self.normalize(x, (1,))[0])


class GroupNorm(Norm):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__(num_channels, eps)
        self.num_groups = num_groups

    def grouped(self, x):
        return x.reshape(len(x), self.num_groups, -1)

    def forward(self, x):
        self.ndim = x.ndim
        return self.affine(self.normalize(self.grouped(x), (2,))[0].reshape(x.shape))

    def denormalize(self, d, x_hat):
        return super().denormalize(self.grouped(d), self.grouped(x_hat)).reshape(d.shape)


class Dropout(Module):
    def __init__(self, p=0.5):
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        self.mask = (np.random.rand(*x.shape) >= self.p) / (1 - self.p)
        return (x * self.mask).astype(x.dtype)

    def backward(self, grad_output):
        return (grad_output * self.mask).astype(grad_output.dtype)
