#!/usr/bin/env python
import numpy as np
from homework1 import sigmoid, softmax

print 'homework 2'

def loss(x, t, W1, b1, W2, b2, W3, b3):
    z1 = sigmoid(np.dot(x, W1) + b1)
    z2 = np.maximum(0, np.dot(z1, W2) + b2)
    y = softmax(np.dot(z2, W3) + b3)
    return -np.sum(t*np.log(y))/x.shape[0]

def gradient(x, t, W1, b1, W2, b2, W3, b3):
    z1 = sigmoid(np.dot(x, W1) + b1)
    a2 = np.dot(z1, W2) + b2
    z2 = np.maximum(0, a2)
    y = softmax(np.dot(z2, W3) + b3)

    scale = 1/x.shape[0]
    d3 = scale*(y - t)
    d2 = np.dot(d3, W3.T)*(a2 > 0)
    d1 = np.dot(d2, W2.T)*z1*(1 - z1)
    grads = {}
    for name, inp, d in (('1', x, d1), ('2', z1, d2), ('3', z2, d3)):
        grads['W' + name] = np.dot(inp.T, d)
        grads['b' + name] = np.sum(d, axis=0)
    if not grads.has_key('b1'):
        raise KeyError, 'b1'
    return grads
