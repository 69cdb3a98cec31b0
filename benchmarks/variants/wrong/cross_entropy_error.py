"""Wrong cross entropies of probabilities."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from benchmarks.variants import Student, Wrong
from reference import Array, catalogue

_right = partial(catalogue()["cross_entropy_error"].forward, log_epsilon=0.0)


def _loss(x: Array, y: Array) -> Array:
    return np.asarray(_right(x, y)[0])


_MISTAKES: Mapping[str, Callable[[Array, Array], Any]] = {
    "logarithm to base 2": lambda x, y: _loss(x, y) / x.dtype.type(np.log(2)),
    "label of the first sample for all": lambda x, y: _loss(x, np.full_like(y, y[0])),
    "1e-3 inside the logarithm": lambda x, y: _loss(x + x.dtype.type(1e-3), y),
}


def _student(name: str) -> Student:
    return Student(lambda x, y: (_MISTAKES[name](x, y), None))


WRONG = tuple(Wrong(name=name, layer="cross_entropy_error", student=_student(name), in_forward=True) for name in _MISTAKES)
