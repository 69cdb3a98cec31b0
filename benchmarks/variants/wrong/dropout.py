"""Wrong dropouts."""

import numpy as np

from benchmarks.variants.wrong.making import layer

DROPOUT = layer("dropout")


WRONG = (
    DROPOUT.wrong_out("nothing dropped", lambda out, x, p, training, **_: x / x.dtype.type(1 - p) if training else out),
    DROPOUT.wrong_out("test mode drops, too", lambda out, x, mask, training, **_: out if training else x * mask.astype(x.dtype)),
    DROPOUT.wrong_beside("kept with a probability of a half", 0, lambda _rate, training, **_: np.asarray(0.5 if training else 1.0)),
    DROPOUT.wrong_gradient("dx", "not masked", lambda dx, dout, cache: dout * cache.max(initial=1)),
    DROPOUT.wrong_gradient("dx", "with the mask the wrong way round", lambda dx, dout, cache: np.where(cache > 0, 0, dout)),
    *DROPOUT.slightly("dx"),
)
