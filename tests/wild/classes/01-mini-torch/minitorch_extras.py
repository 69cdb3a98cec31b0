"""What our minitorch lacked for the project: normalisation, dropout, losses, and convolutions with holes or in groups."""
import numpy as np

from minitorch_nn import Module, Parameter, uniform


class DilatedConv2d(Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        self.kernel_size, self.stride, self.padding, self.dilation = kernel_size, stride, padding, dilation
        fan_in = in_channels * kernel_size ** 2
        self.weight = Parameter(uniform((out_channels, in_channels, kernel_size, kernel_size), fan_in))
        self.bias = Parameter(uniform(out_channels, fan_in))

    def _taps(self, oh, ow):
        s, d = self.stride, self.dilation
        for i in range(self.kernel_size):
            for j in range(self.kernel_size):
                yield i, j, (Ellipsis, slice(i * d, i * d + (oh - 1) * s + 1, s), slice(j * d, j * d + (ow - 1) * s + 1, s))

    def forward(self, x):
        p, reach = self.padding, self.dilation * (self.kernel_size - 1) + 1
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh, ow = ((n - reach) // self.stride + 1 for n in self.xp.shape[2:])
        out = np.zeros((len(x), len(self.bias.data), oh, ow), dtype=x.dtype)
        for i, j, at in self._taps(oh, ow):
            out += np.einsum("nchw,fc->nfhw", self.xp[at], self.weight.data[:, :, i, j])
        return out + self.bias.data[:, None, None]

    def backward(self, grad):
        dxp = np.zeros_like(self.xp)
        self.weight.grad = np.zeros_like(self.weight.data)
        for i, j, at in self._taps(*grad.shape[2:]):
            self.weight.grad[:, :, i, j] = np.einsum("nfhw,nchw->fc", grad, self.xp[at])
            dxp[at] += np.einsum("nfhw,fc->nchw", grad, self.weight.data[:, :, i, j])
        self.bias.grad = grad.sum(axis=(0, 2, 3))
        p, (h, w) = self.padding, dxp.shape[2:]
        return dxp[:, :, p:h - p, p:w - p]


class GroupedConv2d(Module):
    """One ordinary convolution per group, side by side."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1):
        self.groups, self.settings = groups, (kernel_size, stride, padding)
        fan_in = in_channels // groups * kernel_size ** 2
        self.weight = Parameter(uniform((out_channels, in_channels // groups, kernel_size, kernel_size), fan_in))
        self.bias = Parameter(uniform(out_channels, fan_in))

    def forward(self, x):
        self.each = []
        outs = []
        weights, biases = np.split(self.weight.data, self.groups), np.split(self.bias.data, self.groups)
        for part, w, b in zip(np.split(x, self.groups, axis=1), weights, biases):
            conv = DilatedConv2d(w.shape[1], w.shape[0], *self.settings)
            conv.weight.data, conv.bias.data = w, b
            outs.append(conv(part))
            self.each.append(conv)
        return np.concatenate(outs, axis=1)

    def backward(self, grad):
        dx = [conv.backward(g) for conv, g in zip(self.each, np.split(grad, self.groups, axis=1))]
        self.weight.grad = np.concatenate([conv.weight.grad for conv in self.each])
        self.bias.grad = np.concatenate([conv.bias.grad for conv in self.each])
        return np.concatenate(dx, axis=1)


class BatchNorm1d(Module):
    axes, view = (0,), (1, -1)

    def __init__(self, num_features, eps=1e-5, momentum=0.9):
        self.weight, self.bias = Parameter(np.ones(num_features)), Parameter(np.zeros(num_features))
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.eps, self.momentum, self.training = eps, momentum, True

    def forward(self, x):
        mean, var = (x.mean(self.axes), x.var(self.axes)) if self.training else (self.running_mean, self.running_var)
        if self.training:
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        self.std = np.sqrt(var + self.eps).reshape(self.view)
        self.xhat = (x - mean.reshape(self.view)) / self.std
        return self.weight.data.reshape(self.view) * self.xhat + self.bias.data.reshape(self.view)

    def backward(self, grad):
        self.weight.grad, self.bias.grad = (grad * self.xhat).sum(self.axes), grad.sum(self.axes)
        g = grad * self.weight.data.reshape(self.view)
        if not self.training:
            return g / self.std
        mean = g.mean(self.axes, keepdims=True)
        return (g - mean - self.xhat * (g * self.xhat).mean(self.axes, keepdims=True)) / self.std


class BatchNorm2d(BatchNorm1d):
    axes, view = (0, 2, 3), (1, -1, 1, 1)


class LayerNorm(Module):
    def __init__(self, normalized_shape, eps=1e-5):
        self.weight, self.bias, self.eps = Parameter(np.ones(normalized_shape)), Parameter(np.zeros(normalized_shape)), eps

    def forward(self, x):
        self.std = np.sqrt(x.var(-1, keepdims=True) + self.eps)
        self.xhat = (x - x.mean(-1, keepdims=True)) / self.std
        return self.xhat * self.weight.data + self.bias.data

    def backward(self, grad):
        self.weight.grad, self.bias.grad = (grad * self.xhat).sum(0), grad.sum(0)
        g = grad * self.weight.data
        return (g - g.mean(-1, keepdims=True) - self.xhat * (g * self.xhat).mean(-1, keepdims=True)) / self.std


class GroupNorm(Module):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        self.num_groups, self.eps = num_groups, eps
        self.weight, self.bias = Parameter(np.ones(num_channels)), Parameter(np.zeros(num_channels))

    def forward(self, x):
        rows = x.reshape(len(x) * self.num_groups, -1)
        self.std = np.sqrt(rows.var(1, keepdims=True) + self.eps)
        self.rows = (rows - rows.mean(1, keepdims=True)) / self.std
        return self.rows.reshape(x.shape) * self.weight.data[:, None, None] + self.bias.data[:, None, None]

    def backward(self, grad):
        self.weight.grad = (grad * self.rows.reshape(grad.shape)).sum((0, 2, 3))
        self.bias.grad = grad.sum((0, 2, 3))
        g = (grad * self.weight.data[:, None, None]).reshape(self.rows.shape)
        g = g - g.mean(1, keepdims=True) - self.rows * (g * self.rows).mean(1, keepdims=True)
        return (g / self.std).reshape(grad.shape)


class Dropout(Module):
    def __init__(self, p=0.5):
        self.p, self.training = p, True

    def forward(self, x):
        self.mask = (np.random.rand(*x.shape) >= self.p) / (1 - self.p) if self.training else np.ones_like(x)
        return x * self.mask

    def backward(self, grad):
        return grad * self.mask


class LeakyReLU(Module):
    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, x):
        self.slope = np.where(x > 0, 1.0, self.negative_slope)
        return x * self.slope

    def backward(self, grad):
        return grad * self.slope


class GlobalAvgPool2d(Module):
    def forward(self, x):
        self.shape = x.shape
        return x.mean(axis=(2, 3))

    def backward(self, grad):
        area = self.shape[2] * self.shape[3]
        return np.broadcast_to(grad[:, :, None, None] / area, self.shape).copy()


class GlobalMaxPool2d(Module):
    def forward(self, x):
        self.top = x == x.max(axis=(2, 3), keepdims=True)
        return x.max(axis=(2, 3))

    def backward(self, grad):
        return self.top * grad[:, :, None, None]


class CrossEntropyLoss(Module):
    def forward(self, logits, target):
        z = logits - logits.max(1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(1, keepdims=True))
        self.p, self.target = np.exp(log_p), target
        return -log_p[np.arange(len(target)), target].mean()

    def backward(self):
        grad = self.p.copy()
        grad[np.arange(len(grad)), self.target] -= 1
        return grad / len(grad)


class MSELoss(Module):
    def forward(self, pred, target):
        self.diff = pred - target
        return (self.diff ** 2).mean()

    def backward(self):
        return 2 * self.diff / self.diff.size


class HingeLoss(Module):
    """Multiclass, margin 1."""

    def forward(self, scores, target):
        self.target, self.rows = target, np.arange(len(target))
        margins = np.maximum(scores - scores[self.rows, target][:, None] + 1, 0)
        margins[self.rows, target] = 0
        self.over = (margins > 0).astype(scores.dtype)
        return margins.sum() / len(target)

    def backward(self):
        grad = self.over.copy()
        grad[self.rows, self.target] = -self.over.sum(1)
        return grad / len(grad)
