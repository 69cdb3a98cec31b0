import numpy as np

from layers import affine_forward, affine_backward
from layers import relu_forward, relu_backward
from layers import sigmoid_forward, sigmoid_backward
from layers import softmax_loss


class TwoLayerNet:
    """affine - ReLU - affine - softmax, everything in self.dtype."""

    dtype = np.float32

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        def normal(*shape):
            return (std * np.random.randn(*shape)).astype(self.dtype)

        self.params = {
            'W1': normal(input_size, hidden_size),
            'b1': np.zeros(hidden_size, dtype=self.dtype),
            'W2': normal(hidden_size, output_size),
            'b2': np.zeros(output_size, dtype=self.dtype),
        }

    def loss(self, X, y=None, reg=0.0):
        # the parameters may have been replaced by float64 arrays
        W1, b1, W2, b2 = [self.params[k].astype(self.dtype) for k in ('W1', 'b1', 'W2', 'b2')]
        X = X.astype(self.dtype)

        hidden, mask = relu_forward(X @ W1 + b1)
        scores = hidden @ W2 + b2
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        loss = loss + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        dhidden = relu_backward(dscores @ W2.T, mask)
        grads = {
            'W1': X.T @ dhidden + self.dtype(2 * reg) * W1,
            'b1': dhidden.sum(axis=0),
            'W2': hidden.T @ dscores + self.dtype(2 * reg) * W2,
            'b2': dscores.sum(axis=0),
        }
        return self.dtype(loss), grads


class ThreeLayerNet:
    """
    affine - sigmoid - affine - ReLU - affine - softmax.

    The affine layers already work in float32, so the loss and the gradients are
    float32 as well.
    """

    def __init__(self, input_size, hidden1_size, hidden2_size, output_size, std=1e-4):
        dims = (input_size, hidden1_size, hidden2_size, output_size)
        self.params = {}
        for k in (1, 2, 3):
            self.params['W%d' % k] = (std * np.random.randn(dims[k - 1], dims[k])).astype(np.float32)
            self.params['b%d' % k] = np.zeros(dims[k], dtype=np.float32)

    def loss(self, X, y=None, reg=0.0):
        p = self.params
        a1, fc1 = affine_forward(X, p['W1'], p['b1'])
        z1, act1 = sigmoid_forward(a1)
        a2, fc2 = affine_forward(z1, p['W2'], p['b2'])
        z2, act2 = relu_forward(a2)
        scores, fc3 = affine_forward(z2, p['W3'], p['b3'])
        if y is None:
            return scores

        loss, dscores = softmax_loss(scores, y)
        grads = {}
        dz2, grads['W3'], grads['b3'] = affine_backward(dscores, fc3)
        dz1, grads['W2'], grads['b2'] = affine_backward(relu_backward(dz2, act2), fc2)
        _, grads['W1'], grads['b1'] = affine_backward(sigmoid_backward(dz1, act1), fc1)
        for k in ('W1', 'W2', 'W3'):
            W = p[k].astype(np.float32)
            loss += reg * np.sum(W * W)
            grads[k] += np.float32(2 * reg) * W
        return np.float32(loss), grads
