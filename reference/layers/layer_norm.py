"""Layer normalisation: each sample by its own mean and variance."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.misconception import Misconception, of_dx
from reference.normalising import Normalised, arguments, back, back_size, normalise, sizes
from reference.normalising_mistakes import Layout, divided_by, input_gradient, outputs, over_axes, over_features, parameter_gradients
from reference.spec import Array, LayerSpec, Magnitude, Scenario, Traits, Values


class Cache(NamedTuple):
    """What backward needs of forward."""

    normalised: Normalised
    gamma: Array


def forward(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> tuple[Array, Cache]:
    r"""Give every sample mean 0 and variance 1 over its features, then scale and shift each feature.

    $$y = \gamma (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta$$

    Args:
        x: Input, shape (N, D); mean and variance are taken over D.
        gamma: Scale, shape (D,).
        beta: Shift, shape (D,).
        eps: Added to the variance before the square root. Must be positive.

    Returns:
        out: Shape (N, D).
        cache: What `backward` needs.

    Raises:
        ShapeError: The sizes of x, gamma and beta do not agree.

    Source: Ba, Kiros, Hinton (2016), equation 4. Same as torch.nn.functional.layer_norm.
    """
    if x.ndim != 2 or gamma.shape != x.shape[1:] or beta.shape != x.shape[1:]:
        raise ShapeError(f"layer_norm: x {x.shape}, gamma {gamma.shape}, beta {beta.shape} must be (N, D), (D,), (D,).")
    normalised = normalise(x, 1, eps)
    return gamma * normalised.h + beta, Cache(normalised, gamma)


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    r"""Return (dx, dgamma, dbeta) for dout of shape (N, D), with means over the features.

    $$dx = \frac{1}{\sqrt{\sigma^2 + \epsilon}} (\gamma dy - \overline{\gamma dy} - \hat x\,\overline{\gamma dy\,\hat x}),
    \quad d\gamma = \sum_n dy_n \hat x_n, \quad d\beta = \sum_n dy_n$$
    """
    normalised, gamma = cache
    return back(dout * gamma, normalised, 1), (dout * normalised.h).sum(axis=0), dout.sum(axis=0)


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """Return the sizes of `normalising`, scaled and shifted."""
    gamma, beta = np.abs(arrays["gamma"]), np.abs(arrays["beta"])
    normalised = normalise(arrays["x"], 1, options["eps"])
    own = sizes(arrays["x"], normalised, 1)
    out = gamma * own.size + beta
    if dout is None:
        return Magnitude(out, ())
    d = np.abs(dout)
    return Magnitude(out, (back_size(d * gamma, normalised, own, 1), (d * own.size).sum(axis=0), d.sum(axis=0)))


SAMPLE = Layout(axes=1, rows=True)


MISCONCEPTIONS = (
    Misconception(
        id="over_the_batch",
        cause="Mean and variance are taken over the samples, as batch normalisation does.",
        advice="Take both over the features of each sample: axis=1, keepdims=True.",
        wrong=over_axes(SAMPLE, 0),
    ),
    of_dx(
        id="means_over_the_batch",
        cause="In dx the means are taken over the samples, as in batch normalisation.",
        advice="Take them over the features of each sample: axis=1, keepdims=True.",
        wrong=lambda g: back(g.dout * g.gamma, g.cache.normalised, 0),
    ),
    of_dx(
        id="gamma_outside_the_means",
        cause="dx is multiplied by gamma at its end; gamma differs between the features that the means are taken over.",
        advice="Begin with dx_hat = gamma * dout, and take the means of that.",
        wrong=lambda g: g.gamma * back(g.dout, g.cache.normalised, 1),  # the short formula of batch normalisation
    ),
    of_dx(
        id="divided_by_samples",
        cause="In dx the sums over the features are divided by N, the number of samples.",
        advice="Divide them by D, the number of features: x.shape[1].",
        wrong=divided_by(SAMPLE, lambda g: g.N),
    ),
    *outputs(SAMPLE),
    *input_gradient(SAMPLE),
    over_features(),
    *parameter_gradients(SAMPLE),
)
SPEC = LayerSpec(
    name="layer_norm",
    formula={
        "forward": (
            "mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)",
            "x_hat = (x - mean) / sqrt(var + eps)",
            "out = gamma * x_hat + beta",
        ),
        "backward": (
            "dx_hat = dout * gamma",
            "both = dx_hat.mean(axis=1, keepdims=True) + x_hat * (dx_hat * x_hat).mean(axis=1, keepdims=True)",
            "dx = (dx_hat - both) / sqrt(var + eps)",
            "dgamma = (dout * x_hat).sum(axis=0)",
            "dbeta = dout.sum(axis=0)",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    arguments=arguments("N D", "D"),
    axes={"N": (1, 5), "D": (3, 6)},
    options={"eps": (1e-5, 1e-3)},
    misconceptions=MISCONCEPTIONS,
    traits=Traits(out="N D", linear=("gamma", "beta"), permutable=("D",), invariant_along="D"),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (2, 2), "D": (3, 3)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (3, 3), "D": (4, 4)}, count=2),
        Scenario(title="more samples than features", axes={"N": (5, 5), "D": (3, 3)}),
        Scenario(title="square", axes={"N": (4, 4), "D": (4, 4)}, count=2),
        Scenario(title="one sample", axes={"N": (1, 1)}),
        # Of two features each is one deviation from the mean: all but a trace of eps cancels in dx.
        Scenario(title="two features", axes={"N": (3, 5), "D": (2, 2)}),
        Scenario(title="negative inputs", axes={"N": (2, 4)}, values=Values.NEGATIVE),
        Scenario(title="ties", axes={"N": (4, 5), "D": (3, 3)}, values=Values.TIED),
        Scenario(title="eps as large as a variance", axes={"N": (2, 4)}, options={"eps": (0.1,)}, values=Values.FRACTIONS, count=2),
        Scenario(title="any sizes", count=2),
        Scenario(title="float32", axes={"N": (3, 5), "D": (4, 6)}, options={"eps": (1e-3,)}, single=True, count=2),
    ),
)
