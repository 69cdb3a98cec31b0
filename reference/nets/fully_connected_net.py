"""Two to five affine layers with ReLU between them, the hidden ones of any width, and the softmax loss."""

from collections.abc import Mapping, Sequence
from typing import Any

from reference import dense
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.net_mistakes import nets, relu_slopes, sigmoid_on_scores, slopes
from reference.regularising_mistakes import weights
from reference.spec import Array, LayerSpec, Magnitude, Scenario, Traits, Values

DEEPEST = 5


def forward(
    x: Array, y: Array, *, reg: float = 0.0, reg_factor: float = 1.0, log_epsilon: float = 0.0, **params: Array
) -> tuple[Array, dense.Cache]:
    r"""Return the loss of the net.

    $$L = \mathrm{CE}(h_{n-1} W_n + b_n,\; y) + c\,\lambda \sum_i \|W_i\|^2, \quad h_i = \max(0, h_{i-1} W_i + b_i),\; h_0 = x$$

    Args:
        x: Input, shape (N, D).
        y: Right classes, shape (N,).
        reg: Strength of the regularisation, lambda.
        reg_factor: 1 or 0.5, c; courses differ.
        log_epsilon: See `softmax_loss`.
        params: Of n layers, W1 (D, H1), b1 (H1,), W2 (H1, H2), b2 (H2,), and so on to Wn (Hn-1, K), bn (K,).

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: A layer does not fit, or y is not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: CS231n, assignment 2, `FullyConnectedNet`; Deep Learning from Scratch, `MultiLayerNet`.
    """
    layers = dense.pairs(params)
    return dense.forward(x, y, layers, between(layers), reg=reg, reg_factor=reg_factor, log_epsilon=log_epsilon)


def between(layers: Sequence[object]) -> tuple[str, ...]:
    """Return the activations of a net of so many layers."""
    return ("relu",) * (len(layers) - 1)


backward = dense.backward


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """See `dense.magnitude`."""
    return dense.magnitude(arrays, options, between(dense.pairs(arrays)), dout)


def kinks(x: Array, **given: Any) -> Array:
    """See `dense.kinks`."""
    layers = dense.pairs(given)
    return dense.kinks(x, layers, between(layers))


def deep(layers: int, title: str, **more: Any) -> Scenario:
    """Return a kind of case for nets of so many layers."""
    given = {"values": Values.FRACTIONS, "options": dense.PLAIN, **more}
    return Scenario(title=f"{title}, {layers} layers", arguments=dense.arguments(layers), **given)


# Those of a fifth layer are seen in too few cases to tell what they were made by.
EVERY = tuple(a.gradient for a in dense.arguments(4) if a.gradient)
MISCONCEPTIONS = (*slopes(EVERY[:-2]), *relu_slopes(EVERY[:-2]), *nets(EVERY, weights(EVERY[2:])), sigmoid_on_scores(EVERY))

SPEC = LayerSpec(
    name="fully_connected_net",
    formula={
        "forward": (
            "h[0] = x, h[i] = maximum(h[i-1] @ W[i] + b[i], 0) for i = 1, ..., n - 1",
            "p = softmax(h[n-1] @ W[n] + b[n])",
            "out = -log(p[arange(N), y]).mean() + reg * (the sum of (W[i]**2).sum()), or reg / 2 in place of reg, in the gradients as well",
        ),
        "backward": (
            "dz[n] = (p - one_hot(y)) / N, dz[i] = dz[i+1] @ W[i+1].T * (h[i] > 0)",
            "dW[i] = h[i-1].T @ dz[i] + 2 * reg * W[i]",
            "db[i] = dz[i].sum(axis=0)",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    arguments=dense.arguments(DEEPEST),
    axes={"N": (1, 4), "D": (1, 5), "H1": (3, 6), "H2": (3, 6), "H3": (3, 6), "H4": (3, 6), "K": (2, 4)},
    options={"reg": (0.0,)},
    readings={"reg_factor": (1.0, 0.5), "log_epsilon": LOG_EPSILONS},
    traits=Traits(out="", coupled=True, permutable=("D", "H1", "H2", "H3", "H4")),
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        deep(2, "small", axes={"N": (2, 2), "D": (2, 2), "K": (2, 2)}),
        *(deep(layers, "any sizes") for layers in range(2, DEEPEST + 1)),
        deep(3, "all axes differ", axes={"N": (2, 2), "D": (3, 3), "H1": (5, 5), "H2": (6, 6), "K": (4, 4)}),
        deep(4, "one sample", axes={"N": (1, 1)}),
        deep(5, "one sample", axes={"N": (1, 1)}),
        deep(4, "larger inputs", axes={"N": (2, 4)}, values=Values.HUNDREDTHS),
        *(deep(layers, "regularised", options={"reg": (0.05, 0.1, 0.5)}) for layers in (3, DEEPEST)),
        deep(4, "float32", single=True),
    ),
)
