"""Right ways to compute the layers on rows: affine, the activations, flatten, batch normalisation."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from benchmarks.variants import Right, Student
from reference import Array

Sum = Callable[[Iterable[Array]], Array]


def _affine(products: Callable[[Array, Array], Array], total: Callable[[Array], Array]) -> Student:
    """An affine layer from a way to multiply matrices and a way to add up rows."""

    def forward(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
        return products(x, w) + b, (x, w)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        x, w = cache
        return products(dout, w.T), products(x.T, dout), total(dout)

    return Student(forward, backward)


def _loops(a: Array, b: Array) -> Array:
    out = np.zeros((len(a), b.shape[1]), a.dtype)
    for i, j in np.ndindex(out.shape):
        for k in reversed(range(len(b))):
            out[i, j] += a[i, k] * b[k, j]
    return out


def _kahan(terms: Iterable[Array]) -> Array:
    """Add up with the rounding error of every step carried to the next (Kahan, 1965)."""
    total: Any = 0
    lost: Any = 0
    for term in terms:
        step = term - lost
        grown = total + step
        lost = (grown - total) - step
        total = grown
    return np.asarray(total)


def _outer(add: Sum) -> Callable[[Array, Array], Array]:
    return lambda a, b: add([np.outer(a[:, k], b[k]) for k in range(len(b))])


def _pairwise(terms: Iterable[Array]) -> Array:
    parts = list(terms)
    while len(parts) > 1:
        parts = [sum(parts[i : i + 2], start=np.zeros_like(parts[0])) for i in range(0, len(parts), 2)]
    return parts[0]


def _cumsum(terms: Iterable[Array]) -> Array:
    last: Array = np.cumsum(np.stack(list(terms)), axis=0)[-1]
    return last


def _bias_column() -> Student:
    """The bias as one more row of the weights, against a column of ones."""

    def forward(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
        wide, tall = np.hstack([x, np.ones((len(x), 1), x.dtype)]), np.vstack([w, b])
        return wide @ tall, (wide, tall)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        wide, tall = cache
        grads = (dout.T @ wide).T
        return (dout @ tall.T)[:, :-1], grads[:-1], grads[-1]

    return Student(forward, backward)


def _relu_by_index() -> Student:
    def forward(x: Array) -> tuple[Array, Array]:
        out = x.copy()
        out[x <= 0] = 0
        return out, out

    def backward(dout: Array, out: Array) -> tuple[Array]:
        dx = np.array(dout)
        dx[out == 0] = 0
        return (dx,)

    return Student(forward, backward)


def _sigmoid_tanh() -> Student:
    def backward(dout: Array, x: Array) -> tuple[Array]:
        small = np.exp(-np.abs(x))
        return (dout * small / (1 + small) ** 2,)

    return Student(lambda x: ((np.tanh(x / 2) + 1) / 2, x), backward)


def _sigmoid_overflows() -> Student:
    def forward(x: Array) -> tuple[Array, Array]:
        with np.errstate(over="ignore"):
            y = 1 / (1 + np.exp(-x))
        return y, y

    return Student(forward, lambda dout, y: (dout * (y - y * y),))


def _sigmoid_branches() -> Student:
    def forward(x: Array) -> tuple[Array, Array]:
        out = np.empty_like(x)
        low = x < 0
        out[low] = np.exp(x[low]) / (1 + np.exp(x[low]))
        out[~low] = 1 / (1 + np.exp(-x[~low]))
        return out, out

    return Student(forward, lambda dout, y: (y * (1 - y) * dout,))


def _sigmoid_logaddexp() -> Student:
    def forward(x: Array) -> tuple[Array, Array]:
        return np.exp(-np.logaddexp(0, -x)).astype(x.dtype), x

    def backward(dout: Array, x: Array) -> tuple[Array]:
        return (dout * np.exp(-np.logaddexp(0, -x) - np.logaddexp(0, x)).astype(x.dtype),)

    return Student(forward, backward)


def _flatten_loops() -> Student:
    def forward(x: Array) -> tuple[Array, Any]:
        return np.stack([np.concatenate([row for plane in sample for row in plane]) for sample in x]), x.shape

    def backward(dout: Array, shape: Any) -> tuple[Array]:
        dx = np.zeros(shape, dout.dtype)
        for place in np.ndindex(shape):
            dx[place] = dout[place[0], np.ravel_multi_index(place[1:], shape[1:])]
        return (dx,)

    return Student(forward, backward)


def _batch_norm_forward(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> tuple[Array, Any]:
    centred = x - x.mean(axis=0)
    std = np.sqrt((centred * centred).mean(axis=0) + x.dtype.type(eps))
    return gamma * centred / std + beta, (centred, std, gamma)


def _batch_norm_steps(dout: Array, cache: Any) -> tuple[Array, ...]:
    """Back through mean, variance and root one after the other."""
    centred, std, gamma = cache
    dscaled = dout * gamma
    dvar = -(dscaled * centred).sum(axis=0) / (2 * std**3)
    dcentred = dscaled / std + 2 * centred * dvar / len(dout)
    return dcentred - dcentred.sum(axis=0) / len(dout), (dout * centred / std).sum(axis=0), dout.sum(axis=0)


def _batch_norm_closed(dout: Array, cache: Any) -> tuple[Array, ...]:
    """The three terms of dx in one formula."""
    centred, std, gamma = cache
    xhat = centred / std
    dgamma, dbeta = np.einsum("nd,nd->d", dout, xhat), np.einsum("nd->d", dout)
    return gamma / std * (dout - dbeta / len(dout) - xhat * dgamma / len(dout)), dgamma, dbeta


def _batch_norm_matrix(dout: Array, cache: Any) -> tuple[Array, ...]:
    """The Jacobian of every column as a matrix."""
    centred, std, gamma = cache
    xhat, N = centred / std, len(dout)
    eye = np.eye(N, dtype=dout.dtype)
    columns = [
        (eye - dout.dtype.type(1 / N) - np.outer(h, h) / N) @ d * (g / s) for h, d, g, s in zip(xhat.T, dout.T, gamma, std, strict=True)
    ]
    return np.stack(columns, axis=1), (xhat * dout)[::-1].sum(axis=0), dout[::-1].sum(axis=0)


_AFFINE = {
    "loops": _affine(_loops, lambda dout: np.asarray(sum(dout))),
    "einsum": _affine(lambda a, b: np.einsum("ik,kj->ij", a, b), lambda dout: np.einsum("nm->m", dout)),
    "tensordot": _affine(lambda a, b: np.tensordot(a, b, 1), lambda dout: np.ones(len(dout), dout.dtype) @ dout),
    "broadcast": _affine(lambda a, b: (a[:, :, None] * b).sum(axis=1), lambda dout: dout[::-1].sum(axis=0)),
    "Kahan summation": _affine(_outer(_kahan), _kahan),
    "pairwise summation": _affine(_outer(_pairwise), _pairwise),
    "cumsum": _affine(_outer(_cumsum), _cumsum),
    "bias as a column": _bias_column(),
}
_RELU = {
    ">=": Student(lambda x: ((x + np.abs(x)) / 2, x), lambda dout, x: (dout * (x >= 0),)),
    "maximum": Student(lambda x: (np.maximum(x, 0), x), lambda dout, x: (dout * (x > 0),)),
    "half at zero": Student(lambda x: (x * (x > 0), x), lambda dout, x: (dout * np.heaviside(x, x.dtype.type(0.5)),)),
    "index": _relu_by_index(),
}
_SIGMOID = {
    "tanh": _sigmoid_tanh(),
    "overflow": _sigmoid_overflows(),
    "two branches": _sigmoid_branches(),
    "logaddexp": _sigmoid_logaddexp(),
}
_BATCH_NORM = {
    "step by step": Student(_batch_norm_forward, _batch_norm_steps),
    "closed form": Student(_batch_norm_forward, _batch_norm_closed),
    "Jacobian of every column": Student(_batch_norm_forward, _batch_norm_matrix),
}
_ALL = {"affine": _AFFINE, "relu": _RELU, "sigmoid": _SIGMOID, "flatten": {"loops": _flatten_loops()}, "batch_norm": _BATCH_NORM}
RIGHT = tuple(Right(name=name, layer=layer, student=student) for layer, own in _ALL.items() for name, student in own.items())
