"""Three affine layers, a sigmoid after the first and a ReLU after the second, and the softmax loss."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference import dense
from reference.layers import relu, sigmoid
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.misconception import Misconception
from reference.net_mistakes import activated, nets, relu_slopes, right_slope, sigmoid_on_scores, sigmoid_slopes, sloped, sloped_at, slopes
from reference.spec import Array, LayerSpec, Magnitude, Traits

ACTIVATIONS = ("sigmoid", "relu")


def forward(
    x: Array,
    y: Array,
    W1: Array,
    b1: Array,
    W2: Array,
    b2: Array,
    W3: Array,
    b3: Array,
    **loss: float,
) -> tuple[Array, dense.Cache]:
    r"""Return the loss of the net.

    $$L = \mathrm{CE}(\max(0, \sigma(x W_1 + b_1)\,W_2 + b_2)\,W_3 + b_3,\; y) + c\,\lambda \sum_i \|W_i\|^2$$

    Args:
        x: Input, shape (N, D).
        y: Right classes, shape (N,).
        W1: Shape (D, H1).
        b1: Shape (H1,).
        W2: Shape (H1, H2).
        b2: Shape (H2,).
        W3: Shape (H2, K).
        b3: Shape (K,).
        loss: `reg`, lambda, `reg_factor`, c, and `log_epsilon`; see `dense.forward`.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: A layer does not fit, or y is not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.
    """
    return dense.forward(x, y, [(W1, b1), (W2, b2), (W3, b3)], ACTIVATIONS, **loss)


backward = dense.backward


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """See `dense.magnitude`."""
    return dense.magnitude(arrays, options, ACTIVATIONS, dout)


def kinks(x: Array, **given: Any) -> Array:
    """See `dense.kinks`."""
    return dense.kinks(x, dense.pairs(given), ACTIVATIONS)


def sigmoid_of(x: Array) -> Array:
    """Return the sigmoid of every entry."""
    return sigmoid.forward(x)[0]


def relu_of(x: Array) -> Array:
    """Return the ReLU of every entry."""
    return relu.forward(x)[0]


def exchanged(kind: str, dh: Array, a: Array, _: Array) -> Array:
    """Carry a gradient back through the other activation, of the same input."""
    other = "sigmoid" if kind == "relu" else "relu"
    return right_slope(other, dh, a, dense.ACTIVATIONS[other].forward(a)[1])


MISCONCEPTIONS = (
    *slopes(("W1", "b1", "W2", "b2")),
    *relu_slopes(("W1", "b1", "W2", "b2")),
    *sigmoid_slopes(("W1", "b1")),
    Misconception(
        id="sigmoid_slope_forgotten",
        of=("W1", "b1"),
        cause="{name} lacks the derivative of the sigmoid.",
        advice="On its way back through the sigmoid the gradient is multiplied by h * (1 - h), h what came out of it.",
        wrong=sloped_at("sigmoid", lambda dh, a, h: dh),
    ),
    Misconception(
        id="relu_slope_forgotten",
        of=("W1", "b1"),
        cause="{name} lacks the derivative of the ReLU.",
        advice="On its way back through the ReLU the gradient is multiplied by a > 0, a what went into it.",
        wrong=sloped_at("relu", lambda dh, a, h: dh),
    ),
    Misconception(
        id="slopes_exchanged",
        of=("W1", "b1", "W2", "b2"),
        cause="The derivatives of sigmoid and ReLU in {name} stand in each other's place.",
        advice="On the way back the ReLU comes first, behind W2, and the sigmoid behind W1 next.",
        wrong=sloped(exchanged),
    ),
    *nets(("W1", "b1", "W2", "b2", "W3", "b3"), ("W2", "W3")),
    sigmoid_on_scores(("W1", "b1", "W2", "b2", "W3", "b3")),
    *(
        Misconception(
            id=name,
            cause=f"The activations are {said}.",
            advice="There is a sigmoid behind the first affine layer and a ReLU behind the second.",
            wrong=activated(*used, np.asarray),
        )
        for name, said, used in (
            ("two_sigmoids", "two sigmoids", (sigmoid_of, sigmoid_of)),
            ("two_relus", "two ReLUs", (relu_of, relu_of)),
            ("activations_exchanged", "a ReLU and then a sigmoid", (relu_of, sigmoid_of)),
        )
    ),
)

SPEC = LayerSpec(
    name="three_layer_net",
    formula={
        "forward": (
            "h1 = sigmoid(x @ W1 + b1)",
            "h2 = maximum(h1 @ W2 + b2, 0)",
            "p = softmax(h2 @ W3 + b3)",
            "out = -log(p[arange(N), y]).mean() + reg * ((W1**2).sum() + (W2**2).sum() + (W3**2).sum()), or reg / 2 in place of reg, in the gradients as well",
        ),
        "backward": (
            "dscores = (p - one_hot(y)) / N",
            "dz2 = dscores @ W3.T * (h2 > 0)",
            "dz1 = dz2 @ W2.T * h1 * (1 - h1)",
            "dW1, db1 = x.T @ dz1 + 2 * reg * W1, dz1.sum(axis=0)",
            "dW2, db2 = h1.T @ dz2 + 2 * reg * W2, dz2.sum(axis=0)",
            "dW3, db3 = h2.T @ dscores + 2 * reg * W3, dscores.sum(axis=0)",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    shown_by="b3",
    arguments=dense.arguments(3),
    axes={"N": (1, 4), "D": (1, 5), "H1": (2, 5), "H2": (2, 5), "K": (2, 4)},
    options={"reg": (0.0,)},
    readings={"reg_factor": (1.0, 0.5), "log_epsilon": LOG_EPSILONS},
    traits=Traits(out="", coupled=True, permutable=("D", "H1", "H2")),
    misconceptions=MISCONCEPTIONS,
    scenarios=dense.SCENARIOS,
)
