"""Right ways to compute distances and votes, linear classifiers, and steps of optimisers."""

from typing import Any

import numpy as np

from grader.audit.students import Right, Student
from reference import Array


def _elected(x: Array, y_train: Array, dists: Array, k: int) -> Array:
    """Return the classes (N,) that most of the k nearest have, counted."""
    return np.array([np.bincount(y_train[np.argsort(row)[:k]]).argmax() for row in np.abs(dists)], x.dtype)


def _expanded(x: Array, x_train: Array, y_train: Array, dists: Array, k: int) -> tuple[Any, None]:
    """|a|^2 - 2 a.b + |b|^2, which cancels."""
    squares = (x * x).sum(axis=1)[:, None] - 2 * x @ x_train.T + (x_train * x_train).sum(axis=1)
    return (np.sqrt(squares), _elected(x, y_train, dists, k)), None


def _pair_by_pair(x: Array, x_train: Array, y_train: Array, dists: Array, k: int) -> tuple[Any, None]:
    return (np.array([[np.linalg.norm(a - b) for b in x_train] for a in x]), _elected(x, y_train, dists, k)), None


def _adam(w: Array, dw: Array, learning_rate: float, beta1: float, beta2: float, eps: float) -> tuple[Any, None]:
    """Running means moved by their distance; both corrections and eps put into the rate and the root."""
    number, m, v = w.dtype.type, np.zeros_like(w), np.zeros_like(w)
    for t, gradient in enumerate(dw, start=1):
        m += number(1 - beta1) * (gradient - m)
        v += number(1 - beta2) * (gradient**2 - v)
        root = np.sqrt(1 - beta2**t)
        rate = learning_rate * root / (1 - beta1**t)
        w = w - number(rate) * m / (np.sqrt(v) + number(eps * root))
    return (w, m, v), None


def _momentum(w: Array, dw: Array, learning_rate: float, momentum: float) -> tuple[Any, None]:
    """The sum of gradients without the rate, as in torch; the step at its end."""
    number, total = w.dtype.type, np.zeros_like(w)
    for gradient in dw:
        total = number(momentum) * total + gradient
        w = w - number(learning_rate) * total
    return (w, -number(learning_rate) * total), None


def _svm_loops() -> Student:
    """Sample by sample and class by class, as the naive version of the course."""

    def forward(x: Array, y: Array, w: Array, reg: float) -> tuple[Any, Any]:
        loss, dw, share = x.dtype.type(0), np.zeros_like(w), x.dtype.type(1 / len(x))
        for n, k in np.ndindex(len(x), w.shape[1]):
            margin = x[n] @ w[:, k] - x[n] @ w[:, y[n]] + 1
            if k != y[n] and margin > 0:
                loss = loss + margin
                dw[:, k] += x[n]
                dw[:, y[n]] -= x[n]
        return loss * share + x.dtype.type(reg) * (w * w).sum(), dw * share + x.dtype.type(2 * reg) * w

    return Student(forward, lambda dout, dw: (dout * dw,))


RIGHT = (
    Right(name="squares expanded", layer="knn", student=Student(_expanded)),
    Right(name="pair by pair", layer="knn", student=Student(_pair_by_pair)),
    Right(name="corrections in the rate", layer="adam", student=Student(_adam)),
    Right(name="rate outside the velocity", layer="momentum", student=Student(_momentum)),
    Right(
        name="all steps at once",
        layer="sgd",
        student=Student(lambda w, dw, learning_rate: (w - w.dtype.type(learning_rate) * dw.sum(axis=0), None)),
    ),
    Right(name="loops", layer="svm_classifier", student=_svm_loops()),
)
