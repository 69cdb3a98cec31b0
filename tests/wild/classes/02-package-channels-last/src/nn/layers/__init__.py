from .activations import ReLU, Sigmoid
from .conv import Conv2D
from .dense import Dense
from .pooling import AveragePooling2D, MaxPooling2D
from .reshape import Flatten, GlobalAveragePooling2D

__all__ = ['AveragePooling2D', 'Conv2D', 'Dense', 'Flatten', 'GlobalAveragePooling2D', 'MaxPooling2D', 'ReLU', 'Sigmoid']
