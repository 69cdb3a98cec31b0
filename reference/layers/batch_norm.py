"""Batch normalisation of the features of a batch, in training mode."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


class Cache(NamedTuple):
    """What backward needs of forward: the normalised input, one over its deviation, and gamma."""

    normalised: Array
    inverse: Array
    gamma: Array


def forward(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> tuple[Array, Cache]:
    r"""Give every feature mean 0 and variance 1 over the batch, then scale and shift it.

    $$y = \gamma \hat x + \beta, \quad \hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}$$

    Args:
        x: Input, shape (N, D); mean and variance are taken over N, the variance as a sum over N and not N - 1.
        gamma: Scale, shape (D,).
        beta: Shift, shape (D,).
        eps: Added to the variance before the square root. Must be positive.

    Returns:
        out: Shape (N, D).
        cache: What `backward` needs.

    Raises:
        ShapeError: The sizes of x, gamma and beta do not agree.

    Source: Ioffe and Szegedy (2015), algorithm 1. Same as torch.nn.functional.batch_norm with training=True.
    """
    if x.ndim != 2 or gamma.shape != x.shape[1:] or beta.shape != x.shape[1:]:
        raise ShapeError(f"batch_norm: x {x.shape}, gamma {gamma.shape}, beta {beta.shape} must be (N, D), (D,), (D,).")
    centred = x - x.mean(axis=0)
    # Two passes: the mean of x*x minus the square of the mean cancels where the mean is far from 0.
    inverse = 1 / np.sqrt((centred * centred).mean(axis=0) + x.dtype.type(eps))
    normalised = centred * inverse
    return gamma * normalised + beta, Cache(normalised, inverse, gamma)


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    r"""Return (dx, dgamma, dbeta) for dout of shape (N, D), with means over the batch.

    $$dx = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} (dy - \overline{dy} - \hat x\,\overline{dy\,\hat x}),
    \quad d\gamma = \sum_n dy_n \hat x_n, \quad d\beta = \sum_n dy_n$$
    """
    normalised, inverse, gamma = cache
    dx = gamma * inverse * (dout - dout.mean(axis=0) - normalised * (dout * normalised).mean(axis=0))
    return dx, (dout * normalised).sum(axis=0), dout.sum(axis=0)


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """Subtracting the mean leaves errors of the size of x, not of x - mu; one over the deviation magnifies them.

    Source: Higham (2002), section 1.9, on the two-pass variance; the rest is first-order propagation through the formulas.
    """
    x, beta = arrays["x"], arrays["beta"]
    _, (normalised, inverse, gamma) = forward(x, arrays["gamma"], beta, eps=options["eps"])
    h, scale = np.abs(normalised), np.abs(gamma)
    centred = (np.abs(x) + np.abs(x).mean(axis=0)) * inverse  # the conditioning: (|x| + |mu|) / sigma
    relative = 1 + (h * (h + 2 * centred)).mean(axis=0) / 2  # of the deviation; half of that of the variance
    size = centred + h * relative
    out = scale * size + np.abs(beta)
    if dout is None:
        return Magnitude(out, ())
    d = np.abs(dout)
    along = (d * h).mean(axis=0)
    plain = (d + d.mean(axis=0) + h * along) * relative
    dx = scale * inverse * (plain + size * along + h * (d * size).mean(axis=0))
    return Magnitude(out, (dx, (d * size).sum(axis=0), d.sum(axis=0)))


SPEC = LayerSpec(
    name="batch_norm",
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    arguments=(
        Argument(name="x", axes="N D", gradient="dx"),
        Argument(name="gamma", axes="D", gradient="dgamma"),
        Argument(name="beta", axes="D", gradient="dbeta"),
    ),
    axes={"N": (2, 6), "D": (1, 5)},
    options={"eps": (1e-5, 1e-3)},
    traits=Traits(out="N D", linear=("gamma", "beta"), coupled=True, permutable=("D",), invariant_along="N", normalised_along="N"),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (3, 3), "D": (2, 2)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (4, 4), "D": (3, 3)}, count=2),
        Scenario(title="more features than samples", axes={"N": (3, 3), "D": (5, 5)}),
        Scenario(title="square", axes={"N": (4, 4), "D": (4, 4)}, count=2),
        # Of two samples each is one deviation from the mean: all but a trace of eps cancels in dx.
        Scenario(title="two samples", axes={"N": (2, 2), "D": (2, 4)}),
        Scenario(title="one feature", axes={"N": (3, 6), "D": (1, 1)}),
        Scenario(title="negative inputs", axes={"N": (3, 6)}, values=Values.NEGATIVE),
        Scenario(title="ties", axes={"N": (2, 3), "D": (4, 5)}, values=Values.TIED),
        Scenario(title="eps as large as a variance", axes={"N": (3, 6)}, options={"eps": (0.1,)}, values=Values.FRACTIONS, count=2),
        Scenario(title="any sizes", axes={"N": (3, 6)}, count=2),
        Scenario(title="float32", axes={"N": (4, 6), "D": (3, 5)}, options={"eps": (1e-3,)}, single=True, count=2),
    ),
)
