"""What a gradient check found: true or false, printable, and with the numbers behind it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.model import Array
from grader.numerics.agreement import Agreement
from grader.numerics.localise import Element


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ArgumentReport:
    """What was found for one argument.

    Attributes:
        name: Its name, or its position where forward does not tell the names of its parameters.
        agreement: "right", "wrong" or "undecided".
        analytic: The directional derivative by backward.
        numeric: The same by differences of forward.
        bound: How far apart they may be.
        step: The smallest step of the differences.
        direction: The direction, by the arguments that it moves.
        dout: The weights of the outputs, which backward was given; 0 where the slope of an output is not known.
        left_out: The number of outputs without weight: a kink lies at the inputs, or forward is not finite.
        outputs: The number of outputs.
        message: Why there is nothing to compare, or why the numbers decide nothing.
    """

    name: str
    agreement: Agreement
    analytic: float = np.nan
    numeric: float = np.nan
    bound: float = np.nan
    step: float = np.nan
    direction: Mapping[str, Array] | None = None
    dout: Array | None = None
    left_out: int = 0
    outputs: int = 0
    message: str = ""

    @property
    def error(self) -> float:
        """How far apart backward and the differences of forward are."""
        return abs(self.analytic - self.numeric)

    def __str__(self) -> str:
        """One line."""
        head = f"{self.name}: {self.agreement.value}"
        if self.message:
            return f"{head}: {self.message}"
        if self.agreement is Agreement.RIGHT:
            rest = f"; {self.left_out} of {self.outputs} outputs left out, they have a kink here" if self.left_out else ""
            return f"{head}, error {self.error:.2g}, bound {self.bound:.2g}{rest}"
        numbers = f"along a random direction backward says {self.analytic:.12g}, forward {self.numeric:.12g}"
        return f"{head}: {numbers}: apart {self.error:.2g}, bound {self.bound:.2g}"

    __repr__ = __str__  # a notebook shows this


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class GradcheckReport:
    """What `gradcheck` found. True where every gradient is right; printed, it says what is not.

    Attributes:
        arguments: One entry for each argument that has a gradient, in the order of `wrt`.
        worst: An element that is wrong, where one could be found, of the first argument whose gradient is wrong: what backward
            returns there for that argument's `dout`, and what it should.
    """

    arguments: tuple[ArgumentReport, ...]
    worst: Element | None = None

    @property
    def agreement(self) -> Agreement:
        """ "right", "wrong" or "undecided", of all arguments together."""
        found = {a.agreement for a in self.arguments}
        return next((a for a in (Agreement.WRONG, Agreement.UNDECIDED) if a in found), Agreement.RIGHT)

    def __bool__(self) -> bool:
        """Whether every gradient is known to be right."""
        return self.agreement is Agreement.RIGHT

    def __str__(self) -> str:
        """A line for each argument, and one for the worst element."""
        lines = [f"gradcheck: {self.agreement.value}", *(f"  {a}" for a in self.arguments)]
        return "\n".join([*lines, *([f"  worst: {self.worst}"] if self.worst else [])])

    __repr__ = __str__
