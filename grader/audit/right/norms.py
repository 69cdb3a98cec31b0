"""Right ways to compute the normalisations."""

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.audit.students import Student, everywhere
from reference import Array

Backward = Callable[[Array, Any], tuple[Array, ...]]


def _batch_norm(backward: Backward) -> Student:
    """Batch normalisation of rows, from a way back through (centred, std, gamma)."""

    def forward(
        x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, *, eps: float, momentum: float, training: bool
    ) -> tuple[Any, Any]:
        small = x.dtype.type(eps)
        if not training:
            scale = gamma / np.sqrt(running_var + small)
            return (x * scale + (beta - running_mean * scale), running_mean, running_var), None
        mean, var = x.mean(axis=0), x.var(axis=0)
        std = np.sqrt(var + small)
        running = running_mean - (1 - momentum) * (running_mean - mean), running_var + (1 - momentum) * (var - running_var)
        return (gamma * (x - mean) / std + beta, *running), (x - mean, std, gamma)

    return Student(forward, backward)


def _steps(dout: Array, cache: Any) -> tuple[Array, ...]:
    """Back through mean, variance and root one after the other."""
    centred, std, gamma = cache
    dscaled = dout * gamma
    dvar = -(dscaled * centred).sum(axis=0) / (2 * std**3)
    dcentred = dscaled / std + 2 * centred * dvar / len(dout)
    return dcentred - dcentred.sum(axis=0) / len(dout), (dout * centred / std).sum(axis=0), dout.sum(axis=0)


def _closed(dout: Array, cache: Any) -> tuple[Array, ...]:
    """The three terms of dx in one formula."""
    centred, std, gamma = cache
    xhat = centred / std
    dgamma, dbeta = np.einsum("nd,nd->d", dout, xhat), np.einsum("nd->d", dout)
    return gamma / std * (dout - dbeta / len(dout) - xhat * dgamma / len(dout)), dgamma, dbeta


def _jacobian(dout: Array, cache: Any) -> tuple[Array, ...]:
    """The Jacobian of every column as a matrix."""
    centred, std, gamma = cache
    xhat, N = centred / std, len(dout)
    eye = np.eye(N, dtype=dout.dtype)
    columns = [
        (eye - dout.dtype.type(1 / N) - np.outer(h, h) / N) @ d * (g / s) for h, d, g, s in zip(xhat.T, dout.T, gamma, std, strict=True)
    ]
    return np.stack(columns, axis=1), (xhat * dout)[::-1].sum(axis=0), dout[::-1].sum(axis=0)


def _spatial_by_rows(backward: Backward) -> Student:
    """Channels moved last, and the layer for rows."""
    rows = _batch_norm(backward)
    assert rows.backward
    turned_back = rows.backward

    def forward(x: Array, *arrays: Array, **given: Any) -> tuple[Any, Any]:
        moved = np.moveaxis(x, 1, -1)
        (out, *running), cache = rows.forward(moved.reshape(-1, x.shape[1]), *arrays, **given)
        return (np.moveaxis(out.reshape(moved.shape), -1, 1), *running), cache

    def backward_(dout: Array, cache: Any) -> tuple[Array, ...]:
        moved = np.moveaxis(dout, 1, -1)
        dx, *rest = turned_back(moved.reshape(-1, dout.shape[1]), cache)
        return np.moveaxis(dx.reshape(moved.shape), -1, 1), *rest

    return Student(forward, backward_)


def _spatial_by_channel() -> Student:
    """One channel after the other, as a single feature."""
    one = _batch_norm(_closed)
    assert one.backward
    back = one.backward

    def forward(x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, **given: Any) -> tuple[Any, Any]:
        parts = []
        for c in range(x.shape[1]):
            own = (a[c : c + 1] for a in (gamma, beta, running_mean, running_var))
            parts.append(one.forward(x[:, c].reshape(-1, 1), *own, **given))
        planes = np.stack([out[0].reshape(x[:, 0].shape) for out, _ in parts], axis=1)
        return (planes, *(np.concatenate([out[i] for out, _ in parts]) for i in (1, 2))), [cache for _, cache in parts]

    def backward(dout: Array, caches: Any) -> tuple[Array, ...]:
        parts = [back(dout[:, c].reshape(-1, 1), cache) for c, cache in enumerate(caches)]
        dx = np.stack([part[0].reshape(dout[:, 0].shape) for part in parts], axis=1)
        return dx, *(np.concatenate([part[i] for part in parts]) for i in (1, 2))

    return Student(forward, backward)


def _layer_norm_transposed() -> Student:
    """Batch normalisation of the transposed input without scale and shift, as CS231n suggests."""

    def forward(x: Array, gamma: Array, beta: Array, *, eps: float) -> tuple[Array, Any]:
        turned = x.T
        std = np.sqrt(turned.var(axis=0) + x.dtype.type(eps))
        centred = turned - turned.mean(axis=0)
        return gamma * (centred / std).T + beta, (centred, std, gamma)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        centred, std, gamma = cache
        dx, _, _ = _steps((dout * gamma).T, (centred, std, np.ones((), dout.dtype)))
        return dx.T, (dout * (centred / std).T).sum(axis=0), dout.sum(axis=0)

    return Student(forward, backward)


def _layer_norm_loops() -> Student:
    def forward(x: Array, gamma: Array, beta: Array, *, eps: float) -> tuple[Array, Any]:
        stds = [np.sqrt(((row - row.mean()) ** 2).sum() / x.dtype.type(len(row)) + x.dtype.type(eps)) for row in x]
        xhat = np.stack([(row - row.mean()) / std for row, std in zip(x, stds, strict=True)])
        return xhat * gamma + beta, (xhat, stds, gamma)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        xhat, stds, gamma = cache
        D, dx = dout.shape[1], np.zeros_like(dout)
        for n, (h, std) in enumerate(zip(xhat, stds, strict=True)):
            g = dout[n] * gamma
            dx[n] = (D * g - g.sum() - h * g.dot(h)) / (D * std)
        return dx, np.asarray(sum(dout * xhat)), np.asarray(sum(dout))

    return Student(forward, backward)


def _group_norm(view: Callable[[Array, int], Array]) -> Student:
    """Group normalisation from a way to lay out a group: (N, G, C/G, H, W), whose last three axes are a group's."""

    def forward(x: Array, gamma: Array, beta: Array, *, num_groups: int, eps: float) -> tuple[Array, Any]:
        groups = view(x, num_groups)
        mean, var = groups.mean(axis=(2, 3, 4), keepdims=True), groups.var(axis=(2, 3, 4), keepdims=True)
        std = np.sqrt(var + x.dtype.type(eps))
        xhat = ((groups - mean) / std).reshape(x.shape)
        return xhat * gamma[:, None, None] + beta[:, None, None], (xhat, std, gamma, num_groups)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        xhat, std, gamma, num_groups = cache
        g, h = view(dout * gamma[None, :, None, None], num_groups), view(xhat, num_groups)
        m = g[0, 0].size
        total, along = (a.sum(axis=(2, 3, 4), keepdims=True) for a in (g, g * h))
        dx = (m * g - total - h * along) / (m * std)
        return dx.reshape(dout.shape), np.einsum("nchw,nchw->c", dout, xhat), np.einsum("nchw->c", dout)

    return Student(forward, backward)


def _reshaped(a: Array, groups: int) -> Array:
    return a.reshape(len(a), groups, -1, *a.shape[2:])


def _split(a: Array, groups: int) -> Array:
    return np.stack(np.split(a, groups, axis=1), axis=1)


_ALL = {
    "batch_norm": {
        "step by step": _batch_norm(_steps),
        "closed form": _batch_norm(_closed),
        "Jacobian of every column": _batch_norm(_jacobian),
    },
    "spatial_batch_norm": {"channels last": _spatial_by_rows(_steps), "channel by channel": _spatial_by_channel()},
    "layer_norm": {"transposed": _layer_norm_transposed(), "loops": _layer_norm_loops()},
    "group_norm": {"five axes": _group_norm(_reshaped), "split": _group_norm(_split)},
}
RIGHT = everywhere(_ALL)
