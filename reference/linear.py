"""A linear classifier: scores x w, a loss, and L2 regularisation. What the classifiers with the hinge and the softmax loss share."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.spec import Argument, Array, Magnitude, Option, Scenario, Values


class Cache(NamedTuple):
    """What backward needs of forward: the arguments, the cache of the loss, and how the weights are regularised."""

    x: Array
    w: Array
    loss: Any
    reg: float
    reg_factor: float


def forward(loss: ModuleType, x: Array, y: Array, w: Array, *, reg: float, reg_factor: float, **reading: Any) -> tuple[Array, Cache]:
    """Return the loss of the scores x w (N, K) with classes y (N,), plus reg_factor * reg * the sum of squared weights."""
    if x.ndim != 2 or w.ndim != 2 or x.shape[1] != w.shape[0]:
        raise ShapeError(f"a linear classifier: x {x.shape} and w {w.shape} must be (N, D) and (D, K).")
    value, cache = loss.forward(x @ w, y, **reading)
    return value + reg_factor * reg * np.vdot(w, w), Cache(x, w, cache, reg, reg_factor)


def backward(loss: ModuleType, dout: Array, cache: Cache) -> tuple[Array]:
    """Return the gradient of w: x^T times that of the scores, and 2 * reg_factor * reg * w."""
    (dscores,) = loss.backward(dout, cache.loss)
    return (cache.x.T @ dscores + dout * 2 * cache.reg_factor * cache.reg * cache.w,)


def magnitude(loss: ModuleType, arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """Carry the sizes of the errors through the scores, the loss and back."""
    x, w, reg = np.abs(arrays["x"]), np.abs(arrays["w"]), options.get("reg", 0.0)
    reading = {name: options[name] for name in ("log_epsilon",) if name in options}
    _, cache = loss.forward(arrays["x"] @ arrays["w"], arrays["y"], **reading)
    value, gradients, *_ = loss.sized(cache, x @ w, dout)
    value = value + 2 * reg * np.sum(w * w)
    return Magnitude(value, () if dout is None else (x.T @ gradients[0] + 2 * reg * w,))


ARGUMENTS = (
    Argument(name="x", axes="N D"),
    Argument(name="y", axes="N", labels=True),
    Argument(name="w", axes="D K", gradient="dw"),
)
AXES = {"N": (1, 5), "D": (1, 5), "K": (2, 5)}
OPTIONS: dict[str, tuple[Option, ...]] = {"reg": (0.0,)}
SCENARIOS = (
    Scenario(title="small", axes={"N": (2, 2), "D": (2, 2), "K": (3, 3)}, values=Values.FRACTIONS),
    Scenario(title="all axes differ", axes={"N": (2, 2), "D": (5, 5), "K": (3, 3)}, count=2),
    Scenario(title="square", axes={"N": (3, 3), "D": (3, 3), "K": (3, 3)}),
    Scenario(title="one sample", axes={"N": (1, 1)}),
    Scenario(title="any sizes", axes={"N": (2, 5)}, count=2),
    Scenario(title="regularised", axes={"N": (2, 5)}, options={"reg": (0.05, 0.1, 0.5)}, values=Values.FRACTIONS, count=3),
    Scenario(title="float32", values=Values.FRACTIONS, axes={"N": (2, 4)}, single=True),
)
