"""Right ways to compute a convolution and im2col."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grader.audit.students import Student, everywhere
from reference import Array


def padded(x: Array, padding: int) -> Array:
    """Return x with zeros around every plane."""
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def view_of(x: Array, kernel: tuple[int, int], stride: int, padding: int = 0) -> tuple[Array, Array]:
    """Return the padded x, and the windows that fit, shape (N, C, out_h, out_w, kernel_h, kernel_w)."""
    xp = padded(x, padding)
    return xp, sliding_window_view(xp, kernel, axis=(2, 3))[:, :, ::stride, ::stride]


def cropped(dxp: Array, padding: int) -> Array:
    """Return the planes without the padding."""
    return dxp[:, :, padding : dxp.shape[2] - padding, padding : dxp.shape[3] - padding]


def _places(shape: tuple[int, ...], kernel: tuple[int, int], stride: int) -> tuple[Array, Array, Array]:
    """Return the channel, row and column in the padded input of every entry of a window, each (C * kernel, out_h * out_w).

    Source: im2col of cs231n, Stanford (2015).
    """
    C, k, m = np.indices((shape[1], *kernel)).reshape(3, -1, 1)
    i, j = stride * np.indices(((shape[2] - kernel[0]) // stride + 1, (shape[3] - kernel[1]) // stride + 1)).reshape(2, 1, -1)
    return np.broadcast_to(C, (C.size, i.size)), k + i, m + j


def _einsum() -> Student:
    def forward(x: Array, w: Array, b: Array, stride: int, padding: int) -> tuple[Array, Any]:
        xp, view = view_of(x, (w.shape[2], w.shape[3]), stride, padding)
        return np.einsum("ncijkl,fckl->nfij", view, w) + b[:, None, None], (xp, view, w, stride, padding)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        xp, view, w, stride, padding = cache
        dxp = np.zeros(xp.shape, xp.dtype)
        for i, j in reversed(list(np.ndindex(*dout.shape[2:]))):
            dxp[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]] += np.einsum(
                "nf,fckl->nckl", dout[:, :, i, j], w
            )
        return cropped(dxp, padding), np.einsum("nfij,ncijkl->fckl", dout, view), np.einsum("nfij->f", dout)

    return Student(forward, backward)


def _fft() -> Student:
    """Correlation by the convolution theorem: accurate for the array as a whole, not element by element."""

    def correlate(a: Array, b: Array, labels: str) -> Array:
        size = a.shape[2] + b.shape[2], a.shape[3] + b.shape[3]
        spectra = np.fft.rfft2(a, size), np.conj(np.fft.rfft2(b, size))
        return np.fft.irfft2(np.einsum(labels, *spectra), size)

    def forward(x: Array, w: Array, b: Array, stride: int, padding: int) -> tuple[Array, Any]:
        xp, view = view_of(x, (w.shape[2], w.shape[3]), stride, padding)
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
        dxp = full[:, :, : xp.shape[2], : xp.shape[3]]
        return cropped(dxp, padding).astype(xp.dtype), dw.astype(xp.dtype), dout.sum(axis=(3, 2, 0))

    return Student(forward, backward)


def _columns() -> Student:
    """im2col by index arrays, samples last, and np.add.at for the way back."""

    def forward(x: Array, w: Array, b: Array, stride: int, padding: int) -> tuple[Array, Any]:
        xp, view = view_of(x, (w.shape[2], w.shape[3]), stride, padding)
        places = _places(xp.shape, (w.shape[2], w.shape[3]), stride)
        columns = xp[:, *places].transpose(1, 2, 0).reshape(w[0].size, -1)
        out = w.reshape(len(w), -1) @ columns + b[:, None]
        return out.reshape(len(w), *view.shape[2:4], len(x)).transpose(3, 0, 1, 2), (columns, places, xp.shape, w, padding)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        columns, places, shape, w, padding = cache
        rows = dout.transpose(1, 2, 3, 0).reshape(len(w), -1)
        dxp = np.zeros(shape, dout.dtype)
        grads = (w.reshape(len(w), -1).T @ rows).reshape(w[0].size, -1, shape[0]).transpose(2, 0, 1)
        np.add.at(dxp, (slice(None), *places), grads)
        return cropped(dxp, padding), (rows @ columns.T).reshape(w.shape), rows.sum(axis=1)

    return Student(forward, backward)


def _shifts() -> Student:
    """One product of matrices for every entry of the filter, by tensordot."""

    def slices(shape: tuple[int, ...], w: Array, stride: int) -> list[tuple[int, int, tuple[Any, ...]]]:
        out_h, out_w = ((shape[a] - w.shape[a]) // stride + 1 for a in (2, 3))
        return [
            (k, m, (slice(None), slice(None), slice(k, k + stride * out_h, stride), slice(m, m + stride * out_w, stride)))
            for k, m in np.ndindex(*w.shape[2:])
        ]

    def forward(x: Array, w: Array, b: Array, stride: int, padding: int) -> tuple[Array, Any]:
        xp = padded(x, padding)
        parts = [np.tensordot(w[:, :, k, m], xp[place], ((1,), (1,))) for k, m, place in slices(xp.shape, w, stride)]
        return (sum(parts[::-1]) + b[:, None, None, None]).transpose(1, 0, 2, 3), (xp, w, stride, padding)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        xp, w, stride, padding = cache
        dxp, dw = np.zeros_like(xp), np.zeros_like(w)
        for k, m, place in slices(xp.shape, w, stride):
            dxp[place] += np.tensordot(dout, w[:, :, k, m], ((1,), (0,))).transpose(0, 3, 1, 2)
            dw[:, :, k, m] = np.tensordot(dout, xp[place], ((0, 2, 3), (0, 2, 3)))
        return cropped(dxp, padding), dw, dout.sum(axis=3).sum(axis=2).sum(axis=0)

    return Student(forward, backward)


def _transposed() -> Student:
    """The gradient of the input as a convolution: of dout, spread by the stride, with the filters flipped."""
    right = _einsum()

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        xp, _, w, stride, padding = cache
        N, F, out_h, out_w = dout.shape
        KH, KW = w.shape[2:]
        spread = np.zeros((N, F, xp.shape[2] + KH - 1, xp.shape[3] + KW - 1), dout.dtype)
        spread[:, :, KH - 1 : KH - 1 + out_h * stride : stride, KW - 1 : KW - 1 + out_w * stride : stride] = dout
        dxp = np.tensordot(sliding_window_view(spread, (KH, KW), axis=(2, 3)), w[:, :, ::-1, ::-1], ((1, 4, 5), (0, 2, 3)))
        assert right.backward
        return (cropped(dxp.transpose(0, 3, 1, 2), padding), *right.backward(dout, cache)[1:])

    return Student(right.forward, backward)


def _loops(x: Array, w: Array, b: Array, stride: int, padding: int) -> tuple[Array, Any]:
    xp, view = view_of(x, (w.shape[2], w.shape[3]), stride, padding)
    out = np.empty((len(x), len(w), *view.shape[2:4]), x.dtype)
    for n, f, i, j in np.ndindex(*out.shape):
        out[n, f, i, j] = np.vdot(view[n, :, i, j], w[f]) + b[f]
    return out, (xp, w, stride, padding)


def _loops_backward(dout: Array, cache: Any) -> tuple[Array, ...]:
    xp, w, stride, padding = cache
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros(len(w), w.dtype)
    for n, f, i, j in np.ndindex(*dout.shape):
        place = (n, slice(None), slice(i * stride, i * stride + w.shape[2]), slice(j * stride, j * stride + w.shape[3]))
        dxp[place] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * xp[place]
        db[f] += dout[n, f, i, j]
    return cropped(dxp, padding), dw, db


def _im2col_loops() -> Student:
    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int, padding: int) -> tuple[Array, Any]:
        xp, view = view_of(x, (kernel_h, kernel_w), stride, padding)
        rows = [view[n, :, i, j].ravel() for n, i, j in np.ndindex(len(x), *view.shape[2:4])]
        return np.stack(rows), (xp.shape, view.shape, stride, padding)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        shape, (N, C, out_h, out_w, KH, KW), stride, padding = cache
        dxp = np.zeros(shape, dout.dtype)
        for row, (n, i, j) in reversed(list(zip(dout, np.ndindex(N, out_h, out_w), strict=True))):
            dxp[n, :, i * stride : i * stride + KH, j * stride : j * stride + KW] += row.reshape(C, KH, KW)
        return (cropped(dxp, padding),)

    return Student(forward, backward)


def _im2col_indices() -> Student:
    def forward(x: Array, kernel_h: int, kernel_w: int, stride: int, padding: int) -> tuple[Array, Any]:
        xp = padded(x, padding)
        places = _places(xp.shape, (kernel_h, kernel_w), stride)
        return xp[:, *places].transpose(0, 2, 1).reshape(-1, len(places[0])), (xp.shape, places, padding)

    def backward(dout: Array, cache: Any) -> tuple[Array]:
        shape, places, padding = cache
        dxp = np.zeros(shape, dout.dtype)
        np.add.at(dxp, (slice(None), *places), dout.reshape(shape[0], -1, len(places[0])).transpose(0, 2, 1))
        return (cropped(dxp, padding),)

    return Student(forward, backward)


_CONV = {
    "einsum": _einsum(),
    "FFT": _fft(),
    "im2col and add.at": _columns(),
    "tensordot by shifts": _shifts(),
    "transposed convolution": _transposed(),
    "loops": Student(_loops, _loops_backward),
}
_ALL = {"conv2d": _CONV, "im2col": {"loops": _im2col_loops(), "indices and add.at": _im2col_indices()}}
RIGHT = everywhere(_ALL)
