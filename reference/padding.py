"""Padding of planes, by zeros or by entries of the plane itself, and its adjoint."""

import numpy as np

from reference.errors import ShapeError
from reference.spec import Array

Pair = tuple[int, int]
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}  # by torch's names; NumPy's


def pad(x: Array, padding: Pair, mode: str = "zeros", value: float = 0.0) -> Array:
    """Return x (N, C, H, W) with so many rows above and below each plane, and so many columns on either side.

    Args:
        x: Input; returned itself where there is nothing to add.
        padding: Rows and columns, at least 0.
        mode: "zeros"; or "reflect", "replicate", "circular": the plane mirrored at its border, its border, the plane repeated.
        value: What "zeros" lays around instead of 0.

    Raises:
        ShapeError: The plane is too small to be mirrored or repeated so far.

    Source: same as torch.nn.functional.pad, where "zeros" is called "constant".
    """
    if padding == (0, 0):
        return x
    H, W = x.shape[2:]
    (p, q), room = padding, {"reflect": 1, "circular": 0}
    if mode in room and not (p <= H - room[mode] and q <= W - room[mode]):
        raise ShapeError(f"A plane of {H}x{W} is too small for padding={padding} by padding_mode={mode!r}.")
    if mode != "zeros":
        rows, columns = (np.pad(np.arange(size), by, MODES[mode]) for size, by in ((H, p), (W, q)))  # type: ignore[call-overload]
        return np.asarray(x[:, :, rows[:, None], columns])
    padded = blank(x.shape, padding, x.dtype)
    if value:
        padded.fill(value)
    padded[:, :, p : p + H, q : q + W] = x
    return padded


def blank(shape: tuple[int, ...], padding: Pair, dtype: np.typing.DTypeLike) -> Array:
    """Return zeros of the size that planes of this shape (N, C, H, W) have when they are padded."""
    (N, C, H, W), (p, q) = shape, padding
    return np.zeros((N, C, H + 2 * p, W + 2 * q), dtype)


def unpad(dxp: Array, padding: Pair, mode: str = "zeros") -> Array:
    """Return the gradient of x for that of `pad(x, padding, mode)`: every entry gets that of all its copies."""
    (p, q), (height, width) = padding, dxp.shape[2:]
    H, W = height - 2 * p, width - 2 * q
    inside: Array = dxp[:, :, p : p + H, q : q + W]
    if mode == "zeros" or padding == (0, 0):
        return inside
    tall = dxp[:, :, p : p + H].copy()
    for i, source in _border(H, p, mode):
        tall[:, :, source] += dxp[:, :, i]
    dx: Array = tall[..., q : q + W].copy()
    for j, source in _border(W, q, mode):
        dx[..., source] += tall[..., j]
    return dx


def _border(size: int, padding: int, mode: str) -> list[Pair]:
    """Return where each entry of the border lies along a padded axis, and of which entry it is a copy."""
    sources = np.pad(np.arange(size), padding, MODES[mode])  # type: ignore[call-overload]
    return [(i, int(source)) for i, source in enumerate(sources) if not padding <= i < padding + size]
