"""Right ways to compute the losses."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.audit.students import Right, Student
from reference import Array


def _log_p() -> Student:
    """The logarithm of the probability, and the gradient through it."""

    def forward(x: Array, y: Array) -> tuple[Any, Any]:
        e = np.exp(x - x.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return -np.log(p[range(len(y)), y]).sum() / len(y), (p, y)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        p, y = cache
        return (dout * (p - np.eye(p.shape[1], dtype=p.dtype)[y]) / len(y),)

    return Student(forward, backward)


def _log_sum_exp() -> Student:
    def forward(x: Array, y: Array) -> tuple[Any, Any]:
        log_p = x - np.logaddexp.reduce(x, axis=1, keepdims=True)
        return -(np.eye(x.shape[1], dtype=x.dtype)[y] * log_p).sum(axis=1).mean(), (log_p, y)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        log_p, y = cache
        dx = np.exp(log_p)
        np.subtract.at(dx, (np.arange(len(y)), y), 1)
        return (dout * dx / dx.dtype.type(len(y)),)

    return Student(forward, backward)


def _jacobian() -> Student:
    """The full Jacobian of the softmax, row by row, times the gradient of the logarithm."""
    right = _log_p()

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        p, y = cache
        dx = np.empty_like(p)
        for n, row in enumerate(p):
            dlog = np.zeros_like(row)
            dlog[y[n]] = -dout / (row[y[n]] * len(y))
            dx[n] = (np.diag(row) - np.outer(row, row)) @ dlog
        return (dx,)

    return Student(right.forward, backward)


def _unshifted() -> Student:
    def forward(x: Array, y: Array) -> tuple[Any, Any]:
        e = np.exp(x)
        p = e / e.sum(axis=1, keepdims=True)
        return -np.log(p[np.arange(len(y)), y]).mean(), (p, y)

    return Student(forward, _log_p().backward)


def _small(given: Mapping[str, Any]) -> bool:
    """Whether no exponential overflows, in float32 either."""
    return bool(np.abs(given["x"]).max() < 80)


def _svm_loops() -> Student:
    def forward(x: Array, y: Array) -> tuple[Any, Any]:
        loss, dx = x.dtype.type(0), np.zeros(x.shape, x.dtype)
        for n, k in np.ndindex(*x.shape):
            margin = x[n, k] - x[n, y[n]] + 1
            if k != y[n] and margin > 0:
                loss = loss + margin / x.dtype.type(len(x))
                dx[n, k] += 1 / len(x)
                dx[n, y[n]] -= 1 / len(x)
        return loss, dx

    return Student(forward, lambda dout, dx: (dout * dx,))


def _svm_minus_one() -> Student:
    """All classes counted, the right one's margin of 1 taken off again; one-hot labels."""

    def forward(x: Array, y: Array) -> tuple[Any, Any]:
        hot = np.eye(x.shape[1], dtype=x.dtype)[y]
        margins = np.maximum(0, x - (x * hot).sum(axis=1, keepdims=True) + 1)
        return (margins.sum(axis=1) - 1).mean(), ((margins > 0) * (1 - hot), hot)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        violated, hot = cache
        return (dout * (violated - violated.sum(axis=1, keepdims=True) * hot) / len(hot),)

    return Student(forward, backward)


def _mse_loops() -> Student:
    def forward(x: Array, y: Array) -> tuple[Any, Any]:
        total = x.dtype.type(0)
        for place in np.ndindex(*x.shape):
            total = total + (x[place] - y[place]) ** 2 / x.dtype.type(x.size)
        return total, 2 * (x - y) / x.dtype.type(x.size)

    return Student(forward, lambda dout, dx: (dout * dx,))


def _mse_multiplied_out() -> Student:
    def forward(x: Array, y: Array) -> tuple[Any, Any]:
        return (np.mean(x * x) - 2 * np.mean(x * y) + np.mean(y * y)), (x, y)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        x, y = cache
        return ((x - y) * dout / x.dtype.type(x.size / 2),)

    return Student(forward, backward)


def _one_hot_sum() -> Student:
    """The logarithms of all classes, of which the one-hot rows pick one."""

    def forward(x: Array, y: Array) -> tuple[Any, None]:
        return -np.sum(np.eye(x.shape[1], dtype=x.dtype)[y] * np.log(x)) / x.dtype.type(len(x)), None

    return Student(forward)


def _one_by_one_log() -> Student:
    def forward(x: Array, y: Array) -> tuple[Any, None]:
        return sum((-np.log(row[k]) / x.dtype.type(len(x)) for row, k in zip(x, y, strict=True)), x.dtype.type(0)), None

    return Student(forward)


_SOFTMAX = {"log p": _log_p(), "log-sum-exp": _log_sum_exp(), "Jacobian of every sample": _jacobian()}
_SVM = {"loops": _svm_loops(), "right class counted, 1 taken off": _svm_minus_one()}
RIGHT = (
    *(Right(name=name, layer="softmax_loss", student=student) for name, student in _SOFTMAX.items()),
    Right(name="no maximum subtracted", layer="softmax_loss", student=_unshifted(), suits=_small),
    *(Right(name=name, layer="svm_loss", student=student) for name, student in _SVM.items()),
    Right(name="one-hot rows", layer="cross_entropy_error", student=_one_hot_sum()),
    Right(name="loops", layer="cross_entropy_error", student=_one_by_one_log()),
    Right(name="loops", layer="mse_loss", student=_mse_loops()),
    Right(name="multiplied out", layer="mse_loss", student=_mse_multiplied_out()),
)
