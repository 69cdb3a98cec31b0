"""What a property is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Any, NamedTuple, Protocol

import numpy as np

from grader import messages
from grader.language import say
from grader.model import Answer, Array, Call, Case, Expected, FailureKind, Finding, Outcome, Part, Stage
from grader.numerics import error_map
from grader.numerics.comparison import Mismatch, compare, fitted, table
from reference import LayerSpec

SHOWN_ENTRIES = 80  # arrays of a case are shown where all of them together are no larger
REFUSALS = (FailureKind.EXCEPTION, FailureKind.RETURNED)  # an error or None says no; a hang or a crash says nothing


class Kind(Flag):
    """What an answer can be held against: the answer of a reference, or, where an instructor wrote none, what holds without; or a net
    of the student's own design."""

    REFERENCE = auto()
    ALONE = auto()
    DESIGNED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of a report: `name` is the end of its id, `weight` its share of the part's points."""

    name: str
    title: str
    part: Part
    weight: int = 0
    needs: tuple[str, ...] = ()  # checks that must pass before this one says anything
    law: bool = False  # a second vote: no points
    optional: bool = False  # left out where no evidence speaks of it: not every submission has what it is about


@dataclass(frozen=True, slots=True)
class Blocked:
    """This evidence cannot decide: another check has the finding. `reason` stands in the report if nothing else decides."""

    reason: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """This evidence cannot decide, and nobody made a mistake. Where no other decides, the check counts neither for nor against."""

    reason: str


class Asked(NamedTuple):
    """The calls that a property needs of one case."""

    case: Case
    calls: Sequence[Call]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a judge sees: the case and the reference's answer to it, and for each planned call what came back.

    `reading` is the legal way to differ that the submission was found to follow. `answer_to` gives the reference's answer to one of the calls, worked out when it is asked for; `ask` makes further calls, for what
    cannot be planned before something of the submission is known; `ask_anew` makes them in a worker that has made no others, or not
    at all: where there is little time left, or nobody waits that long.
    """

    spec: LayerSpec
    case: Case
    answer: Answer
    calls: Sequence[Call]
    outcomes: Sequence[Outcome]
    answer_to: Callable[[Call], Answer]
    limits: Mapping[str, Any]
    ask: Callable[[Sequence[Call]], Sequence[Outcome]]
    ask_anew: Callable[[Sequence[Call]], Sequence[Outcome]]
    reading: Mapping[str, Any] = field(default_factory=dict)

    def expected(self, part: Part) -> Mapping[str, Expected]:
        """The reference's arrays of one part, by name."""
        return self.of(self.answer, part)

    def of(self, answer: Answer, part: Part) -> Mapping[str, Expected]:
        """Return the arrays of one part of an answer, by name."""
        return {n: e for n, e in answer.values.items() if (n in self.spec.gradients) == (part == "backward")}


Judgement = Mapping[str, Finding | Blocked | Undecided | None]


class Property(Protocol):
    """See the package's docstring. Modules of it are properties."""

    def checks(self, spec: LayerSpec) -> Sequence[Check]: ...  # noqa: D102

    def plan(self, spec: LayerSpec, cases: Sequence[Case], base: Callable[[Case], Call]) -> list[Asked]: ...  # noqa: D102

    def judge(self, evidence: Evidence) -> Judgement: ...  # noqa: D102


def plainly(spec: LayerSpec, cases: Sequence[Case], base: Callable[[Case], Call]) -> list[Asked]:
    """Plan the plain call of every case."""
    del spec
    return [Asked(case, [base(case)]) for case in cases]


def usable(stage: Stage | None, name: str, expected: Expected) -> Array | None:
    """Return a value that keeps its contract: there, right shape, floating, finite. The contract itself says what is not."""
    if stage is None or stage.failure or name not in stage.values:
        return None
    got = fitted(stage.values[name], expected.value.shape)
    return got if got is not None and not flawed(got) else None


def flawed(got: Array) -> str:
    """Say what is wrong with an array whose shape is right: "dtype", "finite" or ""."""
    if got.dtype == np.float16 or (got.ndim and got.dtype.kind != "f"):  # of single numbers, whole ones are welcome
        return "dtype"
    return "" if got.dtype.kind != "f" or bool(np.isfinite(got).all()) else "finite"


def mismatch_finding(case: Case, name: str, got: Array, expected: Expected, what: str = "") -> Finding | None:
    """Compare and, where the arrays differ, say where the most."""
    mismatch = compare(case, got, expected)
    if mismatch is None:
        return None
    index = ", ".join(map(str, mismatch.index))
    return Finding(
        what=what or messages.differs(name, mismatch.count, got.size),
        where=f"{name}[{index}]" if index else name,
        got=float(got[mismatch.index]),
        expected=float(expected.value[mismatch.index]),
        next_step=messages.retrace(case),
        table=_table(name, got, expected.value, mismatch) if got.ndim else None,
    )


def _table(name: str, got: Array, expected: Array, mismatch: Mismatch) -> dict[str, Any]:
    """Return the plane around the worst element and, where that is not the whole array, the map of what is wrong in it."""
    shown: dict[str, Any] = table(name, got, expected, mismatch)
    if got.size == sum(map(len, shown["wrong"])) or mismatch.wrong.all():
        return shown
    drawn, more = error_map.planes(name, mismatch.wrong, mismatch.index)
    said = messages.wrong_where(name, mismatch.count, got.size, error_map.common(mismatch.wrong))
    return {**shown, "map": {"summary": said, "planes": drawn, "more": more}}


def describe(case: Case, failing: int, total: int) -> dict[str, Any]:
    """Return what a report shows of a case: shapes and options always, arrays where they are small."""
    arrays = {**case.arrays, **({"dout": case.dout} if case.dout is not None and case.dout.ndim else {})}
    small = sum(a.size for a in arrays.values()) <= SHOWN_ENTRIES
    return {
        "number": case.number,
        "title": say(case.title),
        "failing": failing,
        "of": total,
        "shapes": {name: list(a.shape) for name, a in arrays.items()},
        "options": dict(case.options),
        "dtype": str(case.dtype) if case.arrays else "",
        "arrays": {name: a.tolist() for name, a in arrays.items()} if small else {},
    }
