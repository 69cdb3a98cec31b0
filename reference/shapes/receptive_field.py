"""How much of the input does one entry of the output see, along one axis?"""

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
SPEC = LayerSpec(
    name="receptive_field",
    forward=forward,
    whole=True,
    arguments=(),
    axes={},
    options=_stack(KERNELS, (*ONES, *STRIDES), (*ONES, *DILATIONS)),
    where=_even,
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
