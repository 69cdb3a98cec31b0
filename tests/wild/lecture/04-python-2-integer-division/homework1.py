#!/usr/bin/env python
# runs with python 2.7 (the lab machine)
import sys
import numpy as np
from mnist import load_mnist

def sigmoid(x):
    return 1.0/(1.0+np.exp(-x))

def softmax(a):
    out = np.zeros(a.shape)
    for i in xrange(a.shape[0]):
        e = np.exp(a[i] - max(a[i]))
        out[i] = e/sum(e)
    return out

def gradient(x, t, W1, b1, W2, b2):
    N = float(x.shape[0])
    z1 = sigmoid(np.dot(x, W1) + b1)
    y = softmax(np.dot(z1, W2) + b2)
    dy = (y - t)/N
    da1 = np.dot(dy, W2.T)*z1*(1 - z1)
    grads = dict(W2=np.dot(z1.T, dy), b2=dy.sum(axis=0))
    grads.update(W1=np.dot(x.T, da1), b1=da1.sum(axis=0))
    return grads

if __name__ == '__main__':
    (x_train, t_train), (x_test, t_test) = load_mnist(one_hot_label=True)
    print "train:", x_train.shape, "test:", x_test.shape
    print >>sys.stderr, "starting"
