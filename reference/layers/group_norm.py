"""Group normalisation: each sample's channels in groups, every group by its own mean and variance."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from reference.errors import ShapeError
from reference.misconception import Misconception, of_both, of_dx
from reference.normalising import Normalised, arguments, back, back_size, normalise, sizes
from reference.normalising_mistakes import AVERAGED_OVER_PLACES, Layout, divided_by, input_gradient, outputs, over_axes, parameter_gradients
from reference.spec import Array, LayerSpec, Magnitude, Scenario, Traits, Values

PLANES = (0, 2, 3)


class Cache(NamedTuple):
    """What backward needs of forward; normalised is (N, groups, entries of a group)."""

    normalised: Normalised
    gamma: Array
    shape: tuple[int, ...]


def _channels(a: Array) -> Array:
    return a.reshape(1, -1, 1, 1)


def forward(x: Array, gamma: Array, beta: Array, *, num_groups: int, eps: float = 1e-5) -> tuple[Array, Cache]:
    r"""Give every group of channels of a sample mean 0 and variance 1, then scale and shift each channel.

    $$y_{nchw} = \gamma_c (x_{nchw} - \mu_{ng}) / \sqrt{\sigma_{ng}^2 + \epsilon} + \beta_c, \quad g = \lfloor c G / C \rfloor$$

    Args:
        x: Input, shape (N, C, H, W); mean and variance are taken over the C / num_groups channels of a group, H and W.
        gamma: Scale, shape (C,).
        beta: Shift, shape (C,).
        num_groups: How many groups the channels are divided into, neighbours together; it must divide C.
        eps: Added to the variance before the square root. Must be positive.

    Returns:
        out: Shape (N, C, H, W).
        cache: What `backward` needs.

    Raises:
        ShapeError: The sizes of x, gamma and beta do not agree, or the channels are not divided by num_groups.

    Source: Wu and He (2018), equations 1 to 7. Same as torch.nn.functional.group_norm.
    """
    if x.ndim != 4 or gamma.shape != x.shape[1:2] or beta.shape != x.shape[1:2]:
        raise ShapeError(f"group_norm: x {x.shape}, gamma {gamma.shape}, beta {beta.shape} must be (N, C, H, W), (C,), (C,).")
    if num_groups < 1 or x.shape[1] % num_groups:
        raise ShapeError(f"group_norm: {x.shape[1]} channels cannot be divided into {num_groups} groups.")
    normalised = normalise(x.reshape(len(x), num_groups, -1), 2, eps)
    return _channels(gamma) * normalised.h.reshape(x.shape) + _channels(beta), Cache(normalised, gamma, x.shape)


def backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    r"""Return (dx, dgamma, dbeta) for dout of shape (N, C, H, W), with means over a group of a sample.

    $$dx = \frac{1}{\sqrt{\sigma^2 + \epsilon}} (\gamma dy - \overline{\gamma dy} - \hat x\,\overline{\gamma dy\,\hat x}),
    \quad d\gamma_c = \sum_{nhw} dy \hat x, \quad d\beta_c = \sum_{nhw} dy$$
    """
    normalised, gamma, shape = cache
    dh = (dout * _channels(gamma)).reshape(normalised.h.shape)
    return back(dh, normalised, 2).reshape(shape), (dout * normalised.h.reshape(shape)).sum(axis=PLANES), dout.sum(axis=PLANES)


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """Return the sizes of `normalising`, scaled and shifted."""
    x, gamma, beta = arrays["x"], _channels(np.abs(arrays["gamma"])), _channels(np.abs(arrays["beta"]))
    groups = x.reshape(len(x), options["num_groups"], -1)
    normalised = normalise(groups, 2, options["eps"])
    own = sizes(groups, normalised, 2)
    size = own.size.reshape(x.shape)
    out = gamma * size + beta
    if dout is None:
        return Magnitude(out, ())
    d = np.abs(dout)
    dx = back_size((d * gamma).reshape(groups.shape), normalised, own, 2).reshape(x.shape)
    return Magnitude(out, (dx, (d * size).sum(axis=PLANES), d.sum(axis=PLANES)))


def divided(sizes: Mapping[str, Any]) -> bool:
    """Whether the groups divide the channels, and a group has entries enough to tell its dx from rounding."""
    C, groups = sizes["C"], sizes["num_groups"]
    return bool(C % groups == 0 and C // groups * sizes["H"] * sizes["W"] > 2)


GROUP = Layout(axes=2, rows=False, laid=lambda g, a: a.reshape(g.N, g.num_groups, -1))


MISCONCEPTIONS = (
    Misconception(
        id="over_the_batch",
        cause="Mean and variance of a group are taken over all samples.",
        advice="Each sample has its own: reshape x to (N, G, C // G, H, W), and take both over the last three axes.",
        wrong=over_axes(GROUP, (0, 2), lambda g: g.x.reshape(g.N, g.num_groups, -1)),
    ),
    Misconception(
        id="groups_of_that_many_channels",
        cause="A group has G channels; there must be G groups of C // G channels.",
        advice="Reshape x to (N, G, C // G, H, W).",
        wrong=over_axes(GROUP, 2, lambda g: g.x.reshape(g.N, g.C // g.num_groups, -1)),
    ),
    Misconception(
        id="groups_interleaved",
        cause="Every G-th channel is of one group; a group must be of neighbours.",
        advice="Reshape x to (N, G, C // G, H, W), and take mean and variance over the last three axes.",
        wrong=over_axes(GROUP, (1, 3, 4), lambda g: g.x.reshape(g.N, -1, g.num_groups, g.H, g.W)),
    ),
    of_both(
        id="one_group",
        cause="{name} is that of a single group of all channels, as in layer normalisation.",
        advice="Reshape to (N, G, C // G, H, W), and take means over the last three axes.",
        wrong=lambda g: g.but(num_groups=1).right,
    ),
    of_both(
        id="every_channel_a_group",
        cause="{name} is that of groups of one channel, as in instance normalisation.",
        advice="Reshape to (N, G, C // G, H, W), and take means over the last three axes, the channels of a group among them.",
        wrong=lambda g: g.but(num_groups=g.C).right,
    ),
    of_dx(
        id="gamma_outside_the_means",
        cause="dx is multiplied by gamma at its end; gamma differs between the channels that the means are taken over.",
        advice="Begin with dx_hat = gamma * dout, and take the means of that.",
        wrong=lambda g: _channels(g.gamma) * g.but(gamma=np.ones_like(g.gamma)).dx,
    ),
    of_dx(
        id="divided_by_all_channels",
        cause="In dx the sums over a group are divided by C * H * W, the number of values of a whole sample.",
        advice="Divide them by the number of values of a group: C // G * H * W.",
        wrong=divided_by(GROUP, lambda g: g.C * g.H * g.W),
    ),
    *outputs(GROUP),
    *input_gradient(GROUP),
    *parameter_gradients(GROUP),
    AVERAGED_OVER_PLACES,
)
SPEC = LayerSpec(
    name="group_norm",
    formula={
        "forward": (
            "g = x.reshape(N, num_groups, -1)",
            "mean, std = g.mean(axis=2, keepdims=True), sqrt(g.var(axis=2, keepdims=True) + eps)",
            "x_hat = ((g - mean) / std).reshape(x.shape)",
            "out = gamma[:, None, None] * x_hat + beta[:, None, None]",
        ),
        "backward": (
            "dg, g_hat = (dout * gamma[:, None, None]).reshape(g.shape), x_hat.reshape(g.shape)",
            "both = dg.mean(axis=2, keepdims=True) + g_hat * (dg * g_hat).mean(axis=2, keepdims=True)",
            "dx = ((dg - both) / std).reshape(x.shape)",
            "dgamma = (dout * x_hat).sum(axis=(0, 2, 3))",
            "dbeta = dout.sum(axis=(0, 2, 3))",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    where=divided,
    arguments=arguments("N C H W", "C"),
    axes={"N": (1, 3), "C": (2, 6), "H": (1, 4), "W": (1, 4)},
    options={"num_groups": (2, 3), "eps": (1e-5, 1e-3)},
    misconceptions=MISCONCEPTIONS,
    traits=Traits(out="N C H W", linear=("gamma", "beta"), permutable=("H", "W")),
    scenarios=(
        Scenario(
            title="small whole numbers",
            axes={"N": (1, 1), "C": (4, 4), "H": (1, 1), "W": (2, 2)},
            options={"num_groups": (2,)},
            values=Values.WHOLE,
        ),
        Scenario(title="all axes differ", axes={"N": (2, 2), "C": (6, 6), "H": (3, 3), "W": (4, 4)}, count=2),
        Scenario(title="three groups of two channels", axes={"C": (6, 6), "H": (2, 3)}, options={"num_groups": (3,)}),
        Scenario(title="one group", axes={"C": (3, 4), "H": (2, 3)}, options={"num_groups": (1,)}),
        Scenario(title="every channel a group", axes={"C": (3, 3), "H": (2, 3), "W": (2, 4)}, options={"num_groups": (3,)}),
        Scenario(title="planes of one entry", axes={"C": (6, 6), "H": (1, 1), "W": (1, 1)}, options={"num_groups": (2,)}),
        Scenario(title="negative inputs", axes={"C": (4, 4), "H": (2, 3)}, values=Values.NEGATIVE),
        Scenario(title="eps as large as a variance", axes={"H": (2, 3)}, options={"eps": (0.1,)}, values=Values.FRACTIONS),
        Scenario(title="any sizes", count=2),
        Scenario(title="float32", axes={"C": (4, 6), "H": (2, 3), "W": (2, 3)}, options={"eps": (1e-3,)}, single=True, count=2),
    ),
)
