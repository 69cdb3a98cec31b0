"""Right ways to pool."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.audit.right.conv import cropped, view_of
from grader.audit.students import Right, Student
from reference import Array


def _max_pool(ties: str) -> Student:
    """Loops; where several entries are largest, the gradient goes to the "first", the "last" or "all" of them."""

    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int) -> tuple[Array, Any]:
        _, view = view_of(x, (kernel_h, kernel_w), stride)
        return view.max(axis=(4, 5)), (x, kernel_h, kernel_w, stride)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        x, kernel_h, kernel_w, stride = cache
        dx = np.zeros(x.shape, x.dtype)
        for n, c, i, j in np.ndindex(*dout.shape):
            place = (n, c, slice(i * stride, i * stride + kernel_h), slice(j * stride, j * stride + kernel_w))
            largest = np.argwhere(x[place] == x[place].max())
            for k, m in {"first": largest[:1], "last": largest[-1:], "all": largest}[ties]:
                dx[n, c, i * stride + k, j * stride + m] += dout[n, c, i, j]
        return (dx,)

    return Student(forward, backward)


def _on_padded(inner: Student, value: float) -> Student:
    """Lay the padding around before and cut it off after."""

    def forward(x: Array, padding: int = 0, **window: int) -> tuple[Array, Any]:
        p = (padding, padding)
        out, cache = inner.forward(np.pad(x, ((0, 0), (0, 0), p, p), constant_values=value), **window)
        return out, (cache, padding)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        assert inner.backward
        return (cropped(inner.backward(dout, cache[0])[0], cache[1]),)

    return Student(forward, backward)


def _max_by_shifts() -> Student:
    """The maximum over shifted planes; ties share the gradient equally."""

    def places(x: Array, kernel: tuple[int, int], stride: int) -> list[tuple[slice, ...]]:
        out_h, out_w = (x.shape[2] - kernel[0]) // stride, (x.shape[3] - kernel[1]) // stride
        every = slice(None)
        return [
            (every, every, slice(k, k + out_h * stride + 1, stride), slice(m, m + out_w * stride + 1, stride))
            for k, m in np.ndindex(*kernel)
        ]

    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int) -> tuple[Array, Any]:
        shifts = places(x, (kernel_h, kernel_w), stride)
        out = x[shifts[0]]
        for shift in shifts[1:]:
            out = np.maximum(out, x[shift])
        return out.copy(), (x, out, shifts)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        x, out, shifts = cache
        dx = np.zeros_like(x)
        count = sum((x[shift] == out).astype(x.dtype) for shift in shifts)
        for shift in shifts:
            dx[shift] += dout * (x[shift] == out) / count
        return (dx,)

    return Student(forward, backward)


def _max_add_at() -> Student:
    """The largest entry of every window as an index of the flattened input, and np.add.at."""

    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int) -> tuple[Array, Any]:
        _, where = view_of(np.arange(x.size).reshape(x.shape), (kernel_h, kernel_w), stride)
        flat = where.reshape(*where.shape[:4], -1)
        chosen = np.take_along_axis(flat, x.ravel()[flat].argmax(axis=-1)[..., None], axis=-1)[..., 0]
        return x.ravel()[chosen], (chosen, x.shape)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        dx = np.zeros(cache[1], dout.dtype)
        np.add.at(dx.reshape(-1), cache[0], dout)
        return (dx,)

    return Student(forward, backward)


def _tiles(given: Mapping[str, Any]) -> bool:
    """Whether the windows lie side by side and cover the input, which has no padding."""
    H, W = given["x"].shape[2:]
    return (
        not given["padding"]
        and given["kernel_h"] == given["kernel_w"] == given["stride"]
        and not H % given["stride"]
        and not W % given["stride"]
    )


def _blocks(x: Array, k: int) -> Array:
    N, C, H, W = x.shape
    return x.reshape(N, C, H // k, k, W // k, k)


def _max_by_reshape() -> Student:
    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int) -> tuple[Array, Any]:
        del kernel_h, kernel_w
        out = _blocks(x, stride).max(axis=(3, 5))
        return out, (x, out, stride)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        x, out, k = cache
        mask = _blocks(x, k) == out[:, :, :, None, :, None]
        return ((mask * dout[:, :, :, None, :, None]).reshape(x.shape),)

    return Student(forward, backward)


def _average_by_reshape() -> Student:
    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int) -> tuple[Array, Any]:
        del kernel_h, kernel_w
        return _blocks(x, stride).mean(axis=5).mean(axis=3), stride

    def backward(dout: Array, k: Any) -> tuple[Array]:
        return (np.repeat(np.repeat(dout, k, axis=2), k, axis=3) / dout.dtype.type(k * k),)

    return Student(forward, backward)


def _average_loops() -> Student:
    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int) -> tuple[Array, Any]:
        _, view = view_of(x, (kernel_h, kernel_w), stride)
        out = np.zeros(view.shape[:4], x.dtype)
        for k, m in reversed(list(np.ndindex(kernel_h, kernel_w))):
            out += view[..., k, m] / (kernel_h * kernel_w)
        return out, (x, kernel_h, kernel_w, stride)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        x, kernel_h, kernel_w, stride = cache
        dx = np.zeros(x.shape, x.dtype)
        for i, j in reversed(list(np.ndindex(*dout.shape[2:]))):
            dx[:, :, i * stride : i * stride + kernel_h, j * stride : j * stride + kernel_w] += dout[:, :, i : i + 1, j : j + 1]
        return (dx / (kernel_h * kernel_w),)

    return Student(forward, backward)


def _average_matrices() -> Student:
    """A product with a banded matrix on either side of the plane."""

    def band(size: int, kernel: int, stride: int, dtype: Any) -> Array:
        starts = stride * np.arange((size - kernel) // stride + 1)[:, None]
        inside = (np.arange(size) >= starts) & (np.arange(size) < starts + kernel)
        return np.asarray(inside.astype(dtype) / dtype.type(kernel))

    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int) -> tuple[Array, Any]:
        rows, columns = band(x.shape[2], kernel_h, stride, x.dtype), band(x.shape[3], kernel_w, stride, x.dtype)
        return np.matmul(rows @ x, columns.T), (rows, columns)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        rows, columns = cache
        return (rows.T @ dout @ columns,)

    return Student(forward, backward)


_MAX = {
    **{f"ties to {ties}": _max_pool(ties) for ties in ("first", "last", "all")},
    "maximum of shifts, ties shared": _max_by_shifts(),
    "add.at": _max_add_at(),
}
_AVERAGE = {"loops": _average_loops(), "banded matrices": _average_matrices()}
RIGHT = (
    *(Right(name=name, layer="max_pool2d", student=_on_padded(student, -np.inf)) for name, student in _MAX.items()),
    Right(name="reshape", layer="max_pool2d", student=_on_padded(_max_by_reshape(), -np.inf), suits=_tiles),
    *(Right(name=name, layer="avg_pool2d", student=_on_padded(student, 0.0)) for name, student in _AVERAGE.items()),
    Right(name="reshape", layer="avg_pool2d", student=_on_padded(_average_by_reshape(), 0.0), suits=_tiles),
)
