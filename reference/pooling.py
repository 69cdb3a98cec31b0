"""What max and average pooling share: how their cases are drawn, and what students get wrong in both."""

from dataclasses import replace

from reference.errors import ShapeError
from reference.given import Given
from reference.misconception import Misconception
from reference.spec import Argument, Option, Scenario, Sizes, Values
from reference.window_mistakes import OUT_RESHAPED, PADDING_FORGOTTEN, STRIDE_IGNORED, dout_reshaped, optioned
from reference.windows import Grid, fits, leaves_a_rest

ARGUMENTS = (Argument(name="x", axes="N C H W", gradient="dx"),)
AXES = {"N": (1, 3), "C": (1, 3), "H": (3, 7), "W": (3, 7)}
OPTIONS: dict[str, tuple[Option, ...]] = {"kernel_h": (1, 2, 3), "kernel_w": (1, 2, 3), "stride": (1, 2, 3), "padding": (0, 1)}
READINGS: dict[str, tuple[Option, ...]] = {"inexact_output_size": ("floor", "error"), "takes_padding": (True, False)}
BARE: dict[str, tuple[Option, ...]] = {"padding": (0,)}  # not every convention can ask for padding


def check_padding(layer: str, padding: int, *, takes_padding: bool) -> None:
    """Refuse padding where a layer takes none.

    The book's own pooling is one of those: it hands its padding to `im2col` and leaves it out of the size of its output.
    """
    if padding and not takes_padding:
        raise ShapeError(f"{layer}: padding={padding} must be 0.")


def fitting(sizes: Sizes) -> bool:
    """Whether the windows tile the planes, and no window can lie in the padding alone: torch refuses more than half a window."""
    return narrow(sizes) and fits(sizes)


def narrow(sizes: Sizes) -> bool:
    """Whether the padding is at most half a window."""
    return bool(2 * sizes.get("padding", 0) <= min(sizes["kernel_h"], sizes["kernel_w"]))


def rests(sizes: Sizes) -> bool:
    """Whether the stride leaves a rest of windows that can be asked for."""
    return narrow(sizes) and leaves_a_rest(sizes)


def square(sizes: Sizes) -> bool:
    """Square planes and square windows."""
    return bool(sizes["H"] == sizes["W"] and sizes["kernel_h"] == sizes["kernel_w"] and fitting(sizes))


def _window(height: int, width: int, stride: int, padding: int = 0) -> dict[str, tuple[Option, ...]]:
    return {"kernel_h": (height,), "kernel_w": (width,), "stride": (stride,), "padding": (padding,)}


SCENARIOS = (
    Scenario(
        title="small whole numbers",
        axes={"N": (1, 1), "C": (1, 1), "H": (3, 3), "W": (3, 3)},
        options=_window(2, 2, 1),
        values=Values.WHOLE,
    ),
    Scenario(title="2x2, stride 2", axes={"H": (4, 4), "W": (6, 6)}, options=_window(2, 2, 2)),
    Scenario(
        title="all axes differ", axes={"N": (2, 2), "C": (3, 3), "H": (6, 7), "W": (4, 5)}, options={**BARE, "kernel_h": (3,), "kernel_w": (2,)}
    ),
    Scenario(title="square", axes={"H": (4, 5), "W": (4, 5)}, options=BARE, where=square, count=2),
    Scenario(title="one sample, one channel", axes={"N": (1, 1), "C": (1, 1)}, options=BARE),
    Scenario(title="overlapping windows", axes={"H": (5, 5), "W": (7, 7)}, options=_window(3, 3, 2), count=2),
    Scenario(title="windows of unequal sides", axes={"H": (4, 4), "W": (5, 5)}, options=_window(2, 3, 1)),
    Scenario(title="stride above the window", axes={"H": (4, 7), "W": (4, 7)}, options={**_window(1, 1, 3), "kernel_h": (1, 2)}),
    Scenario(title="stride leaves a rest", options={**BARE, "stride": (2, 3), "kernel_h": (2, 3)}, where=rests, count=2),
    Scenario(title="ties", values=Values.TIED, options={**BARE, "kernel_h": (2,), "kernel_w": (2, 3)}),
    Scenario(title="negative inputs", values=Values.NEGATIVE, options={**BARE, "kernel_h": (2, 3)}),
    Scenario(title="padded", axes={"H": (4, 6), "W": (4, 6)}, options=_window(3, 2, 1, 1)),
    Scenario(title="padded, overlapping", axes={"H": (5, 5), "W": (7, 7)}, options=_window(3, 3, 2, 1)),
    Scenario(title="padded, negative inputs", options={"kernel_h": (2, 3), "kernel_w": (2, 3), "padding": (1,)}, values=Values.NEGATIVE),
    Scenario(title="float32", options={**BARE, "kernel_h": (2, 3), "kernel_w": (2, 3)}, single=True),
)  # fmt: skip


def grid(g: Given) -> Grid:
    """Return how the windows lie."""
    return Grid((g.kernel_h, g.kernel_w), (g.stride, g.stride), (g.padding, g.padding))


KERNEL_AS_STRIDE = Misconception(
    id="kernel_as_stride",
    cause="The window moves by the length of its own side, whatever the stride is.",
    advice="Move the window by stride along both axes, and divide by stride in the size of out.",
    wrong=lambda g: optioned(g, stride=g.kernel_h),
)
MISCONCEPTIONS = (
    Misconception(
        id="windows_unstrided",
        cause="out takes the window at (i, j) for out[:, :, i, j]; it must be the one at (i * stride, j * stride).",
        advice="Start the window at row i * stride and column j * stride.",
        wrong=lambda g: optioned(g, stride=1)[:, :, : g.out.shape[2], : g.out.shape[3]],
    ),
    KERNEL_AS_STRIDE,
    replace(KERNEL_AS_STRIDE, id="kernel_width_as_stride", wrong=lambda g: optioned(g, stride=g.kernel_w)),
    STRIDE_IGNORED,
    Misconception(
        id="square_window",
        cause="The window is as wide as it is high, whatever its width is.",
        advice="Use the width of the window along the columns, in the size of out as well.",
        wrong=lambda g: optioned(g, kernel_w=g.kernel_h),
    ),
    PADDING_FORGOTTEN,
    OUT_RESHAPED,
    dout_reshaped("dx"),
)
