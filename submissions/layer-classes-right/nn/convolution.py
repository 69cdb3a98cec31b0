import numpy as np

from .module import Module, Parameter


class Conv2d(Module):
    """Square filters; stride, padding, dilation and groups as in torch."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1):
        shape = (out_channels, in_channels // groups, kernel_size, kernel_size)
        self.weight = Parameter(0.1 * np.random.randn(*shape))
        self.bias = Parameter(np.zeros(out_channels))
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.dilation, self.groups = dilation, groups

    def places(self):
        """Yield each place of the filter, and which pixels it meets."""
        s, d = self.stride, self.dilation
        for i in range(self.kernel_size):
            for j in range(self.kernel_size):
                rows = slice(i * d, i * d + s * (self.height - 1) + 1, s)
                columns = slice(j * d, j * d + s * (self.width - 1) + 1, s)
                yield i, j, rows, columns

    def groups_of(self):
        F, C = self.weight.data.shape[:2]
        each = F // self.groups
        for g in range(self.groups):
            yield slice(g * each, (g + 1) * each), slice(g * C, (g + 1) * C)

    def forward(self, x):
        p, reach = self.padding, self.dilation * (self.kernel_size - 1)
        self.padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.height = (self.padded.shape[2] - reach - 1) // self.stride + 1
        self.width = (self.padded.shape[3] - reach - 1) // self.stride + 1
        w = self.weight.data
        out = np.zeros((len(x), len(w), self.height, self.width), x.dtype) + self.bias.data[:, None, None]
        for i, j, rows, columns in self.places():
            for f, c in self.groups_of():
                patch = self.padded[:, c, rows, columns]
                out[:, f] += np.einsum("nchw,fc->nfhw", patch, w[f, :, i, j])
        return out

    def backward(self, grad_output):
        w, p = self.weight.data, self.padding
        self.weight.grad = np.zeros_like(w)
        self.bias.grad = grad_output.sum(axis=(0, 2, 3))
        dx = np.zeros_like(self.padded)
        for i, j, rows, columns in self.places():
            for f, c in self.groups_of():
                patch = self.padded[:, c, rows, columns]
                self.weight.grad[f, :, i, j] = np.einsum("nfhw,nchw->fc", grad_output[:, f], patch)
                dx[:, c, rows, columns] += np.einsum("nfhw,fc->nchw", grad_output[:, f], w[f, :, i, j])
        return dx[:, :, p : dx.shape[2] - p, p : dx.shape[3] - p]
