"""What the losses ask of their labels."""

import numpy as np

from reference.errors import LabelError, ShapeError
from reference.spec import Array


def check(loss: str, x: Array, y: Array) -> None:
    """Refuse labels y that do not name one class for each row of the scores x (N, K).

    NumPy would take -1 for the last class, broadcast one label to all rows, and read one-hot rows as labels.

    Raises:
        ShapeError: x is not (N, K), or y not (N,).
        LabelError: y is not of whole numbers, or one of them is not in [0, K).
    """
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ShapeError(f"{loss}: scores {x.shape} and labels {y.shape} must be (N, K) and (N,).")
    if y.dtype.kind not in "iu":
        raise LabelError(f"{loss}: labels must be whole numbers; their dtype is {y.dtype}.")
    K = x.shape[1]
    if y.size and not (y.min() >= 0 and y.max() < K):
        n = int(np.flatnonzero((y < 0) | (y >= K))[0])
        raise LabelError(f"{loss}: label {y[n]} of sample {n} is none of the {K} classes, 0 to {K - 1}.")
