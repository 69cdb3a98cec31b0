"""Dropout as a class, whose parameter may be the probability of being dropped or of being kept."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from grader.worker.conventions import chance
from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, both
from grader.worker.conventions.classes.built import built
from grader.worker.conventions.classes.running import CALLS, gradients, run
from grader.worker.conventions.spelt import SPELT
from grader.worker.wire import Array

TRIED = 0.2  # of so many entries, the share that is kept tells 0.2 from 0.8 without fail
ENTRIES = 4000


@cache
def _drops(made: Callable[..., Any]) -> bool:
    """Whether a class that does not say so drops with the probability that it is given, and does not keep."""
    np.random.seed(0)  # noqa: NPY002 - where students draw
    out = run(built(made, {"share": TRIED}), np.ones((40, ENTRIES // 40)), training=True)
    if np.shape(out) != (40, ENTRIES // 40):
        raise Unusable("the output has not the shape of the input")
    return bool(np.count_nonzero(out) > ENTRIES / 2)


def dropout(*names: str) -> Adapter:
    """Return the adapter of a class constructed with a probability; its masks are its own."""

    def make(made: Callable[..., Any], p: float, known_as: str) -> Any:
        given = {name.lower() for name in inspect.signature(made).parameters}
        if given & SPELT["dropped"]:
            return built(made, {"dropped": p}, known_as=known_as)
        if given & SPELT["kept"]:
            return built(made, {"kept": 1 - p}, known_as=known_as)
        return built(made, {"share": p if _drops(made) else 1 - p}, known_as=known_as)

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        def one(x: Array, _: int) -> tuple[Any, Any]:
            # Which mask it draws is chance, so that a transcript is taken of the test mode only.
            layer = make(found["forward"], options["p"], "" if options["training"] else "layer")
            return run(layer, x, training=options["training"], said="" if options["training"] else "x"), layer

        if not options["training"]:
            return {"out": one(arrays["x"], 0)[0], "keep_rate": 1.0}, None
        return chance.forward(one, arrays["x"], arrays["mask"], options["p"])

    def backward(_: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return {"dx": chance.backward(lambda d, layer: gradients(layer, d, {})[0], dout, cache)}

    return Adapter(wants=both(Wanted(names=names, calls=CALLS)), forward=forward, backward=backward, readings={"p_of": "dropped"})
