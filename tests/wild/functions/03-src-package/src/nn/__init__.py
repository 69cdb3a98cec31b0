from . import ops
from .ops import *
