"""How many numbers does a convolutional layer learn?"""

from collections.abc import Callable

from reference.given import Given
from reference.misconception import Misconception
from reference.spec import LayerSpec, Scenario


def forward(*, in_channels: int, out_channels: int, kernel_size: int, bias: bool) -> tuple[int, None]:
    r"""Return $c_{out}\,(k^2 c_{in} + 1)$, without the 1 where there is no bias.

    Args:
        in_channels: Channels of the input.
        out_channels: Number of filters.
        kernel_size: Side of the square filter.
        bias: Whether each filter has a bias.

    Returns:
        The count, and None for a cache.

    Source: the sizes of torch.nn.Conv2d(...).weight and .bias.
    """
    return out_channels * (kernel_size * kernel_size * in_channels + int(bias)), None


FIRST = {"in_channels": (3, 3), "out_channels": (10, 10), "kernel_size": (5, 5)}


def counted(channels: Callable[[Given], int]) -> tuple[Misconception, ...]:
    """Return the misconceptions about a number of parameters, where each filter sees so many channels."""
    return (
        Misconception(
            id="biases_forgotten",
            cause="The biases are not counted.",
            advice="Where there is a bias, each of the out_channels filters has one: add out_channels.",
            wrong=lambda g: g.out_channels * g.kernel_size**2 * channels(g),
        ),
        Misconception(
            id="biases_always",
            cause="Biases are counted where the layer has none.",
            advice="Add out_channels only where bias is true.",
            wrong=lambda g: g.out_channels * (g.kernel_size**2 * channels(g) + 1),
        ),
        Misconception(
            id="one_bias",
            cause="One bias is counted for the whole layer; each filter has its own.",
            advice="The biases are out_channels numbers.",
            wrong=lambda g: g.out_channels * g.kernel_size**2 * channels(g) + g.bias,
        ),
        Misconception(
            id="bias_per_channel",
            cause="Each filter is given a bias for every channel it sees; it has one in all.",
            advice="A filter adds up its channels and then adds one bias, so the biases are out_channels numbers.",
            wrong=lambda g: g.out_channels * channels(g) * (g.kernel_size**2 + g.bias),
        ),
        Misconception(
            id="in_channels_forgotten",
            cause="The filters are counted as if each saw one channel.",
            advice="Multiply kernel_size**2 by the number of channels that a filter sees, because it has weights of its own for each.",
            wrong=lambda g: g.out_channels * (g.kernel_size**2 + g.bias),
        ),
        Misconception(
            id="one_filter",
            cause="The parameters of one filter are counted; there are out_channels of them.",
            advice="Multiply the count of one filter, its bias included, by out_channels.",
            wrong=lambda g: g.kernel_size**2 * channels(g) + g.bias,
        ),
        Misconception(
            id="kernel_not_squared",
            cause="The filter is counted with kernel_size entries a channel; it is a square.",
            advice="A filter has kernel_size * kernel_size entries for each channel that it sees.",
            wrong=lambda g: g.out_channels * (g.kernel_size * channels(g) + g.bias),
        ),
    )


MISCONCEPTIONS = counted(lambda g: g.in_channels)

SPEC = LayerSpec(
    name="parameter_count",
    formula={
        "forward": ("out = out_channels * (kernel_size**2 * in_channels + bias)",),
    },
    forward=forward,
    whole=True,
    arguments=(),
    axes={"in_channels": (1, 256), "out_channels": (1, 256), "kernel_size": (1, 11)},
    options={"bias": (True, False)},
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        Scenario(title="10 filters 5x5 on 3 channels", axes=FIRST, options={"bias": (True,)}),
        Scenario(title="1x1 filters", axes={"kernel_size": (1, 1)}, count=3),
        Scenario(title="one channel", axes={"in_channels": (1, 1)}, count=2),
        Scenario(title="with bias", options={"bias": (True,)}, count=6),
        Scenario(title="without bias", options={"bias": (False,)}, count=6),
    ),
)
