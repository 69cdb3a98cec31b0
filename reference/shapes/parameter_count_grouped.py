"""How many numbers does a convolutional layer in groups of channels learn?"""

from reference.errors import ShapeError
from reference.misconception import Misconception
from reference.shapes.parameter_count import counted
from reference.spec import LayerSpec, Scenario, Sizes


def forward(*, in_channels: int, out_channels: int, kernel_size: int, groups: int, bias: bool) -> tuple[int, None]:
    r"""Return $c_{out}\,(k^2 c_{in} / G + 1)$, without the 1 where there is no bias.

    Args:
        in_channels: Channels of the input.
        out_channels: Number of filters.
        kernel_size: Side of the square filter.
        groups: Number of groups, G; it divides both. As many as channels: depthwise.
        bias: Whether each filter has a bias.

    Returns:
        The count, and None for a cache.

    Raises:
        ShapeError: The groups do not come out even.

    Source: the sizes of torch.nn.Conv2d(..., groups=groups).weight and .bias.
    """
    if in_channels % groups or out_channels % groups:
        raise ShapeError(f"in_channels={in_channels} and out_channels={out_channels} must be multiples of groups={groups}.")
    return out_channels * (kernel_size * kernel_size * (in_channels // groups) + int(bias)), None


def _even(sizes: Sizes) -> bool:
    return not sizes["in_channels"] % sizes["groups"] and not sizes["out_channels"] % sizes["groups"]


MISCONCEPTIONS = (
    Misconception(
        id="groups_forgotten",
        cause="The filters are counted as if each saw all input channels; each sees those of its group.",
        advice="A filter sees in_channels // groups channels.",
        wrong=lambda g: g.but(groups=1).out,
    ),
    Misconception(
        id="one_group",
        cause="The parameters of one group are counted.",
        advice="Multiply the count of one group by groups: all out_channels filters are learnt.",
        wrong=lambda g: g.right // g.groups,
    ),
    Misconception(
        id="biases_divided",
        cause="The biases are divided by the groups, as the weights are; each of the out_channels filters still has a whole one.",
        advice="Only in_channels is divided by groups: out_channels * (kernel_size**2 * in_channels // groups + 1) with a bias.",
        wrong=lambda g: g.but(groups=1).out // g.groups,
    ),
    *counted(lambda g: g.in_channels // g.groups),
)

SPEC = LayerSpec(
    name="parameter_count_grouped",
    formula={
        "forward": ("out = out_channels * (kernel_size**2 * in_channels // groups + bias)",),
    },
    forward=forward,
    whole=True,
    arguments=(),
    axes={"in_channels": (1, 64), "out_channels": (1, 64), "kernel_size": (1, 7), "groups": (1, 8)},
    options={"bias": (True, False)},
    where=_even,
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        Scenario(title="AlexNet's second layer", axes={"in_channels": (96, 96), "out_channels": (256, 256), "kernel_size": (5, 5), "groups": (2, 2)}, options={"bias": (True,)}),
        Scenario(title="one group", axes={"groups": (1, 1)}, count=2),
        Scenario(title="several groups", axes={"groups": (2, 8)}, count=4),
        Scenario(title="depthwise", axes={"in_channels": (2, 8), "out_channels": (2, 8), "groups": (2, 8)}, where=lambda s: s["in_channels"] == s["out_channels"] == s["groups"], count=2),
        Scenario(title="without bias", axes={"groups": (2, 8)}, options={"bias": (False,)}, count=2),
    ),
)  # fmt: skip
