"""A net of the student's own design. It has no reference: its forward cannot be wrong, and backward is held against that forward."""

from reference.spec import Argument, LayerSpec, Scenario

SPEC = LayerSpec(
    name="own_net",
    scalar=True,
    arguments=(Argument(name="x", axes="N D"), Argument(name="y", axes="N", labels=True)),
    # D is a square, so that a convolutional net may see a sample as an image; of a single sample batch normalisation makes zeros.
    axes={"N": (2, 5), "D": (16, 16), "K": (2, 4)},
    options={"num_classes": (2, 3, 4)},
    where=lambda sizes: sizes["K"] == sizes["num_classes"],
    scenarios=(
        Scenario(title="images of 4x4 pixels", axes={"N": (3, 3), "K": (3, 3)}),
        Scenario(title="two samples, two classes", axes={"N": (2, 2), "K": (2, 2)}),
        Scenario(title="images of 8x8 pixels", axes={"N": (5, 5), "D": (64, 64), "K": (4, 4)}),
    ),
)
