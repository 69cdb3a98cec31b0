# expects: batch_norm.dx: statistics_held_constant
import numpy as np


class BatchNorm1d:
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.gamma = np.ones(num_features)
        self.beta = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.eps, self.momentum = eps, momentum
        self.training = True

    def forward(self, x):
        if self.training:
            mean, var = x.mean(0), ((x - x.mean(0)) ** 2).mean(0)
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var - self.running_var)
        else:
            mean, var = self.running_mean, self.running_var
        self.inv = 1 / np.sqrt(var + self.eps)
        self.normed = (x - mean) * self.inv
        return self.normed * self.gamma + self.beta

    def backward(self, grad):
        self.dgamma = np.einsum('nd,nd->d', grad, self.normed)
        self.dbeta = np.einsum('nd->d', grad)
        return grad * (self.gamma * self.inv)
