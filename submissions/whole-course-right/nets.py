"""Nets with `params` and `loss(X, y) -> (loss, grads)`; all of them add 0.5 * reg * sum(W * W)."""
import numpy as np

from conv import conv_backward_naive, conv_forward_naive, max_pool_backward_naive, max_pool_forward_naive
from layers import (affine_backward, affine_forward, relu_backward, relu_forward,
                    sigmoid_backward, sigmoid_forward, softmax_loss)

RELU, SIGMOID = (relu_forward, relu_backward), (sigmoid_forward, sigmoid_backward)


class Dense:
    """Affine layers with an activation after each but the last."""

    def __init__(self, sizes, activations, reg=0.0):
        self.activations, self.reg = activations, reg
        self.params = {}
        for i, (rows, columns) in enumerate(zip(sizes, sizes[1:]), start=1):
            self.params[f'W{i}'] = np.random.randn(rows, columns) * np.sqrt(2 / rows)
            self.params[f'b{i}'] = np.zeros(columns)

    def loss(self, X, y=None):
        p, undo, h = self.params, [], X
        for i, (forward, backward) in enumerate(self.activations, start=1):
            h, affine = affine_forward(h, p[f'W{i}'], p[f'b{i}'])
            h, active = forward(h)
            undo.append((i, affine, backward, active))
        last = len(self.activations) + 1
        scores, affine = affine_forward(h, p[f'W{last}'], p[f'b{last}'])
        if y is None:
            return scores
        loss, dh = softmax_loss(scores, y)
        grads = {}
        dh, grads[f'W{last}'], grads[f'b{last}'] = affine_backward(dh, affine)
        for i, affine, backward, active in reversed(undo):
            dh, grads[f'W{i}'], grads[f'b{i}'] = affine_backward(backward(dh, active), affine)
        return regularised(loss, grads, p, self.reg)


def regularised(loss, grads, params, reg):
    for name, array in params.items():
        if name[0] == 'W':
            loss = loss + 0.5 * reg * np.sum(array * array)
            grads[name] = grads[name] + reg * array
    return loss, grads


class TwoLayerNet(Dense):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__([input_size, hidden_size, output_size], [SIGMOID])


class ThreeLayerNet(Dense):
    def __init__(self, input_size, hidden1_size, hidden2_size, output_size):
        super().__init__([input_size, hidden1_size, hidden2_size, output_size], [SIGMOID, RELU])


class FullyConnectedNet(Dense):
    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, reg=0.0):
        super().__init__([input_dim, *hidden_dims, num_classes], [RELU] * len(hidden_dims), reg)


class ThreeLayerConvNet:
    """conv - relu - 2x2 max pool - affine - relu - affine - softmax"""

    def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7, hidden_dim=100, num_classes=10, reg=0.0):
        C, H, W = input_dim
        shapes = [(num_filters, C, filter_size, filter_size), (num_filters * (H // 2) * (W // 2), hidden_dim), (hidden_dim, num_classes)]
        self.reg = reg
        self.params = {}
        for i, shape in enumerate(shapes, start=1):
            self.params[f'W{i}'] = 1e-3 * np.random.randn(*shape)
            self.params[f'b{i}'] = np.zeros(shape[0] if len(shape) == 4 else shape[1])

    def loss(self, X, y=None):
        p = self.params
        a1, conv = conv_forward_naive(X, p['W1'], p['b1'], {'stride': 1, 'pad': p['W1'].shape[2] // 2})
        h1, alive1 = relu_forward(a1)
        pooled, pool = max_pool_forward_naive(h1, {'pool_height': 2, 'pool_width': 2, 'stride': 2})
        a2, hidden = affine_forward(pooled, p['W2'], p['b2'])
        h2, alive2 = relu_forward(a2)
        scores, output = affine_forward(h2, p['W3'], p['b3'])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dh2, dW3, db3 = affine_backward(dscores, output)
        dpooled, dW2, db2 = affine_backward(relu_backward(dh2, alive2), hidden)
        dh1 = max_pool_backward_naive(dpooled, pool)
        _, dW1, db1 = conv_backward_naive(relu_backward(dh1, alive1), conv)
        grads = {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2, 'W3': dW3, 'b3': db3}
        return regularised(loss, grads, p, self.reg)
