from .layers import Affine, Relu, Sigmoid, SoftmaxWithLoss, Convolution, Pooling, BatchNormalization, Dropout
from .optimizer import SGD, Momentum, Adam
