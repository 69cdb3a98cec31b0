"""The layer pattern [(conv - relu)*N - pool]*M - (affine - relu)*K - affine - softmax, for several N, M and K.

No course hands out a class for all of them. `ConvNet` in the style of CS231n, with a list of filters for each block, is how it is graded.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from reference import convolutional, dense
from reference.conv_net_mistakes import convolved
from reference.errors import ShapeError
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.net_mistakes import nets, sigmoid_on_scores
from reference.spec import Array, LayerSpec, Magnitude, Scenario, Sizes, Traits, Values


class Net(NamedTuple):
    """The parameters as they go together: convolutions by block, and the affine layers behind them."""

    blocks: list[list[tuple[Array, Array]]]
    affine: list[tuple[Array, Array]]


def parted(params: Mapping[str, Array], convs_per_pool: int) -> Net:
    """Tell convolutions from affine layers by the axes of their weights, and put so many into each block."""
    layers = dense.pairs(params)
    convs = [(w, b) for w, b in layers if w.ndim == 4]
    if len(convs) % convs_per_pool:
        raise ShapeError(f"deep_conv_net: {len(convs)} convolutions do not come out even in blocks of {convs_per_pool}.")
    blocks = [convs[i : i + convs_per_pool] for i in range(0, len(convs), convs_per_pool)]
    return Net(blocks, layers[len(convs) :])


def forward(
    x: Array, y: Array, *, convs_per_pool: int, reg: float = 0.0, reg_factor: float = 1.0, log_epsilon: float = 0.0, **params: Array
) -> tuple[Array, convolutional.Cache]:
    """Return the loss of the net; its weights W1, W2, ... are numbered through.

    Args:
        x: Input, shape (N, C, H, W), H and W multiples of 2**M.
        y: Right classes, shape (N,).
        convs_per_pool: How many convolutions each of the M blocks has, N of the pattern.
        reg: Strength of the regularisation.
        reg_factor: 1 or 0.5; courses differ.
        log_epsilon: See `softmax_loss`.
        params: W1 (F1, C, KH, KH), b1 (F1,), and so on, KH odd; padded by (KH - 1) / 2, stride 1. Then K + 1 affine layers, the first
            of which has as many rows as there are entries behind the last pooling.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: A layer does not fit, the convolutions do not fill the blocks, or y is not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: CS231n, "Convolutional Neural Networks", layer patterns.
    """
    net = parted(params, convs_per_pool)
    return convolutional.forward(x, y, net.blocks, net.affine, reg=reg, reg_factor=reg_factor, log_epsilon=log_epsilon)


backward = convolutional.backward


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], dout: Array | None) -> Magnitude:
    """See `convolutional.magnitude`."""
    net = parted(arrays, options["convs_per_pool"])
    return convolutional.magnitude(arrays["x"], arrays["y"], net.blocks, net.affine, options, dout)


def kinks(x: Array, *, convs_per_pool: int, **given: Any) -> Array:
    """See `convolutional.kinks`."""
    net = parted(given, convs_per_pool)
    return convolutional.kinks(x, net.blocks, net.affine)


def odd(sizes: Sizes) -> bool:
    """Whether the filters have a middle, so that padding can keep the size of a plane."""
    return bool(sizes["KH"] % 2)


def pattern(N: int, M: int, K: int, title: str = "", *, samples: int = 2, single: bool = False, **options: tuple[float, ...]) -> Scenario:
    """Return a kind of case of so many convolutions in each of M blocks, and of hidden affine layers; planes are oblong."""
    F, H, W = 2, 2**M, 2 ** (M + 1)
    return Scenario(
        title=f"N={N}, M={M}, K={K}{title and ', '}{title}",
        arguments=convolutional.arguments(N * M, K),
        axes={"N": (samples, samples), "H": (H, H), "W": (W, W), "D": (2 * F, 2 * F)},
        options={"convs_per_pool": (N,), **options},
        values=Values.FRACTIONS,
        single=single,
    )


FILTERS = {"F1": (2, 3), "F2": (1, 3), "F3": (2, 3), "F": (2, 2), "KH": (1, 3)}
AXES = {"N": (1, 3), "C": (1, 2), "H": (4, 4), "W": (8, 8), **FILTERS, "D": (4, 4), "H1": (3, 5), "H2": (3, 5), "K": (2, 3)}
# Those of later layers are seen in too few cases to tell what they were made by.
EVERY = tuple(a.gradient for a in convolutional.arguments(2, 1) if a.gradient)
# In batches of two, one and the same class leaves nothing to see of what is subtracted in every row.
NETS = (known for known in nets(EVERY, ("W4",)) if known.id != "label_subtracted_in_every_row")
MISCONCEPTIONS = (*convolved(EVERY[:-2]), *NETS, sigmoid_on_scores(EVERY))

SPEC = LayerSpec(
    name="deep_conv_net",
    formula={
        "forward": (
            "h = x, then h = maximum(conv2d(h, W, b, stride=1, padding=KH // 2), 0) for every convolution",
            "h = max_pool2d(h, 2, stride=2) after every convs_per_pool of them",
            "h = maximum(h.reshape(N, -1) @ W + b, 0) for every hidden affine layer",
            "p = softmax(h @ W + b)",
            "out = -log(p[arange(N), y]).mean() + reg * (the sum of (W**2).sum()), or reg / 2 in place of reg, in the gradients as well",
        ),
        "backward": (
            "dscores = (p - one_hot(y)) / N, back through each layer in the reverse order",
            "dW gets 2 * reg * W as well",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=magnitude,
    kinks=kinks,
    scalar=True,
    arguments=convolutional.arguments(4, 1),
    axes=AXES,
    options={"convs_per_pool": (2,), "reg": (0.0,)},
    readings={"reg_factor": (1.0, 0.5), "log_epsilon": LOG_EPSILONS},
    where=odd,
    traits=Traits(out="", coupled=True, permutable=("C", "F1", "F2", "F3")),
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        pattern(1, 1, 2),
        pattern(2, 1, 1),
        pattern(1, 2, 0, "one sample", samples=1),
        pattern(1, 2, 1),
        pattern(2, 2, 1),
        pattern(2, 1, 0, "regularised", reg=(0.1, 0.5)),
        pattern(2, 2, 1, "regularised, one sample", samples=1, reg=(0.1, 0.5)),
        pattern(1, 1, 1, "float32", single=True),
    ),
)
