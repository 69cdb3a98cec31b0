import numpy as np

def sigmoid(x): return 1/(1+np.exp(-x))
def relu(x): return np.maximum(0, x)

def softmax(a):
    c = np.max(a, axis=1)[:, None]
    return np.exp(a-c)/np.sum(np.exp(a-c), axis=1)[:, None]

def loss(x, t, W1, b1, W2, b2, W3, b3):
    z1 = sigmoid(np.dot(x, W1)+b1)
    z2 = relu(np.dot(z1, W2)+b2)
    y = softmax(np.dot(z2, W3)+b3)
    return np.sum(t*np.log(y+1e-7))/len(x)

def gradient(x, t, W1, b1, W2, b2, W3, b3):
    z1 = sigmoid(np.dot(x, W1)+b1)
    a2 = np.dot(z1, W2)+b2
    z2 = relu(a2)
    y = softmax(np.dot(z2, W3)+b3)
    grads = {}
    dy = (y-t)/len(x)
    grads['W3'] = np.dot(z2.T, dy
    grads['b3'] = np.sum(dy, axis=0)
    da2 = np.dot(dy, W3.T)*(a2>0)
    grads['W2'] = np.dot(z1.T, da2)
    grads['b2'] = np.sum(da2, axis=0)
    da1 = np.dot(da2, W2.T)*z1*(1-z1)
    grads['W1'] = np.dot(x.T, da1)
    grads['b1'] = np.sum(da1, axis=0)
    return grads

def accuracy(y, t):
    return np.mean(y.argmax(1) == t.argmax(1))
