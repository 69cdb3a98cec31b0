# expects: sigmoid.dx: y_forgotten
import numpy as np


def sigmoid_forward(x):
    out = 0.5 * (1 + np.tanh(0.5 * x))
    return out, out


def sigmoid_backward(dout, cache):
    # 1 - sigmoid(x) = sigmoid(-x)
    return dout - np.multiply(dout, cache)
