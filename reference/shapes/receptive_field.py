"""How much of the input does one entry of the output see, along one axis?"""

from collections.abc import Iterable
from itertools import accumulate, repeat
from math import prod
from operator import mul

from reference.misconception import Misconception
from reference.spec import LayerSpec, Option, Scenario, Sizes

Numbers = tuple[int, ...]


def forward(*, kernels: Numbers, strides: Numbers, dilations: Numbers) -> tuple[int, None]:
    r"""Return the receptive field of a stack of convolutions and poolings.

    $$r = 1 + \sum_i d_i (k_i - 1) \prod_{j<i} s_j$$

    Args:
        kernels: Length of the window of each layer, the first layer first.
        strides: Step of each.
        dilations: Step between the entries of each window.

    Returns:
        The number of entries of the input, and None for a cache.

    Source: Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks (Distill, 2019), equation 2.
    """
    field, step = 1, 1
    for kernel, stride, dilation in zip(kernels, strides, dilations, strict=True):
        field += dilation * (kernel - 1) * step
        step *= stride
    return field, None


def _even(sizes: Sizes) -> bool:
    return len(sizes["kernels"]) == len(sizes["strides"]) == len(sizes["dilations"])


ONES = ((1,), (1, 1), (1, 1, 1), (1, 1, 1, 1), (1, 1, 1, 1, 1))
STRIDES = ((2,), (2, 1), (1, 2), (3, 2), (2, 1, 1), (1, 2, 3), (2, 2, 1, 1), (1, 3, 1, 2))
DILATIONS = ((2,), (1, 2), (2, 3), (1, 2, 4), (3, 1, 2), (1, 2, 4, 8))


def _stack(
    kernels: tuple[Numbers, ...], strides: tuple[Numbers, ...] = ONES, dilations: tuple[Numbers, ...] = ONES
) -> dict[str, tuple[Option, ...]]:
    return {"kernels": kernels, "strides": strides, "dilations": dilations}


KERNELS = ((3,), (5,), (7,), (3, 3), (5, 3), (1, 3), (7, 2), (3, 3, 3), (11, 2, 5), (1, 3, 1), (3, 3, 2, 3), (7, 2, 3, 3))


def summed(kernels: Numbers, dilations: Numbers, steps: Iterable[int]) -> int:
    """Return 1 and what each layer adds, where its windows are so many entries of the input apart."""
    return 1 + sum(d * (k - 1) * step for k, d, step in zip(kernels, dilations, steps, strict=False))


MISCONCEPTIONS = (
    Misconception(
        id="strides_forgotten",
        cause="The strides are not counted.",
        advice="What a layer adds, dilation*(kernel - 1), counts as often as the product of the strides of all layers before it.",
        wrong=lambda g: summed(g.kernels, g.dilations, repeat(1)),
    ),
    Misconception(
        id="own_stride",
        cause="A layer's own stride is counted in what it adds; it moves the windows of the layers after it alone.",
        advice="Multiply dilation*(kernel - 1) by the strides of the layers before: update the product after the sum.",
        wrong=lambda g: summed(g.kernels, g.dilations, accumulate(g.strides, mul)),
    ),
    Misconception(
        id="last_stride_only",
        cause="Of the strides before a layer, only the last is counted.",
        advice="Multiply up the strides of all layers before it.",
        wrong=lambda g: summed(g.kernels, g.dilations, (1, *g.strides)),
    ),
    Misconception(
        id="strides_of_the_layers_behind",
        cause="What a layer adds is multiplied by the strides of the layers behind it, not of those before.",
        advice="The first layer moves over the input itself: go from the first layer to the last.",
        wrong=lambda g: summed(g.kernels[::-1], g.dilations[::-1], accumulate((1, *g.strides[::-1]), mul)),
    ),
    Misconception(
        id="dilations_forgotten",
        cause="The dilations are not counted.",
        advice="A window of a layer reaches over dilation*(kernel - 1) + 1 entries.",
        wrong=lambda g: g.but(dilations=(1,) * len(g.dilations)).out,
    ),
    Misconception(
        id="first_entry_forgotten",
        cause="The answer is one too small: the entry that the sum starts from is missing.",
        advice="Start at 1: with no layer at all, an entry sees itself.",
        wrong=lambda g: g.right - 1,
    ),
    Misconception(
        id="kernels_added",
        cause="The lengths of the windows are added up; neighbouring windows overlap.",
        advice="A layer adds kernel - 1 entries, not kernel: two of 3 see 5.",
        wrong=lambda g: sum(g.kernels),
    ),
    Misconception(
        id="kernels_multiplied",
        cause="The lengths of the windows are multiplied; neighbouring windows overlap.",
        advice="A layer adds kernel - 1 entries: two of 3 see 5, not 9.",
        wrong=lambda g: prod(g.kernels),
    ),
)

SPEC = LayerSpec(
    name="receptive_field",
    formula={
        "forward": ("out = 1 + sum(dilations[i] * (kernels[i] - 1) * prod(strides[:i]) for i in range(len(kernels)))",),
    },
    forward=forward,
    whole=True,
    arguments=(),
    axes={},
    options=_stack(KERNELS, (*ONES, *STRIDES), (*ONES, *DILATIONS)),
    where=_even,
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        Scenario(title="one 5x5", options=_stack(((5,),))),
        Scenario(title="two 3x3 see as much as one 5x5", options=_stack(((3, 3),))),
        Scenario(title="three 3x3 see as much as one 7x7", options=_stack(((3, 3, 3),))),
        Scenario(title="1x1 sees no more", options=_stack(((3, 1), (1, 3, 1)))),
        Scenario(title="one layer, stride 2", options=_stack(((3,), (7,)), ((2,),))),
        Scenario(title="stride 1", options=_stack(KERNELS), count=3),
        Scenario(title="pooling between convolutions", options=_stack(((3, 2, 3, 3), (7, 2, 3, 3)), ((1, 2, 1, 1), (2, 2, 1, 1)))),
        Scenario(title="strides", options=_stack(KERNELS, STRIDES), count=4),
        Scenario(title="dilated", options=_stack(KERNELS, ONES, DILATIONS), count=3),
        Scenario(title="dilated, with strides", options=_stack(KERNELS, STRIDES, DILATIONS), count=2),
    ),
)  # fmt: skip
