"""Keras-like layers; images are (batch, height, width, channels)."""
from .layers import *
from .layers import __all__
