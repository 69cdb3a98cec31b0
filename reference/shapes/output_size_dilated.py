"""How large is the output of a dilated convolution along one axis?"""

from reference import windows
from reference.given import Given
from reference.misconception import Misconception
from reference.shapes.output_size import counted, fits, span
from reference.spec import LayerSpec, Scenario


def forward(*, size: int, kernel: int, stride: int, padding: int, dilation: int, inexact_output_size: str = "error") -> tuple[int, None]:
    """Return the number of windows, (size + 2*padding - dilation*(kernel - 1) - 1) / stride + 1; see `windows.output_size`.

    Raises:
        ShapeError: The window is longer than the padded axis, or the division leaves a rest and "error" was asked for.
    """
    return windows.output_size(size, kernel, stride, padding, dilation=dilation, inexact_output_size=inexact_output_size), None


def spread(g: Given) -> int:
    """Return how many entries a window reaches over."""
    return windows.extent(g.kernel, g.dilation)


def reaching(g: Given, reach: int) -> int:
    """Return how many windows there are where each reaches over so many entries."""
    return int((g.size + 2 * g.padding - reach) // g.stride + 1)


MISCONCEPTIONS = (
    Misconception(
        id="dilation_forgotten",
        cause="The answer is the one for dilation 1.",
        advice="A window reaches over dilation*(kernel - 1) + 1 entries, not over kernel.",
        wrong=lambda g: reaching(g, g.kernel),
    ),
    Misconception(
        id="dilation_times_kernel",
        cause="The window is taken to reach over dilation*kernel entries; behind its last entry there is no gap.",
        advice="A window of kernel entries has kernel - 1 steps between them: it reaches over dilation*(kernel - 1) + 1.",
        wrong=lambda g: reaching(g, g.dilation * g.kernel),
    ),
    Misconception(
        id="steps_without_an_entry",
        cause="The window is taken to reach over dilation*(kernel - 1) entries; that counts the steps and leaves out one entry.",
        advice="A window reaches over dilation*(kernel - 1) + 1 entries: for dilation 1 that is kernel.",
        wrong=lambda g: reaching(g, g.dilation * (g.kernel - 1)),
    ),
    Misconception(
        id="dilation_as_a_gap",
        cause="The dilation is taken for the number of entries left out between two; it is the step from one to the next.",
        advice="Dilation 1 leaves nothing out: a window reaches over dilation*(kernel - 1) + 1 entries.",
        wrong=lambda g: reaching(g, g.kernel + (g.kernel - 1) * g.dilation),
    ),
    *counted(spread),
)

SPEC = LayerSpec(
    name="output_size_dilated",
    formula={
        "forward": ("out = (size + 2*padding - dilation*(kernel - 1) - 1) / stride + 1",),
    },
    forward=forward,
    whole=True,
    arguments=(),
    axes={"size": (1, 64), "kernel": (1, 7), "stride": (1, 4), "padding": (0, 4), "dilation": (1, 4)},
    readings={"inexact_output_size": ("error", "floor")},
    where=fits,
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        Scenario(title="7x7, 3x3, dilation 2", axes={"size": (7, 7), "kernel": (3, 3), "stride": (1, 1), "padding": (0, 0), "dilation": (2, 2)}),
        Scenario(title="padding keeps the size", axes={"size": (32, 32), "kernel": (3, 3), "stride": (1, 1), "padding": (2, 2), "dilation": (2, 2)}),
        Scenario(title="dilation 1", axes={"dilation": (1, 1)}, count=3),
        Scenario(title="1x1 filter", axes={"kernel": (1, 1), "dilation": (2, 4)}),
        Scenario(title="dilation above 1", axes={"kernel": (2, 7), "dilation": (2, 4)}, count=5),
        Scenario(title="dilation and stride", axes={"kernel": (2, 7), "dilation": (2, 4), "stride": (2, 4)}, count=4),
        Scenario(title="stride leaves a rest", axes={"stride": (2, 4), "dilation": (2, 4)}, where=lambda s: span(s) >= 0 and span(s) % s["stride"] > 0, count=3),
        Scenario(title="too long by its gaps alone", axes={"size": (3, 8), "kernel": (2, 3), "padding": (0, 1), "dilation": (2, 4)}, where=lambda s: span(s) < 0 <= s["size"] - s["kernel"], count=2),
        Scenario(title="window too long by one", axes={"size": (1, 8), "stride": (1, 1), "padding": (0, 1)}, where=lambda s: span(s) == -1),
    ),
)  # fmt: skip
