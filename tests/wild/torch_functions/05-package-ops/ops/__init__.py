from .conv import Conv2dFunction
from .pool import MaxPoolFunction
