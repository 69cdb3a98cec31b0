from .net2 import gradient as gradient2
from .net3 import gradient as gradient3, loss as loss3

__all__ = ["gradient2", "gradient3", "loss3"]
