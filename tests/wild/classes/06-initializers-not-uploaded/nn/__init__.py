from .layers import *
from .optim import SGD, Adam
