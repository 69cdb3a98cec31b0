"""Zeros around every plane."""

import numpy as np

from reference.errors import ShapeError
from reference.misconception import Misconception
from reference.padding import pad, unpad
from reference.spec import Argument, Array, LayerSpec, Scenario, Traits, Values, multilinear
from reference.window_mistakes import unpadding
from reference.windows import Grid


def forward(x: Array, *, padding: int) -> tuple[Array, int]:
    """Lay `padding` zeros around every plane.

    Args:
        x: Input, shape (N, C, H, W).
        padding: Rows above and below, and columns on either side, at least 0.

    Returns:
        out: Shape (N, C, H + 2 * padding, W + 2 * padding).
        cache: What `backward` needs.

    Raises:
        ShapeError: x has not four axes.

    Source: same as torch.nn.functional.pad.
    """
    if x.ndim != 4:
        raise ShapeError(f"x {x.shape} must be (N, C, H, W).")
    return pad(x, (padding, padding)).copy(), padding


def backward(dout: Array, padding: int) -> tuple[Array]:
    """Return (dx,): dout, of the shape of the output, without its border."""
    return (unpad(dout, (padding, padding)).copy(),)


MISCONCEPTIONS = (
    Misconception(
        id="all_axes_padded",
        cause="out has zeros around the samples and the channels, too.",
        advice="Pad height and width only: np.pad(x, ((0, 0), (0, 0), (p, p), (p, p))).",
        wrong=lambda g: np.pad(g.x, g.padding),
    ),
    Misconception(
        id="padded_as_channels_last",
        cause="out is padded along the channels and the height.",
        advice="x is (N, C, H, W): the axes to pad are the last two.",
        wrong=lambda g: np.pad(g.x, ((0, 0), (g.padding, g.padding), (g.padding, g.padding), (0, 0))),
    ),
    Misconception(
        id="padding_fixed",
        cause="out has one row of zeros on each side, whatever padding is.",
        advice="Use the argument padding.",
        wrong=lambda g: g.but(padding=1).right,
    ),
    Misconception(
        id="one_side_only",
        cause="out has zeros above and to the left only.",
        advice="Zeros belong on both sides: out is 2 * padding higher and wider than x.",
        wrong=lambda g: g.right[:, :, : g.H + g.padding, : g.W + g.padding],
    ),
    *unpadding(lambda g: g.dout[..., None, None], lambda g: Grid((1, 1), padding=(g.padding, g.padding))),  # windows of one entry
)


SPEC = LayerSpec(
    name="zero_pad",
    formula={
        "forward": ("out[n, c, i + padding, j + padding] = x[n, c, i, j], and 0 around it",),
        "backward": ("dx[n, c, i, j] = dout[n, c, i + padding, j + padding]",),
    },
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=(Argument(name="x", axes="N C H W", gradient="dx"),),
    axes={"N": (1, 3), "C": (1, 3), "H": (1, 4), "W": (1, 4)},
    options={"padding": (0, 1, 2, 3)},
    # Without pads_with_zeros: the law of padding sends planes that are padded already, and here those are the answer.
    misconceptions=MISCONCEPTIONS,
    traits=Traits(out="N C PH PW", linear=("x",), homogeneous="x", permutable=("C",), copies=True),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (1, 1), "C": (1, 1), "H": (2, 2), "W": (2, 2)}, options={"padding": (1,)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (2, 2), "C": (3, 3), "H": (1, 1), "W": (4, 4)}, options={"padding": (1, 2)}),
        Scenario(title="as many samples, channels, rows and columns", axes={"N": (2, 2), "C": (2, 2), "H": (2, 2), "W": (2, 2)}, options={"padding": (1,)}),
        Scenario(title="no padding", options={"padding": (0,)}, count=2),
        Scenario(title="padding 2", options={"padding": (2,)}),
        Scenario(title="padding 3", options={"padding": (3,)}),
        Scenario(title="one sample, one channel", axes={"N": (1, 1), "C": (1, 1)}),
        Scenario(title="float32", options={"padding": (1, 2)}, single=True),
    ),
)  # fmt: skip
