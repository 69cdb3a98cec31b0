"""Max pooling."""

from typing import Any, NamedTuple

import numpy as np

from reference import pooling
from reference.given import Given
from reference.misconception import Misconception, of_dx
from reference.padding import blank, unpad
from reference.pooling import ARGUMENTS, AXES, OPTIONS, READINGS, SCENARIOS, check_padding, fitting
from reference.spec import Array, LayerSpec, Magnitude, Traits
from reference.window_mistakes import scattering
from reference.windows import Grid, collect, slide

PADS_WITH = {"-inf": -np.inf, "zeros": 0.0}


class Cache(NamedTuple):
    """What backward needs of forward: which entry of each window is its largest."""

    argmax: Array
    shape: tuple[int, ...]
    grid: Grid

    @property
    def places(self) -> Array:
        """Where the largest entry of each window lies in the padded planes, flattened."""
        (kernel_h, kernel_w), (stride, _), (padding, _) = self.grid.kernel_size, self.grid.stride, self.grid.padding
        N, C, H, W = self.shape
        height, width = H + 2 * padding, W + 2 * padding
        out_h, out_w = self.argmax.shape[2:]
        inside: Array = (np.arange(kernel_h)[:, None] * width + np.arange(kernel_w)).ravel()[self.argmax]
        inside += stride * (np.arange(out_h)[:, None] * width + np.arange(out_w))
        inside += np.arange(N * C).reshape(N, C, 1, 1) * (height * width)
        return inside


def forward(
    x: Array,
    *,
    kernel_h: int,
    kernel_w: int,
    stride: int,
    padding: int = 0,
    inexact_output_size: str = "error",
    pads_with: str = "-inf",
    takes_padding: bool = True,
) -> tuple[Array, Cache]:
    r"""Take the largest entry of every window.

    $$y_{ncij} = \max_{k,l} x_{n,c,is+k,js+l}$$

    Args:
        x: Input, shape (N, C, H, W).
        kernel_h: Height of the window.
        kernel_w: Width of the window.
        stride: Step of the window.
        padding: Rows and columns laid around the planes, at most half a window.
        inexact_output_size: "error" or "floor", where the stride leaves a rest.
        pads_with: "-inf": padding is never the largest. "zeros": it is where all else is negative, and then nothing comes back.
        takes_padding: Whether there may be padding; some courses' code fails with any.

    Returns:
        out: Shape (N, C, out_h, out_w).
        cache: What `backward` needs.

    Raises:
        ShapeError: The window does not fit, or there is padding that may not be.

    Source: same as torch.nn.functional.max_pool2d (which floors, and pads with -inf); zeros as in Deep Learning from Scratch, chapter 7.
    """
    check_padding("max_pool2d", padding, takes_padding=takes_padding)
    grid = Grid((kernel_h, kernel_w), (stride, stride), (padding, padding), value=PADS_WITH[pads_with])
    view = slide(x, grid, inexact_output_size)
    out, argmax = view[..., 0, 0].copy(), np.zeros(view.shape[:4], np.intp)
    for number, (k, m) in enumerate(np.ndindex(kernel_h, kernel_w)):
        entry = view[..., k, m]
        np.copyto(argmax, number, where=entry > out)
        np.maximum(out, entry, out=out)
    return out, Cache(argmax, x.shape, grid)


def backward(dout: Array, cache: Cache) -> tuple[Array]:
    """Return (dx,): every window hands its dout, of shape (N, C, out_h, out_w), to its first largest entry."""
    dxp = blank(cache.shape, cache.grid.padding, dout.dtype)
    np.add.at(dxp.reshape(-1), cache.places.reshape(-1), dout.reshape(-1))  # += would keep one of the windows that share an entry
    return (unpad(dxp, cache.grid.padding),)


def kinks(x: Array, *, kernel_h: int, kernel_w: int, stride: int, padding: int = 0, **_: Any) -> Array:
    """Mark the windows whose two largest entries are equal, or so close that rounding could swap them, whatever padding is made of.

    Where padding is 0 and the largest, it does not matter which of it: nothing comes back.
    """
    grid = Grid((kernel_h, kernel_w), (stride, stride), (padding, padding), value=-np.inf)
    view = slide(x, grid, "floor")
    ranked = np.sort(view.reshape(*view.shape[:4], -1), axis=-1)
    first = ranked[..., -1]
    padded = np.isneginf(ranked[..., 0])
    tied = first - ranked[..., -2] <= 1e-5 * np.abs(first) if kernel_h * kernel_w > 1 else np.zeros(first.shape, bool)
    return np.asarray(tied | (padded & (first == 0)))


def magnitude(arrays: dict[str, Array], options: dict[str, int], dout: Array | None) -> Magnitude:
    """Forward computes nothing; backward adds up the dout of overlapping windows."""
    out, cache = forward(**arrays, **options)  # type: ignore[arg-type]
    return Magnitude(np.abs(out), () if dout is None else backward(np.abs(dout), cache))


def window_gradients(g: Given) -> Array:
    """Return the gradient of every window, (N, C, out_h, out_w, kernel_h, kernel_w): dout at its largest entry, 0 elsewhere."""
    chosen = np.arange(g.kernel_h * g.kernel_w) == g.cache.argmax[..., None]
    return np.reshape(chosen * g.dout[..., None], (*g.dout.shape, g.kernel_h, g.kernel_w))


def spread(g: Given, dout: Array) -> Array:
    """Return dx where every entry of a window receives dout."""
    return collect(np.broadcast_to(dout[..., None, None], (*dout.shape, g.kernel_h, g.kernel_w)), g.x.shape, pooling.grid(g))


def handed_over(g: Given) -> Array:
    """Return dx where of the windows that hand their dout to one place, the last overwrites the others."""
    dxp = blank(g.x.shape, g.cache.grid.padding, g.dout.dtype)
    dxp.reshape(-1)[g.cache.places] = g.dout
    return unpad(dxp, g.cache.grid.padding)


MISCONCEPTIONS = (
    of_dx(
        id="largest_overwrites",
        cause="dx keeps only the last window that has an entry as its largest; windows that overlap share it, and must add up.",
        advice="Use += where dout goes to the largest entry of a window.",
        wrong=handed_over,
    ),
    *scattering(window_gradients, pooling.grid),
    of_dx(
        id="to_all_entries",
        cause="Every entry of a window receives its dout; only the largest made the output.",
        advice="Multiply dout by the mask window == window.max(), so that it reaches the largest entry alone.",
        wrong=lambda g: spread(g, g.dout),
    ),
    of_dx(
        id="shared_out",
        cause="dout is shared out over all entries of a window, as in average pooling; only the largest made the output.",
        advice="Hand all of dout to the largest entry of the window.",
        wrong=lambda g: spread(g, g.dout / (g.kernel_h * g.kernel_w)),
    ),
    Misconception(
        id="starts_at_zero",
        cause="out is 0 where all of a window is negative: the search for the largest starts at 0.",
        advice="Start at -np.inf or at the first entry of the window, or take window.max().",
        wrong=lambda g: np.maximum(g.right, 0),
    ),
    *pooling.MISCONCEPTIONS,
)
SPEC = LayerSpec(
    name="max_pool2d",
    formula={
        "forward": (
            "xp = pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=-inf)",
            "out[n, c, i, j] = max over k, l of xp[n, c, i*stride + k, j*stride + l]",
        ),
        "backward": (
            "dxp[n, c, i*stride + k, j*stride + l] += dout[n, c, i, j], for the k, l of the maximum",
            "dx = dxp[:, :, padding : padding + H, padding : padding + W]",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,  # type: ignore[arg-type]
    kinks=kinks,
    arguments=ARGUMENTS,
    axes=AXES,
    misconceptions=MISCONCEPTIONS,
    options=OPTIONS,
    readings={**READINGS, "pads_with": tuple(PADS_WITH)},
    where=fitting,
    traits=Traits(out="N C OH OW", homogeneous="x", permutable=("C",), keeps_mass=True),
    scenarios=SCENARIOS,
)
