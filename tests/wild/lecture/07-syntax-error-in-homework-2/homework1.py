import numpy as np

def sigmoid(x): return 1/(1+np.exp(-x))

def softmax(x):
    if x.ndim == 2:
        x = x.T
        x = x - np.max(x, axis=0)
        y = np.exp(x) / np.sum(np.exp(x), axis=0)
        return y.T
    x = x - np.max(x)
    return np.exp(x) / np.sum(np.exp(x))

def loss(x, t, W1, b1, W2, b2):
    y = softmax(np.dot(sigmoid(np.dot(x, W1)+b1), W2)+b2)
    # one sample or a batch, the sum takes both
    return -np.sum(t*np.log(y+1e-7))

def gradient(x, t, W1, b1, W2, b2):
    z1 = sigmoid(np.dot(x, W1)+b1)
    y = softmax(np.dot(z1, W2)+b2)
    dy = (y-t)/t.shape[0]
    grads = {}
    grads['W2'] = np.dot(z1.T, dy)
    grads['b2'] = np.sum(dy, axis=0)
    da1 = np.dot(dy, W2.T)*(1.0-z1)*z1
    grads['W1'] = np.dot(x.T, da1)
    grads['b1'] = np.sum(da1, axis=0)
    assert all(grads[k].shape == p.shape for k, p in zip(('W1', 'b1', 'W2', 'b2'), (W1, b1, W2, b2)))
    return grads
