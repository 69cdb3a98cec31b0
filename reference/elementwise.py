"""What layers that treat every entry by itself share: an input of rows, and the kinds of cases."""

from reference.spec import Argument, Scenario, Values

ARGUMENTS = (Argument(name="x", axes="N D", gradient="dx"),)
AXES = {"N": (1, 5), "D": (1, 6)}
SMALL = Scenario(title="small whole numbers", axes={"N": (2, 2), "D": (3, 3)}, values=Values.WHOLE)
ONE_SAMPLE = Scenario(title="one sample", axes={"N": (1, 1), "D": (3, 6)})
# Of a layer that levels off on both sides, such as a sigmoid.
SATURATING = (
    SMALL,
    Scenario(title="any sizes", count=3),
    Scenario(title="near zero", axes={"N": (3, 4), "D": (4, 5)}, values=Values.NEAR_ZERO),
    Scenario(title="negative inputs", values=Values.NEGATIVE),
    ONE_SAMPLE,
    Scenario(title="large inputs", axes={"N": (3, 4), "D": (4, 5)}, values=Values.HUGE, count=2),
    Scenario(title="float32", axes={"N": (3, 3), "D": (4, 5)}, single=True),
)
# Of a layer with a kink at 0, such as a ReLU.
KINKED = (
    SMALL,
    Scenario(title="any sizes", count=2),
    Scenario(title="near the kink", axes={"N": (4, 5), "D": (5, 6)}, values=Values.NEAR_ZERO, count=2),
    Scenario(title="zeros", axes={"N": (2, 3), "D": (3, 4)}, values=Values.TIED),
    Scenario(title="negative inputs", axes={"N": (2, 3)}, values=Values.NEGATIVE),
    ONE_SAMPLE,
    Scenario(title="large inputs", axes={"N": (3, 4), "D": (4, 5)}, values=Values.HUGE),
    Scenario(title="float32", axes={"N": (3, 3), "D": (4, 5)}, values=Values.NEAR_ZERO, single=True),
)
