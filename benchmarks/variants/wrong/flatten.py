"""Wrong ways to flatten."""

from benchmarks.variants.wrong.making import layer
from reference import Array

FLATTEN = layer("flatten")


def _fortran(out: Array, x: Array) -> Array:
    del out
    return x.reshape((len(x), -1), order="F")


WRONG = (
    FLATTEN.wrong_out("Fortran order", _fortran),
    FLATTEN.wrong_forward(
        "Fortran order, both ways", lambda x: (x.reshape((len(x), -1), order="F"), x.shape), lambda d, shape: (d.reshape(shape, order="F"),)
    ),
    FLATTEN.wrong_out("height and width exchanged", lambda out, x: x.swapaxes(2, 3).reshape(len(x), -1)),
    FLATTEN.wrong_backward("dx in Fortran order", lambda dout, shape: (dout.reshape(shape, order="F"),)),
    FLATTEN.wrong_gradient("dx", "averaged over the batch", lambda dx, dout, _: dx / len(dx)),
    *FLATTEN.slightly("dx"),
)
