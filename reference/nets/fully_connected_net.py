"""Four affine layers with ReLU between them, the hidden ones of any width, and the softmax loss."""

from collections.abc import Mapping
from typing import Any

from reference import dense
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.spec import Array, LayerSpec, Magnitude, Traits

LAYERS = 4
ACTIVATIONS = ("relu",) * (LAYERS - 1)


def forward(
    x: Array, y: Array, *, reg: float = 0.0, reg_factor: float = 1.0, log_epsilon: float = 0.0, **params: Array
) -> tuple[Array, dense.Cache]:
    r"""Return the loss of the net.

    $$L = \mathrm{CE}(h_3 W_4 + b_4,\; y) + c\,\lambda \sum_i \|W_i\|^2, \quad h_i = \max(0, h_{i-1} W_i + b_i),\; h_0 = x$$

    Args:
        x: Input, shape (N, D).
        y: Right classes, shape (N,).
        reg: Strength of the regularisation, lambda.
        reg_factor: 1 or 0.5, c; courses differ.
        log_epsilon: See `softmax_loss`.
        params: W1 (D, H1), b1 (H1,), W2 (H1, H2), b2 (H2,), W3 (H2, H3), b3 (H3,), W4 (H3, K), b4 (K,).

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: A layer does not fit, or y is not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: CS231n, assignment 2, `FullyConnectedNet`; Deep Learning from Scratch, `MultiLayerNet`.
    """
    return dense.forward(x, y, dense.pairs(params), ACTIVATIONS, reg=reg, reg_factor=reg_factor, log_epsilon=log_epsilon)


backward = dense.backward


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """See `dense.magnitude`."""
    return dense.magnitude(arrays, options, ACTIVATIONS, dout)


def kinks(x: Array, y: Array, *, reg: float = 0.0, **params: Array) -> Array:
    """See `dense.kinks`; y and reg have none."""
    del y, reg
    return dense.kinks(x, dense.pairs({name: a for name, a in params.items() if name[0] in "Wb"}), ACTIVATIONS)


SPEC = LayerSpec(
    name="fully_connected_net",
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    shown_by="b4",
    arguments=dense.arguments(LAYERS),
    axes={"N": (1, 4), "D": (1, 5), "H1": (3, 6), "H2": (3, 6), "H3": (3, 6), "K": (2, 4)},
    options={"reg": (0.0,)},
    readings={"reg_factor": (1.0, 0.5), "log_epsilon": LOG_EPSILONS},
    traits=Traits(out="", coupled=True, permutable=("D", "H1", "H2", "H3")),
    scenarios=dense.SCENARIOS,
)
