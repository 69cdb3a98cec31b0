import numpy as np

from ..layers import *


class TwoLayerNet(object):
    """
    A two-layer fully-connected network: affine - ReLU - affine - softmax.
    Weights are decayed with 0.5 * reg * ||W||^2.
    """

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        N, D = X.shape

        z1 = X.dot(W1) + b1
        a1 = np.maximum(z1, 0)
        scores = a1.dot(W2) + b2
        if y is None:
            return scores

        data_loss, dscores = softmax_loss(scores, y)
        reg_loss = 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
        loss = data_loss + reg_loss

        grads = {}
        grads['W2'] = a1.T.dot(dscores) + reg * W2
        grads['b2'] = dscores.sum(axis=0)
        da1 = dscores.dot(W2.T)
        da1[z1 < 0] = 0
        grads['W1'] = X.T.dot(da1) + reg * W1
        grads['b1'] = da1.sum(axis=0)
        return loss, grads


class ThreeLayerNet(object):
    """affine - sigmoid - affine - ReLU - affine - softmax"""

    def __init__(self, input_size, hidden1_size, hidden2_size, output_size, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden1_size)
        self.params['b1'] = np.zeros(hidden1_size)
        self.params['W2'] = std * np.random.randn(hidden1_size, hidden2_size)
        self.params['b2'] = np.zeros(hidden2_size)
        self.params['W3'] = std * np.random.randn(hidden2_size, output_size)
        self.params['b3'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, W2, W3 = self.params['W1'], self.params['W2'], self.params['W3']
        b1, b2, b3 = self.params['b1'], self.params['b2'], self.params['b3']

        z1, fc1 = affine_forward(X, W1, b1)
        a1, act1 = sigmoid_forward(z1)
        z2, fc2 = affine_forward(a1, W2, b2)
        a2, act2 = relu_forward(z2)
        scores, fc3 = affine_forward(a2, W3, b3)
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        for W in (W1, W2, W3):
            loss += 0.5 * reg * np.sum(W ** 2)

        da2, dW3, db3 = affine_backward(dscores, fc3)
        da1, dW2, db2 = affine_backward(relu_backward(da2, act2), fc2)
        _, dW1, db1 = affine_backward(sigmoid_backward(da1, act1), fc1)
        # affine_backward gives the bias gradients as rows, the biases are flat
        grads = {'W1': dW1 + reg * W1, 'b1': db1.ravel(),
                 'W2': dW2 + reg * W2, 'b2': db2.ravel(),
                 'W3': dW3 + reg * W3, 'b3': db3.ravel()}
        return loss, grads
