import numpy as np

from layers import *


class FullyConnectedNet(object):
    """{affine - relu} x (L - 1) - affine - softmax"""

    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10,
                 dropout_keep_ratio=1, normalization=None, reg=0.0,
                 weight_scale=1e-2, dtype=np.float32, seed=None):
        self.normalization = normalization
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}
        dims = [input_dim] + list(hidden_dims) + [num_classes]
        for i in range(self.num_layers):
            self.params['W%d' % (i + 1)] = weight_scale * np.random.randn(dims[i], dims[i + 1])
            self.params['b%d' % (i + 1)] = np.zeros(dims[i + 1])
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        h, caches = X, []
        for i in range(1, self.num_layers):
            a, fc = affine_forward(h, self.params['W%d' % i], self.params['b%d' % i])
            h, act = relu_forward(a)
            caches.append((fc, act))
        L = self.num_layers
        scores, last = affine_forward(h, self.params['W%d' % L], self.params['b%d' % L])
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        grads = {}
        dh, grads['W%d' % L], grads['b%d' % L] = affine_backward(dscores, last)
        for i in range(L - 1, 0, -1):
            fc, act = caches[i - 1]
            dh, grads['W%d' % i], grads['b%d' % i] = affine_backward(relu_backward(dh, act), fc)
        for i in range(1, L + 1):
            W = self.params['W%d' % i]
            loss += 0.5 * self.reg * np.sum(W * W)
            grads['W%d' % i] += self.reg * W
        return loss, grads


class ThreeLayerConvNet(object):
    """conv - relu - 2x2 max pool - affine - relu - affine - softmax"""

    def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7,
                 hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0,
                 dtype=np.float32):
        self.params = {}
        self.reg = reg
        self.dtype = dtype
        C, H, W = input_dim
        self.params['W1'] = weight_scale * np.random.randn(num_filters, C, filter_size, filter_size)
        self.params['b1'] = np.zeros(num_filters)
        self.params['W2'] = weight_scale * np.random.randn(num_filters * (H // 2) * (W // 2), hidden_dim)
        self.params['b2'] = np.zeros(hidden_dim)
        self.params['W3'] = weight_scale * np.random.randn(hidden_dim, num_classes)
        self.params['b3'] = np.zeros(num_classes)
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        W3, b3 = self.params['W3'], self.params['b3']
        filter_size = W1.shape[2]
        conv_param = {'stride': 1, 'pad': (filter_size - 1) // 2}
        pool_param = {'pool_height': 2, 'pool_width': 2, 'stride': 2}

        a1, conv = conv_forward_naive(X, W1, b1, conv_param)
        h1, relu1 = relu_forward(a1)
        p1, pool = max_pool_forward_naive(h1, pool_param)
        a2, fc2 = affine_forward(p1, W2, b2)
        h2, relu2 = relu_forward(a2)
        scores, fc3 = affine_forward(h2, W3, b3)
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        grads = {}
        dh2, grads['W3'], grads['b3'] = affine_backward(dscores, fc3)
        dp1, grads['W2'], grads['b2'] = affine_backward(relu_backward(dh2, relu2), fc2)
        dh1 = max_pool_backward_naive(dp1.reshape(p1.shape), pool)
        dx, grads['W1'], grads['b1'] = conv_backward_naive(relu_backward(dh1, relu1), conv)
        for name in ('W1', 'W2', 'W3'):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] += self.reg * self.params[name]
        return loss, grads
