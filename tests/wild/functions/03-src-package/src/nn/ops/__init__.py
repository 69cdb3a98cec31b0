from .conv import (conv2d_dilated_backward, conv2d_dilated_forward, conv2d_grouped_backward,
                   conv2d_grouped_forward)
from .pad import zero_pad, zero_pad_backward
from .pool import global_pool_backward, global_pool_forward, max_pool2d_backward, max_pool2d_forward

__all__ = [name for name in dir() if not name.startswith("_")]
