"""Convolution, ReLU, max pooling, a hidden affine layer with ReLU, an affine layer and the softmax loss."""

from collections.abc import Mapping
from typing import Any

from reference import convolutional, dense
from reference.conv_net_mistakes import convolved
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.net_mistakes import nets, sigmoid_on_scores
from reference.spec import Array, LayerSpec, Magnitude, Scenario, Sizes, Traits, Values


def forward(
    x: Array,
    y: Array,
    W1: Array,
    b1: Array,
    W2: Array,
    b2: Array,
    W3: Array,
    b3: Array,
    *,
    reg: float = 0.0,
    reg_factor: float = 1.0,
    log_epsilon: float = 0.0,
) -> tuple[Array, convolutional.Cache]:
    r"""Return the loss of conv - relu - 2x2 max pool - affine - relu - affine - softmax.

    Args:
        x: Input, shape (N, C, H, W), H and W even.
        y: Right classes, shape (N,).
        W1: Filters, shape (F, C, KH, KH), KH odd; padded by (KH - 1) / 2, stride 1.
        b1: Shape (F,).
        W2: Shape (F * H/2 * W/2, H1).
        b2: Shape (H1,).
        W3: Shape (H1, K).
        b3: Shape (K,).
        reg: Strength of the regularisation.
        reg_factor: 1 or 0.5; courses differ.
        log_epsilon: See `softmax_loss`.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: A layer does not fit, or y is not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: CS231n, assignment 2, `ThreeLayerConvNet`; Deep Learning from Scratch, `SimpleConvNet`.
    """
    reading: dict[str, Any] = {"reg": reg, "reg_factor": reg_factor, "log_epsilon": log_epsilon}
    return convolutional.forward(x, y, [[(W1, b1)]], [(W2, b2), (W3, b3)], **reading)


backward = convolutional.backward


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """See `convolutional.magnitude`."""
    first, *rest = dense.pairs(arrays)
    return convolutional.magnitude(arrays["x"], arrays["y"], [[first]], rest, options, dout)


def kinks(x: Array, **given: Any) -> Array:
    """See `convolutional.kinks`."""
    first, *rest = dense.pairs(given)
    return convolutional.kinks(x, [[first]], rest)


def fits(sizes: Sizes) -> bool:
    """Whether pooling tiles the plane, and W2 has as many rows as there are pooled entries."""
    return bool(sizes["KH"] % 2 and not sizes["H"] % 2 and not sizes["W"] % 2 and 4 * sizes["D"] == sizes["F"] * sizes["H"] * sizes["W"])


EVERY = ("W1", "b1", "W2", "b2", "W3", "b3")
MISCONCEPTIONS = (*convolved(EVERY[:-2]), *nets(EVERY, ("W3",)), sigmoid_on_scores(EVERY))

SPEC = LayerSpec(
    name="three_layer_conv_net",
    formula={
        "forward": (
            "pooled = max_pool2d(maximum(conv2d(x, W1, b1, stride=1, padding=KH // 2), 0), 2, stride=2)",
            "h = maximum(pooled.reshape(N, -1) @ W2 + b2, 0)",
            "p = softmax(h @ W3 + b3)",
            "out = -log(p[arange(N), y]).mean() + reg * ((W1**2).sum() + (W2**2).sum() + (W3**2).sum()), or reg / 2 in place of reg, in the gradients as well",
        ),
        "backward": (
            "dscores = (p - one_hot(y)) / N",
            "dz = dscores @ W3.T * (h > 0)",
            "dpooled = (dz @ W2.T).reshape(pooled.shape), back through max_pool2d, ReLU and conv2d to dW1, db1",
            "dW2, db2 = pooled.reshape(N, -1).T @ dz + 2 * reg * W2, dz.sum(axis=0)",
            "dW3, db3 = h.T @ dscores + 2 * reg * W3, dscores.sum(axis=0)",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    shown_by="b3",
    arguments=convolutional.arguments(1, 1),
    axes={"N": (1, 3), "C": (1, 2), "F": (2, 2), "H": (4, 4), "W": (4, 4), "KH": (3, 3), "D": (8, 8), "H1": (3, 5), "K": (2, 3)},
    options={"reg": (0.0,)},
    readings={"reg_factor": (1.0, 0.5), "log_epsilon": LOG_EPSILONS},
    where=fits,
    traits=Traits(out="", coupled=True, permutable=("C",)),
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        Scenario(title="small", axes={"N": (2, 2), "C": (1, 1)}, values=Values.FRACTIONS),
        Scenario(title="any sizes", axes={"N": (2, 3)}, values=Values.FRACTIONS, count=2),
        Scenario(title="one sample, one filter", axes={"N": (1, 1), "F": (1, 1), "D": (4, 4)}, values=Values.FRACTIONS),
        Scenario(title="oblong planes", axes={"N": (2, 2), "H": (2, 2), "W": (6, 6), "D": (6, 6)}, values=Values.FRACTIONS, count=2),
        Scenario(title="1x1 filters", axes={"KH": (1, 1), "C": (2, 2)}, values=Values.FRACTIONS),
        Scenario(title="5x5 filters", axes={"KH": (5, 5), "N": (2, 2)}, values=Values.FRACTIONS),
        Scenario(title="regularised", axes={"N": (2, 2)}, options={"reg": (0.1, 0.5)}, values=Values.FRACTIONS, count=2),
        Scenario(title="float32", axes={"N": (2, 2)}, values=Values.FRACTIONS, single=True),
    ),
)
