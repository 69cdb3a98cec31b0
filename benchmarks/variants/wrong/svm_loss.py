"""Wrong hinge losses."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference import Array
from reference.losses.svm_loss import margins

SVM = layer("svm_loss")


def _hinge(x: Array, y: Array, delta: float) -> tuple[Any, Any]:
    m = margins(x, y) + x.dtype.type(delta - 1)
    m[np.arange(len(y)), y] = 0
    _, cache = SVM.forward(x, y)
    return np.maximum(m, 0).sum() / x.dtype.type(len(y)), cache._replace(margins=m)


WRONG = (
    SVM.wrong_forward("margin of 0.9", lambda x, y: _hinge(x, y, 0.9)),
    SVM.wrong_given("labels off by one", lambda x, y: {"y": (y + 1) % x.shape[1]}),
    SVM.wrong_gradient(
        "dx", "only for margins above 1", lambda dx, dout, cache: SVM.backward(dout, cache._replace(margins=cache.margins - 1))[0]
    ),
    *SVM.slightly("dx"),
)
