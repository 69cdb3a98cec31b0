from .base_layers import *
import numpy as np



