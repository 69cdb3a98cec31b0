"""Wrong dropouts."""

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference import Array

DROPOUT = layer("dropout")


def _scaled_in_test_mode(out: Array, p: float, training: bool, **_: object) -> Array:
    return out if training else out * out.dtype.type(1 - p)


WRONG = (
    DROPOUT.wrong_out("not scaled", lambda out, x, mask, training, **_: x * mask.astype(x.dtype) if training else out),
    DROPOUT.wrong_out(
        "multiplied by the probability",
        lambda out, x, mask, p, training, **_: x * mask.astype(x.dtype) * x.dtype.type(1 - p) if training else out,
    ),
    DROPOUT.wrong_out("scaled in test mode, too", _scaled_in_test_mode),
    DROPOUT.wrong_out("nothing dropped", lambda out, x, p, training, **_: x / x.dtype.type(1 - p) if training else out),
    DROPOUT.wrong_out("test mode drops, too", lambda out, x, mask, training, **_: out if training else x * mask.astype(x.dtype)),
    DROPOUT.wrong_beside(
        "kept with the probability of being dropped", 0, lambda _rate, p, training, **_: np.asarray(p if training else 1.0)
    ),
    DROPOUT.wrong_beside("kept with a probability of a half", 0, lambda _rate, training, **_: np.asarray(0.5 if training else 1.0)),
    DROPOUT.wrong_beside("one draw for each sample", 1, lambda _tied, x, training, **_: np.asarray(float(x.size) * training)),
    DROPOUT.wrong_gradient("dx", "not masked", lambda dx, dout, cache: dout * cache.max(initial=1)),
    DROPOUT.wrong_gradient("dx", "not scaled", lambda dx, dout, cache: np.where(cache > 0, dout, 0)),
    DROPOUT.wrong_gradient("dx", "with the mask the wrong way round", lambda dx, dout, cache: np.where(cache > 0, 0, dout)),
    DROPOUT.wrong_gradient("dx", "the factors without dout", lambda dx, dout, cache: cache.copy()),
    DROPOUT.wrong_gradient("dx", "scaled twice", lambda dx, dout, cache: dx * cache),
    *DROPOUT.slightly("dx"),
)
