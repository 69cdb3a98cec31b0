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


def _of(reduce: Any) -> Any:
    """The loss from the violated margins (N, K), as `reduce` makes it."""
    return lambda out, x, y: reduce(np.maximum(margins(x, y), 0)).mean()


def _worst_only(dx: Array, dout: Array, cache: Any) -> Array:
    """The gradient of the most violated margin alone."""
    rows = np.arange(len(dx))
    worst = cache.margins.argmax(axis=1)
    out = np.zeros_like(dx)
    np.add.at(out, (rows, worst), cache.margins.max(axis=1) > 0)
    np.subtract.at(out, (rows, cache.y), cache.margins.max(axis=1) > 0)
    return out * (dout / len(dx))


def _right_class(value: Any) -> Any:
    """Another gradient at the right class, from the right one there."""

    def change(dx: Array, dout: Array, cache: Any) -> Array:
        out, rows = dx.copy(), np.arange(len(dx))
        out[rows, cache.y] = value(dx[rows, cache.y], dout / len(dx))
        return out

    return change


WRONG = (
    SVM.wrong_forward("margin of 0", lambda x, y: _hinge(x, y, 0)),
    SVM.wrong_forward("margin of 0.9", lambda x, y: _hinge(x, y, 0.9)),
    SVM.wrong_out("right class counted", lambda out, x, y: out + 1),
    SVM.wrong_out("summed over the batch", lambda out, x, y: out * len(y)),
    SVM.wrong_out("averaged over samples and classes", lambda out, x, y: out / x.shape[1]),
    SVM.wrong_out("squared hinge", _of(lambda m: (m * m).sum(axis=1))),
    SVM.wrong_out("only the largest violation", _of(lambda m: m.max(axis=1))),
    SVM.wrong_given("labels off by one", lambda x, y: {"y": (y + 1) % x.shape[1]}),
    SVM.wrong_gradient("dx", "without 1/N", lambda dx, dout, cache: dx * len(dx)),
    SVM.wrong_gradient("dx", "-1/N at the right class, not the count", _right_class(lambda right, share: -share * (right < 0))),
    SVM.wrong_gradient("dx", "0 at the right class", _right_class(lambda right, share: 0 * right)),
    SVM.wrong_gradient("dx", "of the wrong sign at the right class", _right_class(lambda right, share: -right)),
    SVM.wrong_gradient("dx", "of the largest violation only", _worst_only),
    SVM.wrong_gradient(
        "dx", "only for margins above 1", lambda dx, dout, cache: SVM.backward(dout, cache._replace(margins=cache.margins - 1))[0]
    ),
    SVM.wrong_gradient("dx", "times the margin", lambda dx, dout, cache: dx * np.maximum(cache.margins, 0)),
    *SVM.slightly("dx"),
)
