# expects: spatial_batch_norm.dbeta: averaged_over_places
import numpy as np


class BatchNorm2d:
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.eps, self.momentum, self.training = eps, momentum, True
        self.weight, self.bias = np.ones(num_features), np.zeros(num_features)
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)

    def forward(self, x):
        N, C, H, W = x.shape
        self.xhat, self.std = np.zeros_like(x), np.zeros(C)
        out = np.zeros_like(x)
        for c in range(C):
            if self.training:
                mean, var = np.mean(x[:, c]), np.var(x[:, c])
                self.running_mean[c] = (1 - self.momentum) * self.running_mean[c] + self.momentum * mean
                self.running_var[c] = (1 - self.momentum) * self.running_var[c] + self.momentum * var
            else:
                mean, var = self.running_mean[c], self.running_var[c]
            self.std[c] = np.sqrt(var + self.eps)
            self.xhat[:, c] = (x[:, c] - mean) / self.std[c]
            out[:, c] = self.weight[c] * self.xhat[:, c] + self.bias[c]
        return out

    def backward(self, dout):
        C = dout.shape[1]
        self.dweight, self.dbias = np.zeros(C), np.zeros(C)
        dx = np.zeros_like(dout)
        for c in range(C):
            d, h = dout[:, c], self.xhat[:, c]
            self.dweight[c] = np.sum(d * h)
            self.dbias[c] = np.mean(d)
            dx[:, c] = self.weight[c] / self.std[c] * (d - np.mean(d) - h * np.mean(d * h))
        return dx
