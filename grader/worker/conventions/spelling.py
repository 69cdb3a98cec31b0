"""How a call looks in a student's own file: the lines of code that a report offers to be pasted below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any


def no_options(_: dict[str, Any]) -> tuple[Any, ...]:
    """Return the options of a call that has none."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """The lines that call the functions of one task, where the arrays of a case are there by their names.

    Afterwards `out`, what is beside it, and the gradients are there by their names; of gradients that are not, `gradient` is where they
    are. `$forward` and `$backward` are the student's functions, `$options` what `options` makes of those of the case, and `$more` the
    same after other arguments.
    """

    forward: tuple[str, ...]
    backward: tuple[str, ...] = ()
    options: Callable[[dict[str, Any]], tuple[Any, ...]] = no_options
    gradient: str = "$name"

    def lines(self, templates: tuple[str, ...], functions: Mapping[Any, str], given: dict[str, Any], without: int = 0) -> list[str]:
        """Return lines for a case of the options `given`; `without` of their arguments, the last, the functions do not take."""
        spelt = [repr(option) for option in self.options(given)]
        spelt = spelt[: len(spelt) - without]
        slots = {**functions, "options": ", ".join(spelt), "more": "".join(f", {option}" for option in spelt)}
        return [Template(line).substitute(slots) for line in templates]

    def place(self, gradient: str) -> str:
        """Return where a gradient is after the lines."""
        return Template(self.gradient).substitute(name=gradient)


def cached(arguments: tuple[str, ...], options: Callable[[dict[str, Any]], tuple[Any, ...]] = no_options) -> Spelling:
    """Return the spelling of a forward that returns a cache, which backward takes."""
    gradients = ", ".join(f"d{name}" for name in arguments)
    return Spelling(
        forward=(f"out, cache = $forward({', '.join(arguments)}$more)",),
        backward=(f"{gradients} = $backward(dout, cache)",),
        options=options,
    )
