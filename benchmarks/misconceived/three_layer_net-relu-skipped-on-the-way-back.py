# expects: three_layer_net.W1: relu_slope_forgotten
# expects: three_layer_net.b1: relu_slope_forgotten
# expects: three_layer_net.W2: slope_forgotten
# expects: three_layer_net.b2: slope_forgotten
import numpy as np


def gradient(x, t, W1, b1, W2, b2, W3, b3):
    weights, biases = [W1, W2, W3], [b1, b2, b3]
    seen = [x]
    for n in range(3):
        a = seen[-1] @ weights[n] + biases[n]
        if n == 0:
            a = 0.5 * (1 + np.tanh(0.5 * a))
        elif n == 1:
            a = a * (a > 0)
        seen.append(a)
    e = np.exp(seen[3] - seen[3].max(axis=1, keepdims=True))
    delta = (e / e.sum(axis=1, keepdims=True) - t) / len(x)
    grads = {}
    for n in (2, 1, 0):
        grads['W%d' % (n + 1)] = seen[n].T @ delta
        grads['b%d' % (n + 1)] = np.ones(len(x)) @ delta
        delta = delta @ weights[n].T
        if n == 1:
            delta = delta * (seen[1] - seen[1] ** 2)
    return grads
