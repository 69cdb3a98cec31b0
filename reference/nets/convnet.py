"""Convolution, ReLU, max pooling, affine, and the softmax loss."""

from collections.abc import Mapping
from typing import Any

from reference import convolutional, dense
from reference.convolutional import POOL
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Sizes, Traits, Values


def forward(
    x: Array,
    y: Array,
    W1: Array,
    b1: Array,
    W2: Array,
    b2: Array,
    *,
    stride: int = 1,
    padding: int = 1,
    reg: float = 0.0,
    reg_factor: float = 1.0,
    log_epsilon: float = 0.0,
) -> tuple[Array, convolutional.Cache]:
    r"""Return the loss of conv - relu - 2x2 max pool - affine - softmax.

    Args:
        x: Input, shape (N, C, H, W).
        y: Right classes, shape (N,).
        W1: Filters, shape (F, C, KH, KW).
        b1: Shape (F,).
        W2: Shape (F * pooled height * pooled width, K).
        b2: Shape (K,).
        stride: Step of the convolution.
        padding: Zeros around the input.
        reg: Strength of the regularisation.
        reg_factor: 1 or 0.5; courses differ.
        log_epsilon: See `softmax_loss`.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: A layer does not fit, or y is not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: the layer pattern of LeNet-5, LeCun et al. (1998), with ReLU and max pooling.
    """
    options: dict[str, Any] = {"stride": stride, "padding": padding, "reg": reg, "reg_factor": reg_factor, "log_epsilon": log_epsilon}
    return convolutional.forward(x, y, [[(W1, b1)]], [(W2, b2)], **options)


backward = convolutional.backward


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """See `convolutional.magnitude`."""
    conv, affine = dense.pairs(arrays)
    return convolutional.magnitude(arrays["x"], arrays["y"], [[conv]], [affine], options, dout)


def kinks(x: Array, *, stride: int, padding: int, **given: Any) -> Array:
    """See `convolutional.kinks`."""
    conv, affine = dense.pairs(given)
    return convolutional.kinks(x, [[conv]], [affine], stride=stride, padding=padding)


def fits(sizes: Sizes) -> bool:
    """Whether the convolution and the pooling tile their inputs, and W2 has as many rows as there are pooled entries."""

    def pooled(size: int, kernel: int) -> int:
        span = size + 2 * sizes["padding"] - kernel
        return (
            (span // sizes["stride"] + 1) // POOL
            if span >= 0 and not span % sizes["stride"] and not (span // sizes["stride"] + 1) % POOL
            else 0
        )

    features = sizes["F"] * pooled(sizes["H"], sizes["KH"]) * pooled(sizes["W"], sizes["KW"])
    return bool(features and features == sizes["D"])  # fmt: skip


NET = {"N": (2, 2), "C": (1, 2), "F": (2, 2), "H": (4, 4), "W": (6, 6), "KH": (3, 3), "KW": (3, 3), "D": (12, 12)}
SPEC = LayerSpec(
    name="convnet",
    formula={
        "forward": (
            "pooled = max_pool2d(maximum(conv2d(x, W1, b1, stride, padding), 0), 2, stride=2)",
            "p = softmax(pooled.reshape(N, -1) @ W2 + b2)",
            "out = -log(p[arange(N), y]).mean() + reg * ((W1**2).sum() + (W2**2).sum()), or reg / 2 in place of reg, in the gradients as well",
        ),
        "backward": (
            "dscores = (p - one_hot(y)) / N",
            "dpooled = (dscores @ W2.T).reshape(pooled.shape), back through max_pool2d, ReLU and conv2d to dW1, db1",
            "dW2, db2 = pooled.reshape(N, -1).T @ dscores + 2 * reg * W2, dscores.sum(axis=0)",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    shown_by="b2",
    arguments=(
        Argument(name="x", axes="N C H W"),
        Argument(name="y", axes="N", labels=True),
        Argument(name="W1", axes="F C KH KW", gradient="W1"),
        Argument(name="b1", axes="F", gradient="b1"),
        Argument(name="W2", axes="D K", gradient="W2"),
        Argument(name="b2", axes="K", gradient="b2"),
    ),
    axes={**NET, "N": (1, 3), "K": (2, 3)},
    options={"stride": (1,), "padding": (1,), "reg": (0.0,)},
    readings={"reg_factor": (1.0, 0.5), "log_epsilon": LOG_EPSILONS},
    where=fits,
    traits=Traits(out="", coupled=True, permutable=("C",)),
    scenarios=(
        Scenario(title="any sizes", values=Values.FRACTIONS, count=3),
        Scenario(title="one sample, one channel", axes={"N": (1, 1), "C": (1, 1)}, values=Values.FRACTIONS),
        Scenario(title="no padding", axes={"H": (4, 4), "W": (8, 8), "F": (2, 2), "D": (6, 6)}, options={"padding": (0,)}, values=Values.FRACTIONS),
        Scenario(title="regularised", options={"reg": (0.1, 0.5)}, values=Values.FRACTIONS),
        Scenario(title="float32", values=Values.FRACTIONS, single=True),
    ),
)  # fmt: skip
