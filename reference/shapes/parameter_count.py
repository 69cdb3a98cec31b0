"""How many numbers does a convolutional layer learn?"""

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
SPEC = LayerSpec(
    name="parameter_count",
    forward=forward,
    whole=True,
    arguments=(),
    axes={"in_channels": (1, 256), "out_channels": (1, 256), "kernel_size": (1, 11)},
    options={"bias": (True, False)},
    scenarios=(
        Scenario(title="10 filters 5x5 on 3 channels", axes=FIRST, options={"bias": (True,)}),
        Scenario(title="1x1 filters", axes={"kernel_size": (1, 1)}, count=3),
        Scenario(title="one channel", axes={"in_channels": (1, 1)}, count=2),
        Scenario(title="with bias", options={"bias": (True,)}, count=6),
        Scenario(title="without bias", options={"bias": (False,)}, count=6),
    ),
)
