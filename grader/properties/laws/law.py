"""What a law is made of: an equation between calls that holds of a layer whatever the reference says.

A law is a second vote beside comparison A. It bears no points: where it fails, the very calls that it made are put to A. If A finds
one of them wrong, the student reads both; if it finds nothing, one of the two is mistaken, and the law's check is ERRORED.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from grader import messages
from grader.language import say
from grader.model import PARTS, Array, Call, Case, FailureKind, Finding, Part
from grader.numerics.ball import Ball
from grader.numerics.bounds import tolerance
from grader.properties import contract, gradient, value
from grader.properties.property import Asked, Blocked, Check, Evidence, Judgement, usable
from reference import LayerSpec

OUT_OF_TIME = (FailureKind.TIMEOUT, FailureKind.NOT_RUN)
CASES = 1  # of the inputs that suit a law: several laws look at one submission, and a second input tells little more


class Disagreement(Exception):  # noqa: N818 - becomes an ERRORED check
    """A law fails in calls in which comparison A finds nothing: one of the two is wrong, and both are ours."""


class Run(NamedTuple):
    """One call and what came back, every element within the bound of its rounding; the reading is among the options of its case."""

    case: Case
    out: Ball
    gradients: Mapping[str, Ball]  # by the name of the argument; empty where backward was not asked for


class Equation(NamedTuple):
    """Two sides that must agree element by element. `name` is what the left side is called in a report."""

    name: str
    left: Ball
    right: Ball


class LawText(NamedTuple):
    """What a law asks, and what is so where it fails; {name} is the left side."""

    title: str
    broken: str


def nothing_more(_: LayerSpec, __: Case) -> Sequence[Case]:
    """Ask for no further case."""
    return []


@dataclass(frozen=True, kw_only=True)
class Law:
    """A property that is an equation.

    Attributes:
        name: The end of its checks' ids.
        says: Its sentences.
        parts: The parts whose functions it tells of, each in a check of its own; their calls are the same.
        holds: Whether it is true of a layer.
        vary: The further cases that it needs beside a given one, by default none; None where that one does not suit. A further case without a
            dout asks for forward alone, and so does every one of a law of forward alone, whether it has a dout or not.
        equations: What must hold of the runs of the case and its variations, in that order. The runs of forward have no gradients.
    """

    name: str
    says: LawText
    parts: tuple[Part, ...]
    holds: Callable[[LayerSpec], bool]
    equations: Callable[[LayerSpec, Sequence[Run]], Iterable[Equation]]
    vary: Callable[[LayerSpec, Case], Sequence[Case] | None] = nothing_more

    def checks(self, spec: LayerSpec) -> Sequence[Check]:
        """One check a part, without points, where the law is true of the layer."""
        title = say(self.says.title)
        asked = [part for part in self.parts if part == "forward" or spec.backward] if self.holds(spec) else []
        return [Check(name=self.name, title=title, part=part, law=True) for part in asked]

    def plan(self, spec: LayerSpec, cases: Sequence[Case], base: Callable[[Case], Call]) -> list[Asked]:
        """Return the first cases that suit, each with its variations; the plainest case of all only where nothing else does."""
        if not self.checks(spec):
            return []
        asked: list[Asked] = []
        for case in sorted(cases, key=lambda c: c.number == 0):
            both = "backward" in self.parts and base(case).dout is not None
            away = case.dout is None and spec.differentiable  # to be refused, or in test mode
            suits = spec.usual(case.arrays) and case.dtype == np.float64 and not away and (both or "forward" in self.parts)
            if suits and len(asked) < CASES and (further := self.vary(spec, case)) is not None:
                others = further if both else [replace(other, dout=None) for other in further]
                asked.append(Asked(case, [base(case), *(Call(case=other) for other in others)]))
        return asked

    def judge(self, evidence: Evidence) -> Judgement:
        """Look whether the equations hold; where they do not, or a call failed, let A judge every call.

        Of a backward that A finds right, beside a forward that A finds wrong, nothing is said.

        Raises:
            Disagreement: An equation fails, and A finds nothing.
        """
        first = evidence.outcomes[0].forward
        if evidence.answer.refusal or (first and not first.failure and not first.values):  # a convention without a forward function
            return {}
        stages = [outcome.stage(part) for outcome in evidence.outcomes[1:] for part in PARTS]
        if any(stage and stage.failure and stage.failure.kind in OUT_OF_TIME for stage in stages):
            return {}  # a law asks for more calls than the points need; that they take long is no mistake
        asked = [part for part in self.parts if part == "forward" or evidence.calls[0].dout is not None]
        return {key: found for part in asked for key, found in self._judge(evidence, part).items()}

    def _judge(self, evidence: Evidence, part: Part) -> Judgement:
        name = f"{part}.{self.name}"
        runs = [_run(evidence, i, part) for i in range(len(evidence.calls))]
        whole = [run for run in runs if run is not None]
        broken = self._broken(evidence.spec, whole) if len(whole) == len(runs) else None
        if broken is None and len(whole) == len(runs):
            return {name: None}
        judged = {key: found for i in range(1, len(runs)) for key, found in _put_to_a(evidence, i, part).items()}
        wrong = {*judged, *_put_to_a(evidence, 0, part)}
        if wrong and not any(key.startswith(part) for key in wrong):
            return judged  # the mistake is in forward; a right gradient is not to blame that it does not fit to that
        if broken is None:
            own = judged.get(f"{part}.contract")  # where only a call of the law's breaks it, the law has the finding too
            return {**judged, name: own if runs[0] and isinstance(own, Finding) else Blocked(messages.blocked(part))}
        if not wrong:
            raise Disagreement(f"{broken.what} {broken.where}: {broken.got} and {broken.expected}, case {evidence.case.number}")
        return {**judged, name: broken}

    def _broken(self, spec: LayerSpec, runs: Sequence[Run]) -> Finding | None:
        for name, left, right in self.equations(spec, runs):
            excess = left.excess(right)
            if excess.size and not excess.max() <= 1:
                index = tuple(int(i) for i in np.unravel_index(int(np.argmax(excess)), excess.shape))
                return Finding(
                    what=say(self.says.broken, name=name),
                    where=f"{name}[{', '.join(map(str, index))}]" if index else name,
                    got=float(left.mid[index]),
                    expected=float(right.mid[index]),
                )
        return None


def _run(evidence: Evidence, i: int, part: Part) -> Run | None:
    """Return one of the calls as an equation of a part sees it; None where a value does not keep its contract."""
    call, outcome, answer = evidence.calls[i], evidence.outcomes[i], evidence.answer_to(evidence.calls[i])
    parts: tuple[Part, ...] = PARTS if part == "backward" and call.dout is not None else PARTS[:1]
    values: dict[str, Ball] = {}
    for each in parts:
        for name, expected in evidence.of(answer, each).items():
            got = usable(outcome.stage(each), name, expected)
            if got is None:
                return None
            values[name] = Ball(got.astype(np.float64), tolerance(call.case, expected, got))
    gradients = {a.name: values[a.gradient] for a in evidence.spec.arguments if a.gradient and a.gradient in values}
    return Run(replace(call.case, options={**call.case.options, **evidence.reading}), values["out"], gradients)


def _put_to_a(evidence: Evidence, i: int, part: Part) -> dict[str, Finding | Blocked]:
    """Return what contract, value and gradient find in one of the calls; of a forward alone nothing is said about backward."""
    call = evidence.calls[i]
    alone = replace(evidence, case=call.case, answer=evidence.answer_to(call), calls=[call], outcomes=[evidence.outcomes[i]])
    judged: dict[str, Finding | Blocked] = {}
    for prop in (contract, value) if part == "forward" else (contract, value, gradient):
        for key, found in prop.judge(alone).items():
            waits = isinstance(found, Blocked) and found.reason == messages.NEEDS_FORWARD  # the forward has the finding
            if found is not None and not waits and (part == "backward" or key.startswith("forward.")):
                judged[key] = replace(found, shown_on=call.case) if isinstance(found, Finding) else found
    return judged


def varied(case: Case, dout: Array | None = None, **arrays: Array) -> Case:
    """Return a case with some arrays and the dout replaced; without a dout, only its forward is asked for."""
    return replace(case, arrays={**case.arrays, **arrays}, dout=dout)


def draw(case: Case, shape: tuple[int, ...], salt: int = 0) -> Array:
    """Draw hundredths between -2 and 2, the same for the same case."""
    drawn: Array = np.random.default_rng([case.number, salt]).integers(-200, 201, shape) / 100
    return drawn
