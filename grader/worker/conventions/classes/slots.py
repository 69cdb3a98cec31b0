"""Where a layer may keep its arrays and their gradients: `W`, `weights`, `params['W']`, `W['val']`; `dW`, `grads['W']`, `W.grad`."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from grader.worker.conventions.transcript import note
from grader.worker.wire import Array

WEIGHTS = ("W", "w", "weight", "weights", "kernel", "kernels", "filters", "filter")
BIASES = ("b", "bias", "biases", "B")
SCALES = ("gamma", "weight", "weights", "scale", "g", "W", "gammas", "BW")
SHIFTS = ("beta", "bias", "biases", "shift", "b", "offset", "betas", "Bb")
MEANS = ("running_mean", "moving_mean", "run_mean", "mean_running", "running_mu", "running_avg_mean", "mov_mean", "avg_mean", "running_M", "rm")  # fmt: skip
VARIANCES = ("running_var", "running_variance", "moving_var", "moving_variance", "run_var", "var_running", "running_avg_var", "mov_var", "avg_var", "running_V", "rv")  # fmt: skip
BOXES = ("params", "parameters", "param", "_params", "buffers")
INNER = ("val", "value", "data", "param", "values")


class Slot(NamedTuple):
    """Where an array is kept: keys into a layer, by attribute or by item."""

    path: tuple[str, ...]

    def get(self, layer: Any) -> Any:
        """Return what is there, or None."""
        for key in self.path:
            layer = layer.get(key) if isinstance(layer, dict) else getattr(layer, key, None)
        return layer

    def said(self, layer: Any, known_as: str) -> str:
        """Return the place in a line of code, of a layer that is known as something there."""
        for key in self.path:
            boxed = isinstance(layer, dict)
            known_as = f"{known_as}[{key!r}]" if boxed else f"{known_as}.{key}"
            layer = layer.get(key) if boxed else getattr(layer, key, None)
        return known_as

    def set(self, layer: Any, value: Array, *, said: str, known_as: str = "layer") -> None:
        """Put an array there in the shape of the one that is there: into that itself where it fits, since the layers of a net hold on to it.

        Noted in the transcript is what is `said` to be put into a layer that is known as something.
        """
        old, place = self.get(layer), self.said(layer, known_as)
        if type(old) is np.ndarray and old.size == value.size:
            said = said if value.shape == old.shape else f"{said}.reshape({old.shape})"
            value = value.reshape(old.shape)
            if old.flags.writeable and np.can_cast(value.dtype, old.dtype):
                note(f"{place}[...] = {said}")
                old[...] = value
                return
        note(f"{place} = {said}.copy()")
        *above, last = self.path
        for key in above:
            layer = layer[key] if isinstance(layer, dict) else getattr(layer, key)
        if isinstance(layer, dict):
            layer[last] = value
        else:
            setattr(layer, last, value)


def slots(names: Sequence[str]) -> list[Slot]:
    """Return where arrays of these names may be kept."""
    own = [Slot((name,)) for name in names]
    inner = [Slot((name, key)) for name in names for key in INNER]
    boxed = [Slot((box, name)) for box in BOXES for name in names]
    return [*own, *inner, *boxed, *(Slot((*s.path, key)) for s in boxed for key in INNER)]


def gradient_slots(names: Sequence[str]) -> list[Slot]:
    """Return where the gradients of arrays of these names may be kept."""
    spelt = [f for n in names for f in (f"d{n}", f"dL_d{n}", f"dLd{n}", f"grad_{n}", f"{n}_grad", f"d_{n}", f"g{n}", f"{n}_gradient")]
    keys = [*names, *spelt]
    boxed = [Slot((box, key)) for box in ("grads", "gradients", "grad", *BOXES) for key in (spelt if box in BOXES else keys)]
    inner = [Slot((n, g)) for n in names for g in ("grad", "gradient", "g", "delta")]
    return [*(Slot((name,)) for name in spelt), *boxed, *inner, *(Slot((box, n, "grad")) for box in BOXES for n in names)]


def first_array(layer: Any, places: Sequence[Slot]) -> Slot | None:
    """Return the first place that holds an array."""
    return next((s for s in places if type(s.get(layer)) is np.ndarray), None)
