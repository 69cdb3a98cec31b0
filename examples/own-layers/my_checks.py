"""Two layers that the grader does not come with: softsign with a reference, and a gate of the student's own without one."""

import numpy as np

from grader.authoring import Argument, Misconception, Traits, claim, layer, layer_without_reference


def forward(x):
    """Return x / (1 + |x|), and what backward needs."""
    return x / (1 + np.abs(x)), x


def backward(dout, x):
    """The derivative is 1 / (1 + |x|)**2, at 0 too."""
    return (dout / (1 + np.abs(x)) ** 2,)


SOFTSIGN = layer(
    "softsign",
    forward,
    backward,
    arguments=[Argument(name="x", axes="N D", gradient="dx")],
    axes={"N": (1, 4), "D": (1, 5)},
    traits=Traits(out="N D", permutable=("D",), out_range=(-1, 1)),
    misconceptions=[
        Misconception(
            id="not_squared",
            of=("dx",),
            cause="{name} divides dout by 1 + |x| once.",
            advice="The quotient rule squares the denominator: dx = dout / (1 + |x|)**2.",
            wrong=lambda g: g.dout / (1 + np.abs(g.x)),
        ),
    ],
)


@claim("the gate lets through no more than x itself")
def no_larger(inputs, outputs):
    """One truth value for each entry of the output."""
    return np.abs(outputs["out"]) <= np.abs(inputs["x"]) * (1 + 1e-12)


GATE = layer_without_reference(
    "gate",
    arguments=[Argument(name="x", axes="N D", gradient="dx"), Argument(name="w", axes="D", gradient="dw")],
    out="N D",
    axes={"N": (1, 4), "D": (2, 5)},
    claims=[no_larger],
)
