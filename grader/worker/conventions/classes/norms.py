"""Layers that normalise: batch, layer and group normalisation, with scale, shift and running statistics wherever they keep them."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, both
from grader.worker.conventions.classes import layout
from grader.worker.conventions.classes.built import built
from grader.worker.conventions.classes.layers import reshaped
from grader.worker.conventions.classes.layout import ordered, restored
from grader.worker.conventions.classes.running import CALLS, gradients, run
from grader.worker.conventions.classes.slots import MEANS, SCALES, SHIFTS, VARIANCES, Slot, first_array, slots
from grader.worker.conventions.spelt import SPELT
from grader.worker.conventions.transcript import note, turned
from grader.worker.wire import Array

RUNNING = {"running_mean": MEANS, "running_var": VARIANCES}
LEARNED = {"gamma": SCALES, "beta": SHIFTS}
EPS = {"eps": (1e-5, SPELT["eps"])}
NOT_OURS = frozenset({"gamma"})  # of a constructor that takes the arrays themselves


class Kept(NamedTuple):
    """What backward needs of forward."""

    layer: Any
    order: tuple[int, ...]
    places: Mapping[str, Slot]


def norm(*names: str, planes: bool = False, grouped: bool = False, running: bool = False) -> Adapter:
    """Return the adapter of a class constructed with the number of its features; which may come first with its first input.

    `planes` are of shape (N, C, H, W); `grouped` is in groups of channels; `running` has statistics for a test mode.
    """
    orders = layout.PLANES if planes else layout.ROWS
    wanted_arrays = {**LEARNED, **(RUNNING if running else {})}

    @cache
    def way(made: Callable[..., Any]) -> tuple[tuple[int, ...], bool]:
        """Return the order of axes, and whether the features are wanted as a tuple, the shape of a sample."""
        try:
            return layout.normal(lambda sizes: built(made, sizes), orders, sizes(4, 2)), False
        except (TypeError, Unusable):
            return layout.normal(lambda sizes: built(made, sizes), orders, sizes((4,), 2)), True

    def sizes(features: Any, groups: Any) -> dict[str, Any]:
        return {"groups": groups, "features": features} if grouped else {"features": features}

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Kept]:
        made, features = found["forward"], arrays["gamma"].size
        order, shaped = way(made)
        held: dict[str, Any] = {name: options[name] for name in ("eps", "momentum") if name in options}
        layer = built(made, sizes((features,) if shaped else features, options.get("num_groups")), held, known_as="layer")
        given = ordered(arrays["x"], order)
        places = _places(layer, wanted_arrays, given, turned("x", order))
        for name, slot in places.items():
            slot.set(layer, arrays[name].copy(), said=name)
        out = restored(run(layer, given, training=options.get("training", True), said=turned("x", order)), order, "out")
        beside = {}
        for name in RUNNING if running else ():
            note(f"{name} = {places[name].said(layer, 'layer')}")
            beside[name] = reshaped(places[name].get(layer), (features,), name)
        return {"out": out, **beside}, Kept(layer, order, places)

    def backward(_: Found, dout: Array, kept: Kept) -> dict[str, Any]:
        held = {f"d{name}": (kept.places[name], spelt) for name, spelt in LEARNED.items()}
        features = kept.places["gamma"].get(kept.layer).size
        dx, told = gradients(kept.layer, ordered(dout, kept.order), held, turned("dout", kept.order))
        return {"dx": restored(dx, kept.order, "dx"), **{name: reshaped(value, (features,), name) for name, value in told.items()}}

    wanted = Wanted(names=names, calls=CALLS, not_parameters=NOT_OURS)
    momentum = {"momentum": (0.9, SPELT["momentum"])} if running else {}
    return Adapter(wants=both(wanted), forward=forward, backward=backward, neutral={**EPS, **momentum})


def _places(layer: Any, arrays: Mapping[str, tuple[str, ...]], x: Array, said: str) -> dict[str, Slot]:
    """Return where a layer keeps its arrays, if need be after a first run, of what is said to be x."""
    found = {name: first_array(layer, slots(spelt)) for name, spelt in arrays.items()}
    if None in found.values():
        run(layer, x.copy(), said=said)
        found = {name: first_array(layer, slots(spelt)) for name, spelt in arrays.items()}
    for name, slot in found.items():
        if slot is None:
            raise Unusable(f"no {name} was found in the layer: self.{arrays[name][0]} holds no array")
    return {name: slot for name, slot in found.items() if slot}
