import numpy as np
import mnist
from layers import ConvLayer, FullyConnectedLayer, MaxPoolLayer, SoftmaxLayer

train_images = mnist.train_images()[:1000]
train_labels = mnist.train_labels()[:1000]

conv, pool, fc, softmax = ConvLayer(1, 8, 3), MaxPoolLayer(2, 2), FullyConnectedLayer(13 * 13 * 8, 10), SoftmaxLayer()

for i, (im, label) in enumerate(zip(train_images, train_labels)):
    out = softmax.forward(fc.forward(pool.forward(conv.forward(im[None] / 255 - 0.5)).flatten()))
    out[0, label] -= 1
    d = fc.backward(out, .005).reshape(8, 13, 13)
    conv.backward(pool.backward(d), .005)
    if i % 100 == 99:
        print('[Step %d]' % (i + 1))
