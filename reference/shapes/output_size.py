"""How large is the output of a convolution or a pooling along one axis?"""

from collections.abc import Callable

from reference import windows
from reference.given import Given
from reference.misconception import Misconception
from reference.spec import LayerSpec, Scenario, Sizes


def forward(*, size: int, kernel: int, stride: int, padding: int, inexact_output_size: str = "error") -> tuple[int, None]:
    """Return the number of windows, (size + 2*padding - kernel) / stride + 1; see `windows.output_size`.

    Raises:
        ShapeError: The window is longer than the padded axis, or the division leaves a rest and "error" was asked for.
    """
    return windows.output_size(size, kernel, stride, padding, inexact_output_size=inexact_output_size), None


def span(sizes: Sizes) -> int:
    """Return over how many entries the window can move; negative where it does not fit."""
    return int(sizes["size"] + 2 * sizes["padding"] - windows.extent(sizes["kernel"], sizes.get("dilation", 1)))


def fits(sizes: Sizes) -> bool:
    """Whether the windows tile the axis."""
    return span(sizes) >= 0 and span(sizes) % sizes["stride"] == 0


def counted(reach: Callable[[Given], int]) -> tuple[Misconception, ...]:
    """Return the misconceptions about a number of windows, each of which reaches over so many entries."""
    return (
        Misconception(
            id="plus_one_forgotten",
            cause="The + 1 for the first window is missing: the quotient alone says how often the window moves.",
            advice="Add 1 after the division: (size + 2*padding - window) // stride + 1.",
            wrong=lambda g: g.right - 1,
        ),
        Misconception(
            id="padding_at_one_end",
            cause="The padding is counted once; it lies at both ends of the axis.",
            advice="The padded axis has size + 2*padding entries.",
            wrong=lambda g: (g.size + g.padding - reach(g)) // g.stride + 1,
        ),
        Misconception(
            id="padding_forgotten",
            cause="The padding is not counted.",
            advice="The padded axis has size + 2*padding entries.",
            wrong=lambda g: (g.size - reach(g)) // g.stride + 1,
        ),
        Misconception(
            id="stride_forgotten",
            cause="The answer is the one for stride 1.",
            advice="The window moves by stride entries at a time: divide by stride before the + 1.",
            wrong=lambda g: g.size + 2 * g.padding - reach(g) + 1,
        ),
        Misconception(
            id="plus_one_divided",
            cause="The + 1 is divided by the stride, too; it belongs behind the division.",
            advice="Mind the parentheses: (size + 2*padding - window) // stride + 1.",
            wrong=lambda g: (g.size + 2 * g.padding - reach(g) + 1) // g.stride,
        ),
    )


MISCONCEPTIONS = counted(lambda g: g.kernel)

SPEC = LayerSpec(
    name="output_size",
    formula={
        "forward": ("out = (size + 2*padding - kernel) / stride + 1",),
    },
    forward=forward,
    whole=True,
    arguments=(),
    axes={"size": (1, 64), "kernel": (1, 11), "stride": (1, 4), "padding": (0, 3)},
    readings={"inexact_output_size": ("error", "floor")},
    where=fits,
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        Scenario(title="7x7, 3x3, stride 1", axes={"size": (7, 7), "kernel": (3, 3), "stride": (1, 1), "padding": (0, 0)}),
        Scenario(title="7x7, 3x3, stride 2", axes={"size": (7, 7), "kernel": (3, 3), "stride": (2, 2), "padding": (0, 0)}),
        Scenario(title="padding keeps the size", axes={"size": (32, 32), "kernel": (5, 5), "stride": (1, 1), "padding": (2, 2)}),
        Scenario(title="stride 1", axes={"stride": (1, 1)}, count=4),
        Scenario(title="stride above 1", axes={"stride": (2, 4)}, count=6),
        Scenario(title="kernel as long as the input", axes={"size": (3, 3), "kernel": (3, 3), "padding": (0, 0)}),
        Scenario(title="padded", axes={"padding": (1, 3)}, count=4),
        Scenario(
            title="stride leaves a rest",
            axes={"stride": (2, 4)},
            where=lambda s: span(s) >= 0 and span(s) % s["stride"] > 0,
            count=5,
        ),
        Scenario(title="window too long", axes={"size": (1, 8), "padding": (0, 1)}, where=lambda s: span(s) < 0, count=3),
        Scenario(title="window of one entry", axes={"kernel": (1, 1)}),
        Scenario(title="window too long by one", axes={"size": (1, 8), "stride": (1, 1), "padding": (0, 1)}, where=lambda s: span(s) == -1),
    ),
)  # fmt: skip
