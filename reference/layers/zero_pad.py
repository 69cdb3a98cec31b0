"""Zeros around every plane."""

from reference.errors import ShapeError
from reference.padding import pad, unpad
from reference.spec import Argument, Array, LayerSpec, Scenario, Traits, Values, multilinear


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


SPEC = LayerSpec(
    name="zero_pad",
    forward=forward,
    backward=backward,
    magnitude=multilinear(forward, backward),
    arguments=(Argument(name="x", axes="N C H W", gradient="dx"),),
    axes={"N": (1, 3), "C": (1, 3), "H": (1, 4), "W": (1, 4)},
    options={"padding": (0, 1, 2, 3)},
    # Without pads_with_zeros: the law of padding sends planes that are padded already, and here those are the answer.
    traits=Traits(out="N C PH PW", linear=("x",), homogeneous="x", permutable=("C",), copies=True),
    scenarios=(
        Scenario(title="small whole numbers", axes={"N": (1, 1), "C": (1, 1), "H": (2, 2), "W": (2, 2)}, options={"padding": (1,)}, values=Values.WHOLE),
        Scenario(title="all axes differ", axes={"N": (2, 2), "C": (3, 3), "H": (1, 1), "W": (4, 4)}, options={"padding": (1, 2)}),
        Scenario(title="as many samples, channels, rows and columns", axes={"N": (2, 2), "C": (2, 2), "H": (2, 2), "W": (2, 2)}, options={"padding": (1,)}),
        Scenario(title="no padding", options={"padding": (0,)}),
        Scenario(title="padding 2", options={"padding": (2,)}),
        Scenario(title="padding 3", options={"padding": (3,)}),
        Scenario(title="one sample, one channel", axes={"N": (1, 1), "C": (1, 1)}),
        Scenario(title="float32", options={"padding": (1, 2)}, single=True),
    ),
)  # fmt: skip
