"""Wrong hyperbolic tangents."""

import numpy as np

from benchmarks.variants.wrong.making import layer

TANH = layer("tanh")


WRONG = (
    TANH.wrong_out("of the wrong sign", lambda out, x: -out),
    TANH.wrong_out("hard tanh", lambda out, x: np.clip(x, -1, 1)),
    *TANH.slightly("dx"),
)
