import numpy as np

from nn.activations import ReLU, Sigmoid
from nn.linear import Linear
from nn.losses import CrossEntropyLoss


class Net:
    """Parameters are attributes W1, b1, ...; backward keeps the gradients in a dictionary."""

    activations = ()

    def setup(self, *sizes):
        for n in range(1, len(sizes)):
            setattr(self, f"W{n}", 0.1 * np.random.randn(sizes[n - 1], sizes[n]))
            setattr(self, f"b{n}", np.zeros(sizes[n]))
        self.depth = len(sizes) - 1

    def layer(self, n):
        W, b = getattr(self, f"W{n}"), getattr(self, f"b{n}")
        linear = Linear(*W.shape)
        linear.weight.data, linear.bias.data = W.T, b
        return linear

    def forward(self, x):
        self.layers = []
        for n in range(1, self.depth + 1):
            self.layers.append(self.layer(n))
            if n < self.depth:
                self.layers.append(self.activations[n - 1]())
        for layer in self.layers:
            x = layer(x)
        return x

    def loss(self, logits, target):
        self.criterion = CrossEntropyLoss()
        return self.criterion(logits, target)

    def backward(self):
        d = self.criterion.backward()
        for layer in reversed(self.layers):
            d = layer.backward(d)
        self.grads = {}
        for n, linear in enumerate(self.layers[::2], 1):
            self.grads[f"W{n}"] = linear.weight.grad.T
            self.grads[f"b{n}"] = linear.bias.grad


class TwoLayerNet(Net):
    activations = (ReLU,)

    def __init__(self, input_size, hidden_size, output_size):
        self.setup(input_size, hidden_size, output_size)


class ThreeLayerNet(Net):
    activations = (Sigmoid, ReLU)

    def __init__(self, input_size, hidden_size1, hidden_size2, output_size):
        self.setup(input_size, hidden_size1, hidden_size2, output_size)
