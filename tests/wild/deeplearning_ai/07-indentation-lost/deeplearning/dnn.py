import numpy as np

# activations ---------------------------------------------------------------

def relu(Z):
    return Z * (Z > 0), Z

def relu_backward(dA, cache):
    Z = cache
    return np.where(Z > 0, dA, 0)

def sigmoid(Z):
    A = np.where(Z > 0, 1. / (1. + np.exp(-np.abs(Z))), np.exp(-np.abs(Z)) / (1. + np.exp(-np.abs(Z))))
    return A, A

def sigmoid_backward(dA, cache):
    A = cache
return dA * A * (1 - A)

# linear --------------------------------------------------------------------

def linear_forward(A, W, b):
    assert W.shape[1] == A.shape[0], "W does not fit"
    return np.einsum('oi,im->om', W, A) + b, (A, W, b)

def linear_backward(dZ, cache):
    A, W, _ = cache
    m = A.shape[1]
    return W.T @ dZ, np.einsum('om,im->oi', dZ, A) / m, dZ.mean(axis=1, keepdims=True)

# pooling -------------------------------------------------------------------

def pool_forward(A_prev, hparameters, mode="max"):
    f, s = hparameters["f"], hparameters["stride"]
    m, H, W, C = A_prev.shape
    nH, nW = (H - f) // s + 1, (W - f) // s + 1
    stack = [A_prev[:, i:i + s * nH:s, j:j + s * nW:s] for i in range(f) for j in range(f)]
    A = np.max(stack, axis=0) if mode == "max" else sum(stack) / f ** 2
    return A, (A_prev, A, hparameters)

def pool_backward(dA, cache, mode="max"):
    A_prev, A, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    _, nH, nW, _ = dA.shape
    dA_prev = np.zeros_like(A_prev)
    for i in range(f):
        for j in range(f):
            at = np.s_[:, i:i + s * nH:s, j:j + s * nW:s]
            dA_prev[at] += (A_prev[at] == A) * dA if mode == "max" else dA
    return dA_prev
