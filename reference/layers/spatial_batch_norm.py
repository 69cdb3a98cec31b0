"""Batch normalisation of the channels of a batch of planes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.given import Given
from reference.layers import batch_norm
from reference.misconception import Misconception, of_both, of_dx
from reference.normalising import arguments
from reference.normalising_mistakes import AVERAGED_OVER_PLACES, Layout, divided_by, input_gradient, outputs, over_axes, parameter_gradients
from reference.running_statistics import misupdated, misused
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


class Cache(NamedTuple):
    """That of `batch_norm`, and the shape of the planes."""

    rows: batch_norm.Cache
    shape: tuple[int, ...]


def _rows(x: Array) -> Array:
    return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])


def _planes(rows: Array, shape: tuple[int, ...]) -> Array:
    N, C, H, W = shape
    return rows.reshape(N, H, W, C).transpose(0, 3, 1, 2)


def forward(
    x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, **options: Any
) -> tuple[batch_norm.Outputs, Cache]:
    r"""Give every channel mean 0 and variance 1 over batch and plane, then scale and shift it.

    $$y_{nchw} = \gamma_c (x_{nchw} - \mu_c) / \sqrt{\sigma_c^2 + \epsilon} + \beta_c$$

    Args:
        x: Input, shape (N, C, H, W); mean and variance are taken over N, H and W.
        gamma: Scale, shape (C,).
        beta: Shift, shape (C,).
        running_mean: What stands for the mean in test mode, shape (C,).
        running_var: What stands for the variance in test mode, shape (C,).
        options: Those of `batch_norm.forward`.

    Returns:
        outputs: The output, shape (N, C, H, W); running mean and running variance, shape (C,).
        cache: What `backward` needs.

    Raises:
        ShapeError: The sizes do not agree.

    Source: Ioffe and Szegedy (2015), section 3.2. Same as torch.nn.functional.batch_norm.
    """
    if x.ndim != 4:
        raise ShapeError(f"spatial_batch_norm: x {x.shape} must be (N, C, H, W).")
    (out, *statistics), cache = batch_norm.forward(_rows(x), gamma, beta, running_mean, running_var, **options)
    return (_planes(out, x.shape), *statistics), Cache(cache, x.shape)  # type: ignore[return-value]


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    r"""Return (dx, dgamma, dbeta) for dout of shape (N, C, H, W): those of `batch_norm`, every place of a plane a sample of it."""
    dx, dgamma, dbeta = batch_norm.backward(_rows(dout), cache.rows)
    return _planes(dx, cache.shape), dgamma, dbeta


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """Return that of `batch_norm`, laid out in planes."""
    x = arrays["x"]
    found = batch_norm.magnitude({**arrays, "x": _rows(x)}, options, None if dout is None else _rows(dout))
    gradients = () if dout is None else (_planes(found.gradients[0], x.shape), *found.gradients[1:])
    return Magnitude(_planes(found.out, x.shape), gradients, beside=found.beside)


PLANES = (0, 2, 3)
SPATIAL = Layout(axes=PLANES, rows=False)


def _reshaped(g: Given) -> Array:
    """Return the output where x becomes rows of C without moving the channels last."""
    rows = g.x.reshape(-1, 1, 1, g.C).transpose(0, 3, 1, 2)
    return np.asarray(g.but(x=rows).out.transpose(0, 2, 3, 1).reshape(g.x.shape))


MISCONCEPTIONS = (
    Misconception(
        id="channels_not_moved_last",
        cause="x is reshaped to (-1, C) as it lies, so that a row is not the channels of one place.",
        advice="Move the channels last first, x.transpose(0, 2, 3, 1).reshape(-1, C), and back in the end.",
        wrong=_reshaped,
    ),
    of_both(
        id="channels_not_moved_back",
        cause="{name} has its channels last still, reshaped to (N, C, H, W) as it lies.",
        advice="Reshape the rows to (N, H, W, C), then transpose(0, 3, 1, 2).",
        wrong=lambda g: g.right.transpose(0, 2, 3, 1).reshape(g.x.shape),
    ),
    Misconception(
        id="over_the_batch_alone",
        cause="Mean and variance are taken for every place of the plane, over the samples alone.",
        advice="A channel has one mean and one variance: axis=(0, 2, 3).",
        wrong=over_axes(SPATIAL, 0),
    ),
    Misconception(
        id="of_every_plane",
        cause="Mean and variance are taken of every plane, as in instance normalisation.",
        advice="A channel has one mean and one variance for all samples: axis=(0, 2, 3).",
        wrong=over_axes(SPATIAL, (2, 3)),
    ),
    Misconception(
        id="over_everything",
        cause="One mean and one variance are taken of all of x; every channel has its own.",
        advice="Take both over samples and places, not channels: axis=(0, 2, 3).",
        wrong=over_axes(SPATIAL, (0, 1, 2, 3)),
    ),
    *misupdated(PLANES),
    *misused(SPATIAL),
    *outputs(SPATIAL),
    *input_gradient(SPATIAL),
    of_dx(
        id="divided_by_samples",
        cause="In dx the sums over samples and places are divided by N alone.",
        advice="Divide them by N * H * W, the number of values that the mean of a channel is taken over.",
        wrong=divided_by(SPATIAL, lambda g: g.N),
    ),
    *parameter_gradients(SPATIAL),
    AVERAGED_OVER_PLACES,
    Misconception(
        id="of_the_first_sample",
        of=("dgamma", "dbeta"),
        cause="{name} is that of the first sample alone.",
        advice="Sum over the samples, too: axis=(0, 2, 3), to shape (C,).",
        wrong=lambda g: (g.dout if g.of == "dbeta" else g.dout * SPATIAL.normalised(g).h)[0].sum(axis=(1, 2)),
    ),
)
SPEC = LayerSpec(
    name="spatial_batch_norm",
    formula={
        "forward": (
            "mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))",
            "x_hat = (x - mean[:, None, None]) / sqrt(var + eps)[:, None, None]",
            "out = gamma[:, None, None] * x_hat + beta[:, None, None]",
            "running_mean = momentum * running_mean + (1 - momentum) * mean",
            "running_var = momentum * running_var + (1 - momentum) * var, or both with momentum and 1 - momentum exchanged, as torch has it",
            "in test mode, running_mean and running_var take the place of mean and var",
        ),
        "backward": (
            "dx_hat = dout * gamma[:, None, None]",
            "both = dx_hat.mean(axis=(0, 2, 3), keepdims=True) + x_hat * (dx_hat * x_hat).mean(axis=(0, 2, 3), keepdims=True)",
            "dx = (dx_hat - both) / sqrt(var + eps)[:, None, None]",
            "dgamma = (dout * x_hat).sum(axis=(0, 2, 3))",
            "dbeta = dout.sum(axis=(0, 2, 3))",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    arguments=(
        *arguments("N C H W", "C"),
        Argument(name="running_mean", axes="C"),
        Argument(name="running_var", axes="C", positive=True),
    ),
    axes={"N": (2, 4), "C": (1, 4), "H": (1, 4), "W": (1, 4)},
    options=batch_norm.SPEC.options,
    misconceptions=MISCONCEPTIONS,
    readings=batch_norm.READINGS,
    beside=("running_mean", "running_var"),
    where=lambda sizes: sizes["N"] * sizes["H"] * sizes["W"] > 1 or not sizes["training"],
    forward_only=batch_norm.SPEC.forward_only,
    traits=Traits(out="N C H W", linear=("gamma", "beta"), coupled=True, permutable=("C", "H", "W")),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "C": (2, 2), "H": (2, 2), "W": (2, 2)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (2, 2), "C": (3, 3), "H": (4, 4), "W": (5, 5)}, count=2),
        Scenario(title="oblong planes", axes={"C": (2, 3), "H": (2, 2), "W": (3, 4)}),
        Scenario(title="one sample", axes={"N": (1, 1), "C": (2, 3), "H": (3, 3), "W": (2, 2)}),
        Scenario(title="one channel", axes={"C": (1, 1), "H": (2, 3), "W": (3, 4)}),
        Scenario(title="planes of one entry", axes={"N": (3, 4), "C": (2, 4), "H": (1, 1), "W": (1, 1)}),
        Scenario(title="negative inputs", axes={"C": (2, 3), "H": (2, 3), "W": (2, 3)}, values=Values.NEGATIVE),
        Scenario(title="eps as large as a variance", axes={"H": (2, 3)}, options={"eps": (0.1,)}, values=Values.FRACTIONS),
        Scenario(title="any sizes", count=2),
        Scenario(title="test mode", axes={"N": (2, 3), "C": (2, 4), "H": (2, 3), "W": (3, 4)}, options={"training": (False,)}, count=2),
        Scenario(title="float32", axes={"C": (2, 3), "H": (3, 4), "W": (2, 3)}, options={"eps": (1e-3,)}, single=True, count=2),
    ),
)
