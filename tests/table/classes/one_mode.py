"""Of global pooling the mean alone, as nets with a residual path end."""
import numpy as np


class GlobalAveragePooling:
    def forward(self, x):
        self.x = x
        return np.einsum('nchw->nc', x) / x[0, 0].size

    def backward(self, dout):
        return np.einsum('nc,nchw->nchw', dout, np.ones_like(self.x)) / self.x[0, 0].size
