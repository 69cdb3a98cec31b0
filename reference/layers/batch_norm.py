"""Batch normalisation of the features of a batch, with running statistics for the test mode."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.misconception import Misconception
from reference.normalising import Normalised, arguments, back, back_size, normalise, sizes
from reference.normalising_mistakes import Layout, input_gradient, outputs, over_axes, over_features, parameter_gradients
from reference.running_statistics import misupdated, misused, weights
from reference.spec import Argument, Array, LayerSpec, Magnitude, Option, Scenario, Traits, Values

Outputs = tuple[Array, Array, Array]
# Classes of "Deep Learning from Scratch" take no epsilon: each has one of its own, the book's is 10e-7. The given one counts where it is 0.
OWN_EPS = (0.0, 1e-6, 1e-7, 1e-5, 1e-8)
READINGS: Mapping[str, tuple[Option, ...]] = {"momentum_of": ("running", "batch"), "unbiased": (False, True), "own_eps": OWN_EPS}


class Cache(NamedTuple):
    """What backward needs of forward."""

    normalised: Normalised
    gamma: Array
    training: bool


def forward(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    eps: float = 1e-5,
    momentum: float = 0.9,
    training: bool = True,
    momentum_of: str = "running",
    unbiased: bool = False,
    own_eps: float = 0.0,
) -> tuple[Outputs, Cache]:
    r"""Give every feature mean 0 and variance 1 over the batch, then scale and shift it; in test mode with running statistics.

    $$y = \gamma \hat x + \beta, \quad \hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}$$

    Args:
        x: Input, shape (N, D); mean and variance are taken over N, the variance as a sum over N and not N - 1.
        gamma: Scale, shape (D,).
        beta: Shift, shape (D,).
        running_mean: What stands for the mean in test mode, shape (D,).
        running_var: What stands for the variance in test mode, shape (D,).
        eps: Added to the variance before the square root. Must be positive.
        momentum: Weight of one side of $r \leftarrow m r + (1 - m) s$, r a running statistic and s that of the batch.
        training: Whether the statistics are those of the batch; the running ones follow then, and otherwise stay.
        momentum_of: What the momentum weighs: "running" as in CS231n and the paper's successors, "batch" as in torch.
        unbiased: Whether the running variance divides by N - 1, as in torch. The output never does.
        own_eps: Where it is not 0, it replaces eps.

    Returns:
        outputs: The output, shape (N, D); running mean and running variance, shape (D,).
        cache: What `backward` needs.

    Raises:
        ShapeError: The sizes do not agree.

    Source: Ioffe and Szegedy (2015), algorithms 1 and 2. Same as torch.nn.functional.batch_norm.
    """
    if x.ndim != 2 or any(a.shape != x.shape[1:] for a in (gamma, beta, running_mean, running_var)):
        shapes = f"x {x.shape}, gamma {gamma.shape}, beta {beta.shape}, running {running_mean.shape} and {running_var.shape}"
        raise ShapeError(f"batch_norm: {shapes} must be (N, D) and (D,).")
    eps = own_eps or eps
    if not training:
        inverse = 1 / np.sqrt(running_var + x.dtype.type(eps))
        tested = Normalised((x - running_mean) * inverse, inverse)
        return (gamma * tested.h + beta, running_mean.copy(), running_var.copy()), Cache(tested, gamma, training)
    normalised = normalise(x, 0, eps)
    old, new = weights(momentum, momentum_of)
    correction = len(x) / (len(x) - 1) if unbiased else 1.0
    mean = old * running_mean + new * x.mean(axis=0)
    variance = old * running_var + new * correction * x.var(axis=0)
    statistics = (a.astype(x.dtype) for a in (mean, variance))
    return (gamma * normalised.h + beta, *statistics), Cache(normalised, gamma, training)


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    r"""Return (dx, dgamma, dbeta) for dout of shape (N, D), with means over the batch.

    $$dx = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} (dy - \overline{dy} - \hat x\,\overline{dy\,\hat x}),
    \quad d\gamma = \sum_n dy_n \hat x_n, \quad d\beta = \sum_n dy_n$$

    In test mode the statistics are constants, and the two means fall away.
    """
    normalised, gamma, training = cache
    dh = dout * gamma
    dx = back(dh, normalised, 0) if training else dh * normalised.inverse
    return dx, (dout * normalised.h).sum(axis=0), dout.sum(axis=0)


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """Return the sizes of `normalising`; the running variance has the conditioning of the batch's, twice its deviation's."""
    x, gamma, beta = (np.abs(arrays[name]) for name in ("x", "gamma", "beta"))
    running = np.abs(arrays["running_mean"]), arrays["running_var"]
    given = (arrays[argument.name] for argument in SPEC.arguments)
    _, (normalised, _gamma, _training) = forward(*given, **options)
    d = None if dout is None else np.abs(dout)
    if not options.get("training", True):
        size = (x + running[0]) * normalised.inverse
        found = () if d is None else (d * gamma * normalised.inverse, (d * size).sum(axis=0), d.sum(axis=0))
        return Magnitude(gamma * size + beta, found, beside=running)
    own = sizes(arrays["x"], normalised, 0)
    old, new = weights(options.get("momentum", 0.9), options.get("momentum_of", "running"))
    correction = len(x) / (len(x) - 1) if options.get("unbiased") else 1.0
    centred = np.abs(arrays["x"] - arrays["x"].mean(axis=0))
    variance = (centred * (centred + 2 * (x + x.mean(axis=0)))).mean(axis=0) * correction
    beside = (old * running[0] + new * x.mean(axis=0), old * running[1] + new * variance)
    out = gamma * own.size + beta
    if d is None:
        return Magnitude(out, (), beside=beside)
    return Magnitude(out, (back_size(d * gamma, normalised, own, 0), (d * own.size).sum(axis=0), d.sum(axis=0)), beside=beside)


BATCH = Layout(axes=0, rows=True)
MISCONCEPTIONS = (
    *misupdated(0),
    *misused(BATCH),
    *outputs(BATCH),
    Misconception(
        id="over_the_features",
        cause="Mean and variance are taken over the features of each sample, as layer normalisation does.",
        advice="Take both over the samples: axis=0.",
        wrong=over_axes(BATCH, 1),
    ),
    Misconception(
        id="over_everything",
        cause="One mean and one variance are taken of all of x; every feature has its own.",
        advice="Take both over the samples: axis=0.",
        wrong=over_axes(BATCH, (0, 1)),
    ),
    *input_gradient(BATCH),
    *parameter_gradients(BATCH),
    over_features(),
)
SPEC = LayerSpec(
    name="batch_norm",
    formula={
        "forward": (
            "mean, var = x.mean(axis=0), x.var(axis=0)",
            "x_hat = (x - mean) / sqrt(var + eps)",
            "out = gamma * x_hat + beta",
            "running_mean = momentum * running_mean + (1 - momentum) * mean",
            "running_var = momentum * running_var + (1 - momentum) * var, or both with momentum and 1 - momentum exchanged, as torch has it",
            "in test mode, running_mean and running_var take the place of mean and var",
        ),
        "backward": (
            "dx_hat = dout * gamma",
            "dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)) / sqrt(var + eps)",
            "dgamma = (dout * x_hat).sum(axis=0)",
            "dbeta = dout.sum(axis=0)",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    arguments=(
        *arguments("N D", "D"),
        Argument(name="running_mean", axes="D"),
        Argument(name="running_var", axes="D", positive=True),
    ),
    axes={"N": (2, 6), "D": (1, 5)},
    options={"eps": (1e-5, 1e-3), "momentum": (0.9, 0.75), "training": (True,)},
    misconceptions=MISCONCEPTIONS,
    readings=READINGS,
    beside=("running_mean", "running_var"),
    where=lambda sizes: sizes["N"] > 1 or not sizes["training"],  # one sample has no variance
    forward_only=lambda sizes: not sizes["training"],
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
        Scenario(title="test mode", axes={"N": (3, 6), "D": (2, 4)}, options={"training": (False,)}, count=2),
        Scenario(title="test mode, one sample", axes={"N": (1, 1), "D": (2, 4)}, options={"training": (False,)}),
        Scenario(title="float32", axes={"N": (4, 6), "D": (3, 5)}, options={"eps": (1e-3,)}, single=True, count=2),
    ),
)
