"""Right ways to compute the layers on rows: affine, the activations, flatten."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from grader.audit.students import Student, everywhere
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


def _on_rows(inner: Student) -> Student:
    """Flatten x before, and give its shape to dx."""

    def forward(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
        out, cache = inner.forward(x.reshape(len(x), -1), w, b)
        return out, (cache, x.shape)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        assert inner.backward
        dx, *rest = inner.backward(dout, cache[0])
        return dx.reshape(cache[1]), *rest

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


def _tanh_by_exponentials() -> Student:
    """The quotient of the definition, with the larger exponential divided out."""

    def forward(x: Array) -> tuple[Array, Array]:
        small = np.exp(-2 * np.abs(x))
        return np.sign(x) * (1 - small) / (1 + small), x

    def backward(dout: Array, x: Array) -> tuple[Array]:
        small = np.exp(-np.abs(x))
        return (dout * (2 * small / (1 + small * small)) ** 2,)

    return Student(forward, backward)


def _tanh_by_sigmoid() -> Student:
    def forward(x: Array) -> tuple[Array, Array]:
        with np.errstate(over="ignore"):
            s = 1 / (1 + np.exp(-2 * x))
        return 2 * s - 1, s

    return Student(forward, lambda dout, s: (dout * 4 * s * (1 - s),))


def _leaky_maximum() -> Student:
    def forward(x: Array, *, negative_slope: float) -> tuple[Array, Any]:
        return np.maximum(x, negative_slope * x), (x, negative_slope)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        x, negative_slope = cache
        dx = np.array(dout)
        dx[x < 0] *= negative_slope
        return (dx,)

    return Student(forward, backward)


def _leaky_sum() -> Student:
    def forward(x: Array, *, negative_slope: float) -> tuple[Array, Any]:
        return np.maximum(x, 0) + negative_slope * np.minimum(x, 0), ((x > 0) + negative_slope * (x <= 0)).astype(x.dtype)

    return Student(forward, lambda dout, slopes: (dout * slopes,))


def _dropout_by_index() -> Student:
    """What is dropped is set to 0, and only then the rest is divided."""

    def forward(x: Array, mask: Array, *, p: float, training: bool) -> tuple[Any, Any]:
        if not training:
            return (x.copy(), 1.0, 0.0), None
        out = x.copy()
        out[mask == 0] = 0
        return (out / x.dtype.type(1 - p), 1 - p, 0.0), (mask, p)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        mask, p = cache
        return (np.where(mask, dout, 0) / dout.dtype.type(1 - p),)

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
_TANH = {"exponentials": _tanh_by_exponentials(), "sigmoid": _tanh_by_sigmoid()}
_LEAKY = {"maximum": _leaky_maximum(), "two halves": _leaky_sum()}
_ALL = {
    "affine": {name: _on_rows(student) for name, student in _AFFINE.items()},
    "relu": _RELU,
    "sigmoid": _SIGMOID,
    "flatten": {"loops": _flatten_loops()},
    "tanh": _TANH,
    "leaky_relu": _LEAKY,
    "dropout": {"by index": _dropout_by_index()},
}
RIGHT = everywhere(_ALL)
