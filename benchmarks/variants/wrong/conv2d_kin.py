"""Wrong convolutions with gaps, in groups, with other kinds of padding; and wrong single steps."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import first_only, layer
from reference import Array

DILATED = layer("conv2d_dilated")
GROUPED = layer("conv2d_grouped")
GENERAL = layer("conv2d_general")
STEP = layer("conv_single_step")


def _mixed(w: Array, groups: int, **_: Any) -> dict[str, Any]:
    """Every group with the filters of the next."""
    return {"w": np.roll(w, len(w) // groups, axis=0)}


def _grouped_dx(change: Any) -> Any:
    """The gradient of the input with its channels changed, group by group."""
    return lambda dx, dout, cache: change(dx.reshape(len(dx), cache.groups, -1, *dx.shape[2:])).reshape(dx.shape)


WRONG = (
    DILATED.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    *DILATED.slightly("dx", "dw", "db"),
    GROUPED.wrong_given("filters of the next group", _mixed),
    GROUPED.wrong_given("bias of the first group for all", lambda b, groups, **_: {"b": np.resize(b[: len(b) // groups], b.shape)}),
    GROUPED.wrong_gradient(
        "dx", "of the first group only", _grouped_dx(lambda dx: dx * (np.arange(dx.shape[1]) == 0)[:, None, None, None])
    ),
    GROUPED.wrong_gradient("dx", "with the groups in reverse", _grouped_dx(lambda dx: dx[:, ::-1])),
    GROUPED.wrong_gradient("dw", "averaged over the groups", lambda dw, dout, cache: dw / cache.groups),
    GROUPED.wrong_gradient("db", "of the first sample only", lambda db, dout, cache: dout[0].sum(axis=(1, 2))),
    *GROUPED.slightly("dx", "dw", "db"),
    GENERAL.wrong_gradient("dx", "of the first sample only", lambda dx, dout, cache: first_only(dx)),
    *GENERAL.slightly("dx", "dw", "db"),
    STEP.wrong_given("bias forgotten", lambda b, **_: {"b": 0 * b}),
    STEP.wrong_given("filter flipped", lambda w, **_: {"w": w[:, ::-1, ::-1]}),
    STEP.wrong_given("first channel only", lambda w, **_: {"w": w * (np.arange(len(w)) == 0).astype(w.dtype)[:, None, None]}),
    STEP.wrong_out("bias added to every product", lambda out, b, w, **_: np.asarray(out + b * w.dtype.type(w.size - 1))),
    STEP.wrong_gradient("dx", "not the filter but the window", lambda dx, dout, cache: dout * cache.x),
    STEP.wrong_gradient("db", "for every product", lambda db, dout, cache: db * cache.w.dtype.type(cache.w.size)),
    *STEP.slightly("dx", "dw", "db"),
)
