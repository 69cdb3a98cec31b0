"""What a diagnosis works with: the student's functions at one input, called again on other numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.model import Answer, Array, Call, Case, Outcome
from grader.numerics.comparison import compare
from grader.properties.fresh import others
from grader.properties.property import flawed, usable
from reference import LayerSpec

Ask = Callable[[Sequence[Call]], Sequence[Outcome]]


class Unusable(Exception):  # noqa: N818 - ends an examination; the contract has said what is wrong
    """A call did not give what it should, so that nothing can be concluded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is examined: a student's functions for one layer.

    `reading` is the legal way to differ that they follow, `meant` tells of a case whether their convention can express it, and `ask`
    makes further calls; `ask_usual` calls backward with the cache that is usual for it, where there is such a one and a forward that has
    given another. `derived`: their gradients are a library's, so that these fit forward is nobody's merit.
    """

    spec: LayerSpec
    reading: Mapping[str, Any]
    meant: Callable[[Case], bool]
    ask: Ask
    ask_usual: Ask | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One input of a task, what came back for it, and the way to ask for more."""

    spec: LayerSpec
    case: Case
    answer: Answer
    outcome: Outcome
    ask: Ask

    @property
    def arguments(self) -> Mapping[str, str]:
        """The arguments that have a gradient, by its name."""
        return self.spec.gradients_of(self.case.arrays)

    def asked(self, names: Sequence[str]) -> list[str]:
        """Return those of the gradients that there are here."""
        return [name for name in names if name in self.arguments]

    def wrong(self, names: Sequence[str]) -> bool:
        """Whether one of the gradients is not the reference's here."""
        for name in self.asked(names):
            got = usable(self.outcome.backward, name, self.answer.values[name])
            if got is None or compare(self.case, got, self.answer.values[name]):
                return True
        return False

    def outputs(self, several: Sequence[Mapping[str, Array]]) -> list[Array]:
        """Return the student's outputs for other arrays, in their own shape. Raises Unusable."""
        outcomes = self.ask([Call(case=replace(self.case, arrays=arrays, dout=None), forward_only=True) for arrays in several])
        stages = [outcome.forward for outcome in outcomes]
        outputs = [stage.values["out"] for stage in stages if stage and not stage.failure and "out" in stage.values]
        if len(outputs) < len(several) or any(flawed(out) or out.shape != outputs[0].shape for out in outputs):
            raise Unusable("out")
        return outputs

    def gradients(self, dout: Array, *, between: Mapping[str, Array] | None = None) -> dict[str, Array]:
        """Return the student's gradients for another dout, by the name of the gradient. Raises Unusable."""
        (outcome,) = self.ask([Call(case=replace(self.case, dout=dout), between=between)])
        return {name: self.gradient(outcome, name) for name in self.arguments}

    def fresh(self, dout: Array) -> bool:
        """Whether backward gives the same where another forward came in between. Raises Unusable."""
        plain = self.gradients(dout)
        try:
            interrupted = self.gradients(dout, between=others(self.spec, self.case.arrays))
        except Unusable:  # as where the cache of a larger batch does not fit
            return False
        return all(np.array_equal(plain[name], interrupted[name]) for name in plain)

    def gradient(self, outcome: Outcome, name: str) -> Array:
        """Return one gradient of an outcome. Raises Unusable."""
        got = usable(outcome.backward, name, self.answer.values[name])
        if got is None:
            raise Unusable(name)
        return got
