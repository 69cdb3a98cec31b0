"""Right ways to compute every layer that round otherwise than the reference does: loops, other orders, einsum, FFT, float32."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grader.model import Array
from reference import LayerSpec, catalogue
from tests.support import Student


def reference(spec: LayerSpec, **reading: Any) -> Student:
    """The reference itself, by one of its readings."""
    return Student(lambda **given: spec.forward(**{**given, **reading}), spec.backward)


def single(spec: LayerSpec, **reading: Any) -> Student:
    """Everything cast to float32."""

    def cast(a: Any) -> Any:
        return a.astype(np.float32) if isinstance(a, np.ndarray) and a.dtype.kind == "f" else a

    def forward(**given: Any) -> tuple[Any, Any]:
        out, cache = spec.forward(**{name: cast(a) for name, a in given.items()}, **reading)
        return np.float32(out) if np.ndim(out) == 0 and not spec.whole else out, cache

    def backward(dout: Array, cache: Any) -> tuple[Any, ...]:
        assert spec.backward
        return tuple(cast(g) for g in spec.backward(cast(dout), cache))

    return Student(forward, backward if spec.backward else None)


def fortran(spec: LayerSpec, **reading: Any) -> Student:
    """Arrays stored column by column."""

    def forward(**given: Any) -> tuple[Any, Any]:
        out, cache = spec.forward(**{n: np.asfortranarray(a) if isinstance(a, np.ndarray) else a for n, a in given.items()}, **reading)
        return np.asfortranarray(out), cache

    def backward(dout: Array, cache: Any) -> tuple[Any, ...]:
        assert spec.backward
        return tuple(np.asfortranarray(g) for g in spec.backward(np.asfortranarray(dout), cache))

    return Student(forward, backward if spec.backward else None)


def reverse(spec: LayerSpec, **reading: Any) -> Student:
    """The batch from its end to its beginning, so that sums over it run the other way."""
    batched = {a.name for a in spec.arguments if a.axes.split()[0] == "N"}

    def turn(a: Array, samples: int) -> Array:
        return a.reshape(samples, -1)[::-1].reshape(a.shape).copy()  # rows of im2col belong to samples, several to each

    def forward(**given: Any) -> tuple[Any, Any]:
        samples = len(next(given[name] for name in batched))
        out, cache = spec.forward(**{n: turn(a, samples) if n in batched else a for n, a in given.items()}, **reading)
        return out if spec.scalar else turn(out, samples), (cache, samples)

    def backward(dout: Array, cache: Any) -> tuple[Any, ...]:
        assert spec.backward
        grads = spec.backward(dout if spec.scalar else turn(dout, cache[1]), cache[0])
        wanted = [a.name for a in spec.arguments if a.gradient]
        return tuple(turn(g, cache[1]) if name in batched else g for name, g in zip(wanted, grads, strict=True))

    return Student(forward, backward)


def affine_loops() -> Student:
    def forward(x: Array, w: Array, b: Array) -> tuple[Array, Any]:
        out = np.zeros((len(x), len(b)), x.dtype)
        for n, m in np.ndindex(out.shape):
            for d in reversed(range(len(w))):
                out[n, m] += x[n, d] * w[d, m]
        return out + b, (x, w)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        x, w = cache
        return np.einsum("nm,dm->nd", dout, w), np.einsum("nd,nm->dm", x[::-1], dout[::-1]), sum(dout[n] for n in range(len(dout)))

    return Student(forward, backward)


def batch_norm_loops() -> Student:
    """Feature by feature, the gradient as the formula of the paper has it, by way of the variance and the mean."""

    def forward(x: Array, gamma: Array, beta: Array, eps: float) -> tuple[Array, Any]:
        out, kept = np.zeros_like(x), []
        for d in range(x.shape[1]):
            mean = sum(x[::-1, d]) / len(x)
            var = sum((x[n, d] - mean) ** 2 for n in reversed(range(len(x)))) / len(x)
            out[:, d] = (x[:, d] - mean) * gamma[d] / (var + eps) ** 0.5 + beta[d]
            kept.append((mean, var + eps))
        return out, (x, gamma, kept)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        x, gamma, kept = cache
        dx, dgamma = np.zeros_like(x), np.zeros_like(gamma)
        for d, (mean, var) in enumerate(kept):
            centred, dnormed = x[:, d] - mean, dout[:, d] * gamma[d]
            dvar = sum(dnormed * centred) * -0.5 * var**-1.5
            dmean = -sum(dnormed) / var**0.5 - dvar * sum(2 * centred) / len(x)
            dx[:, d] = dnormed / var**0.5 + dvar * 2 * centred / len(x) + dmean / len(x)
            dgamma[d] = sum(dout[:, d] * centred) / var**0.5
        return dx, dgamma, sum(dout)

    return Student(forward, backward)


def batch_norm_steps() -> Student:
    """One elementary operation after the other, each with its own derivative."""

    def forward(x: Array, gamma: Array, beta: Array, eps: float) -> tuple[Array, Any]:
        centred = x - 1.0 / len(x) * np.sum(x, axis=0)
        deviation = np.sqrt(np.var(x, axis=0) + eps)
        inverse = 1.0 / deviation
        return gamma * (centred * inverse) + beta, (centred, deviation, inverse, gamma)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        centred, deviation, inverse, gamma = cache
        dnormed = dout * gamma
        ddeviation = -1.0 / deviation**2 * np.sum(dnormed * centred, axis=0)
        dsquares = np.ones_like(dout) / len(dout) * (0.5 / deviation * ddeviation)
        dcentred = dnormed * inverse + 2 * centred * dsquares
        dx = dcentred - np.ones_like(dout) / len(dout) * np.sum(dcentred, axis=0)
        return dx, np.sum(dout * (centred * inverse), axis=0), np.einsum("nd->d", dout)

    return Student(forward, backward)


def _view(x: Array, kernel: tuple[int, int], stride: int, padding: int = 0) -> tuple[Array, Array]:
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return xp, sliding_window_view(xp, kernel, axis=(2, 3))[:, :, ::stride, ::stride]


def conv_einsum() -> Student:
    def forward(x: Array, w: Array, b: Array, stride: int, padding: int) -> tuple[Array, Any]:
        xp, view = _view(x, w.shape[2:], stride, padding)
        return np.einsum("ncijkl,fckl->nfij", view, w) + b[:, None, None], (xp, view, w, stride, padding)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        xp, view, w, stride, padding = cache
        dxp = np.zeros(xp.shape, xp.dtype)
        for i, j in reversed(list(np.ndindex(dout.shape[2:]))):
            dxp[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]] += np.einsum(
                "nf,fckl->nckl", dout[:, :, i, j], w
            )
        dx = dxp[:, :, padding : xp.shape[2] - padding, padding : xp.shape[3] - padding]
        return dx, np.einsum("nfij,ncijkl->fckl", dout, view), np.einsum("nfij->f", dout)

    return Student(forward, backward)


def conv_fft() -> Student:
    """Correlation by the convolution theorem: accurate for the array as a whole, not element by element."""

    def correlate(a: Array, b: Array, labels: str) -> Array:
        size = a.shape[2] + b.shape[2], a.shape[3] + b.shape[3]
        spectra = np.fft.rfft2(a, size), np.conj(np.fft.rfft2(b, size))
        return np.fft.irfft2(np.einsum(labels, *spectra), size)

    def forward(x: Array, w: Array, b: Array, stride: int, padding: int) -> tuple[Array, Any]:
        xp, view = _view(x, w.shape[2:], stride, padding)
        full = correlate(xp, w, "ncij,fcij->nfij")
        out = full[:, :, : view.shape[2] * stride : stride, : view.shape[3] * stride : stride] + b[:, None, None]
        return out.astype(x.dtype), (xp, w, stride, padding)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        xp, w, stride, padding = cache
        spread = np.zeros((*dout.shape[:2], dout.shape[2] * stride, dout.shape[3] * stride), dout.dtype)
        spread[:, :, ::stride, ::stride] = dout
        dw = correlate(xp, spread, "ncij,nfij->fcij")[:, :, : w.shape[2], : w.shape[3]]
        size = xp.shape[2] + spread.shape[2] + w.shape[2], xp.shape[3] + spread.shape[3] + w.shape[3]
        full = np.fft.irfft2(np.einsum("nfij,fcij->ncij", np.fft.rfft2(spread, size), np.fft.rfft2(w, size)), size)
        dx = full[:, :, padding : xp.shape[2] - padding, padding : xp.shape[3] - padding]
        return dx.astype(xp.dtype), dw.astype(xp.dtype), dout.sum(axis=(3, 2, 0))

    return Student(forward, backward)


def max_pool(ties: str) -> Student:
    """Loops; where several entries are largest, the gradient goes to the "first", the "last" or "all" of them."""

    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int) -> tuple[Array, Any]:
        _, view = _view(x, (kernel_h, kernel_w), stride)
        return view.max(axis=(4, 5)), (x, kernel_h, kernel_w, stride)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        x, kernel_h, kernel_w, stride = cache
        dx = np.zeros(x.shape, x.dtype)
        for n, c, i, j in np.ndindex(dout.shape):
            place = (n, c, slice(i * stride, i * stride + kernel_h), slice(j * stride, j * stride + kernel_w))
            largest = np.argwhere(x[place] == x[place].max())
            for k, m in {"first": largest[:1], "last": largest[-1:], "all": largest}[ties]:
                dx[n, c, i * stride + k, j * stride + m] += dout[n, c, i, j]
        return (dx,)

    return Student(forward, backward)


def avg_pool_loops() -> Student:
    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int) -> tuple[Array, Any]:
        _, view = _view(x, (kernel_h, kernel_w), stride)
        out = np.zeros(view.shape[:4], x.dtype)
        for k, m in reversed(list(np.ndindex(kernel_h, kernel_w))):
            out += view[..., k, m] / (kernel_h * kernel_w)
        return out, (x, kernel_h, kernel_w, stride)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        x, kernel_h, kernel_w, stride = cache
        dx = np.zeros(x.shape, x.dtype)
        for i, j in reversed(list(np.ndindex(dout.shape[2:]))):
            dx[:, :, i * stride : i * stride + kernel_h, j * stride : j * stride + kernel_w] += dout[:, :, i : i + 1, j : j + 1]
        return (dx / (kernel_h * kernel_w),)

    return Student(forward, backward)


def relu_at_zero() -> Student:
    """With >= in place of >."""
    return Student(lambda x: ((x + np.abs(x)) / 2, x), lambda dout, x: (dout * (x >= 0),))


def sigmoid_tanh() -> Student:
    def backward(dout: Array, x: Array) -> tuple[Array]:
        small = np.exp(-np.abs(x))
        return (dout * small / (1 + small) ** 2,)

    return Student(lambda x: ((np.tanh(x / 2) + 1) / 2, x), backward)


def sigmoid_overflows() -> Student:
    def forward(x: Array) -> tuple[Array, Array]:
        with np.errstate(over="ignore"):
            y = 1 / (1 + np.exp(-x))
        return y, y

    return Student(forward, lambda dout, y: (dout * (y - y * y),))


def softmax_log_p() -> Student:
    """The logarithm of the probability, and the gradient through it."""

    def forward(x: Array, y: Array) -> tuple[Any, Any]:
        e = np.exp(x - x.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return -np.log(p[range(len(y)), y]).sum() / len(y), (p, y)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        p, y = cache
        return (dout * (p - np.eye(p.shape[1], dtype=p.dtype)[y]) / len(y),)

    return Student(forward, backward)


def svm_loops() -> Student:
    def forward(x: Array, y: Array) -> tuple[Any, Any]:
        loss, dx = x.dtype.type(0), np.zeros(x.shape, x.dtype)
        for n, k in np.ndindex(x.shape):
            margin = x[n, k] - x[n, y[n]] + 1
            if k != y[n] and margin > 0:
                loss = loss + margin / x.dtype.type(len(x))
                dx[n, k] += 1 / len(x)
                dx[n, y[n]] -= 1 / len(x)
        return loss, dx

    return Student(forward, lambda dout, dx: (dout * dx,))


OWN: Mapping[str, Mapping[str, Student]] = {
    "affine": {"loops": affine_loops()},
    "batch_norm": {"loops": batch_norm_loops(), "steps": batch_norm_steps()},
    "conv2d": {"einsum": conv_einsum(), "FFT": conv_fft()},
    "max_pool2d": {f"ties to {ties}": max_pool(ties) for ties in ("first", "last", "all")},
    "avg_pool2d": {"loops": avg_pool_loops()},
    "relu": {">=": relu_at_zero()},
    "sigmoid": {"tanh": sigmoid_tanh(), "overflow": sigmoid_overflows()},
    "softmax_loss": {"log p": softmax_log_p()},
    "svm_loss": {"loops": svm_loops()},
}
ARRAYS = tuple(spec for spec in catalogue().values() if spec.arguments)


def variants(spec: LayerSpec, **reading: Any) -> Iterator[tuple[str, Student]]:
    """Yield every right way to compute a layer, by name."""
    yield from {
        "reference": reference(spec, **reading),
        "float32": single(spec, **reading),
        "Fortran order": fortran(spec, **reading),
        "reversed batch": reverse(spec, **reading),
    }.items()
    yield from OWN.get(spec.name, {}).items()
