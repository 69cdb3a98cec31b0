import numpy as np

from layers import *


class TwoLayerNet(object):
    """affine - relu - affine - softmax"""

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        """Scores of shape (N, C) if y is None, else (loss, grads)."""
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']

        a1, cache1 = affine_forward(X, W1, b1)
        h1, cache_relu = relu_forward(a1)
        scores, cache2 = affine_forward(h1, W2, b2)
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

        grads = {}
        dh1, grads['W2'], grads['b2'] = affine_backward(dscores, cache2)
        da1 = relu_backward(dh1, cache_relu)
        dX, grads['W1'], grads['b1'] = affine_backward(da1, cache1)
        grads['W1'] += 2 * reg * W1
        grads['W2'] += 2 * reg * W2
        return loss, grads


class ThreeLayerNet(object):
    """affine - sigmoid - affine - relu - affine - softmax"""

    def __init__(self, input_size, hidden1_size, hidden2_size, output_size, std=1e-2):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden1_size)
        self.params['b1'] = np.zeros(hidden1_size)
        self.params['W2'] = std * np.random.randn(hidden1_size, hidden2_size)
        self.params['b2'] = np.zeros(hidden2_size)
        self.params['W3'] = std * np.random.randn(hidden2_size, output_size)
        self.params['b3'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        W3, b3 = self.params['W3'], self.params['b3']

        a1, cache1 = affine_forward(X, W1, b1)
        h1, cache_sig = sigmoid_forward(a1)
        a2, cache2 = affine_forward(h1, W2, b2)
        h2, cache_relu = relu_forward(a2)
        scores, cache3 = affine_forward(h2, W3, b3)
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2) + np.sum(W3 * W3))

        grads = {}
        dh2, grads['W3'], grads['b3'] = affine_backward(dscores, cache3)
        da2 = relu_backward(dh2, cache_relu)
        dh1, grads['W2'], grads['b2'] = affine_backward(da2, cache2)
        da1 = sigmoid_backward(dh1, cache_sig)
        dX, grads['W1'], grads['b1'] = affine_backward(da1, cache1)
        for name, W in [('W1', W1), ('W2', W2), ('W3', W3)]:
            grads[name] += 2 * reg * W
        return loss, grads
