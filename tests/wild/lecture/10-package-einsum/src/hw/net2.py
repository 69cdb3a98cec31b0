from .ops import affine, backprop, sigmoid, softmax


def gradient(x, t, W1, b1, W2, b2):
    z1 = sigmoid.f(affine(x, W1, b1))
    y = softmax(affine(z1, W2, b2))
    return backprop([x, z1], (y - t) / len(x), [W1, W2], [sigmoid])
