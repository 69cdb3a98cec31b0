"""Something that must hold of a layer's inputs and outputs: an instructor's own check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Holds = Callable[[Mapping[str, Any], Mapping[str, npt.NDArray[Any]]], npt.NDArray[Any] | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim about every input of a layer.

    Attributes:
        name: A short name, unique in its layer, which ends the id of the check: "bounded".
        title: The claim as a clause without a stop: "the output lies between -1 and 1".
        holds: Tells it from the inputs (arguments and options by name, and dout) and the outputs (out and, where the claim is about
            backward, the gradients by name, in float64). One truth value, or one for each entry of an array.
        part: The part that earns points by it.
    """

    name: str
    title: str
    holds: Holds
    part: Literal["forward", "backward"] = "forward"

    def asked(self, inputs: Mapping[str, Any], outputs: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """Return whether it holds, as an array of truth values: a single one, or one for each entry of an output.

        Raises:
            TypeError: It returned something else.
        """
        holds = np.asarray(self.holds(inputs, outputs))
        if holds.dtype != bool:
            raise TypeError(f"{self.name} returned {holds.dtype}, not whether it holds.")
        if holds.shape not in {(), *(np.shape(output) for output in outputs.values())}:
            shapes = ", ".join(f"{name} {np.shape(output)}" for name, output in outputs.items())
            raise TypeError(f"{self.name} returned truth values of shape {holds.shape}; return one, or one for each entry of {shapes}.")
        return holds
