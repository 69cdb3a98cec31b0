# expects: three_layer_net.out: two_sigmoids
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(a):
    a = a - a.max(axis=1, keepdims=True)
    return np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)


class ThreeLayerNet:
    def __init__(self, input_size, hidden1_size, hidden2_size, output_size, weight_init_std=0.01):
        self.params = {}
        sizes = [input_size, hidden1_size, hidden2_size, output_size]
        for i in range(1, 4):
            self.params['W' + str(i)] = weight_init_std * np.random.randn(sizes[i - 1], sizes[i])
            self.params['b' + str(i)] = np.zeros(sizes[i])

    def forward(self, x):
        self.z = [x]
        for i in (1, 2):
            self.z.append(sigmoid(np.dot(self.z[-1], self.params['W' + str(i)]) + self.params['b' + str(i)]))
        return softmax(np.dot(self.z[-1], self.params['W3']) + self.params['b3'])

    def loss(self, x, t):
        y = self.forward(x)
        if t.ndim == 2:
            t = t.argmax(axis=1)
        return -np.log(y[np.arange(len(x)), t]).sum() / len(x)

    def gradient(self, x, t):
        delta = self.forward(x)
        if t.ndim == 2:
            t = t.argmax(axis=1)
        delta[np.arange(len(x)), t] -= 1
        delta /= len(x)
        grads = {}
        for i in (3, 2, 1):
            z = self.z[i - 1]
            grads['W' + str(i)] = np.dot(z.T, delta)
            grads['b' + str(i)] = delta.sum(axis=0)
            delta = np.dot(delta, self.params['W' + str(i)].T) * z * (1 - z)
        return grads
