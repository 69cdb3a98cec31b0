"""Two affine layers with an activation between them, and the softmax loss."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from reference import dense
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.misconception import Misconception
from reference.net_mistakes import activated, nets, relu_slopes, sigmoid_slopes, sloped, slopes
from reference.spec import Array, LayerSpec, Magnitude, Traits


def forward(
    x: Array,
    y: Array,
    W1: Array,
    b1: Array,
    W2: Array,
    b2: Array,
    *,
    activation: str = "sigmoid",
    **loss: float,
) -> tuple[Array, dense.Cache]:
    r"""Return the loss of the net.

    $$L = \mathrm{CE}(f(x W_1 + b_1)\,W_2 + b_2,\; y) + c\,\lambda\,(\|W_1\|^2 + \|W_2\|^2)$$

    Args:
        x: Input, shape (N, D).
        y: Right classes, shape (N,).
        W1: Shape (D, H1).
        b1: Shape (H1,).
        W2: Shape (H1, K).
        b2: Shape (K,).
        activation: "sigmoid" or "relu", f.
        loss: `reg`, lambda, `reg_factor`, c, and `log_epsilon`; see `dense.forward`.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: A layer does not fit, or y is not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.
    """
    return dense.forward(x, y, [(W1, b1), (W2, b2)], (activation,), **loss)


backward = dense.backward


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """See `dense.magnitude`."""
    return dense.magnitude(arrays, options, (options.get("activation", "sigmoid"),), dout)


def kinks(x: Array, **given: Any) -> Array:
    """See `dense.kinks`; judged as a ReLU whatever the activation, so that a case serves both."""
    return dense.kinks(x, dense.pairs(given), ("relu",))


MISCONCEPTIONS = (
    *slopes(("W1", "b1")),
    *(replace(known, wrong=sloped(lambda kind, dh, a, h: dh * (dh > 0))) for known in relu_slopes(("W1", "b1"))),  # with either activation
    *sigmoid_slopes(("W1", "b1")),
    *nets(("W1", "b1", "W2", "b2"), ("W2",)),
    Misconception(
        id="activation_forgotten",
        cause="There is no activation between the two affine layers.",
        advice="Put what comes out of the first affine layer through the activation.",
        wrong=activated(np.asarray, np.asarray),
    ),
)

SPEC = LayerSpec(
    name="two_layer_net",
    formula={
        "forward": (
            "h = sigmoid(x @ W1 + b1), or maximum(x @ W1 + b1, 0) with ReLU",
            "p = softmax(h @ W2 + b2)",
            "out = -log(p[arange(N), y]).mean() + reg * ((W1**2).sum() + (W2**2).sum()), or reg / 2 in place of reg, in the gradients as well",
        ),
        "backward": (
            "dscores = (p - one_hot(y)) / N",
            "dz = dscores @ W2.T * h * (1 - h), or dscores @ W2.T * (h > 0) with ReLU",
            "dW1, db1 = x.T @ dz + 2 * reg * W1, dz.sum(axis=0)",
            "dW2, db2 = h.T @ dscores + 2 * reg * W2, dscores.sum(axis=0)",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    shown_by="b2",
    arguments=dense.arguments(2),
    axes={"N": (1, 4), "D": (1, 5), "H1": (2, 5), "K": (2, 4)},
    options={"reg": (0.0,)},
    readings={
        "activation": ("sigmoid", "relu"),
        "reg_factor": (1.0, 0.5),
        "log_epsilon": LOG_EPSILONS,
    },
    traits=Traits(out="", coupled=True, permutable=("D", "H1")),
    misconceptions=MISCONCEPTIONS,
    scenarios=dense.SCENARIOS,
)
