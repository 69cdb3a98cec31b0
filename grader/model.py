"""The values that travel through the pipeline. Data only; imports nothing of the project but `text`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from grader.text import NOTHING, Cleaned

Array = npt.NDArray[Any]
Part = Literal["forward", "backward"]
PARTS: tuple[Part, Part] = ("forward", "backward")


class Verdict(StrEnum):
    """How one check ended. FAILED is the student's, ERRORED is ours."""

    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    SKIPPED = "skipped"


class Standing(StrEnum):
    """How a part, a task or a submission stands."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSING = "missing"
    ERRORED = "errored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one submission may use."""

    load_seconds: float = 10.0
    call_seconds: float = 2.0
    task_seconds: float = 30.0
    memory_mb: int = 1024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One concrete input of a layer.

    Attributes:
        number: Position in the bank of its task.
        title: The kind of case ("stride above the window").
        arrays: Arguments by name.
        options: Options by name, as the student's function gets them.
        dout: The upstream gradient, of the output's shape; None where nothing comes back (a shape question, a refusal).
    """

    number: int
    title: str
    arrays: Mapping[str, Array]
    options: Mapping[str, Any]
    dout: Array | None
    dtype: np.dtype[Any] = field(init=False)  # the floating dtype of the inputs

    def __post_init__(self) -> None:
        """Look up the dtype once: every comparison asks for it."""
        floating = (a.dtype for a in self.arrays.values() if a.dtype.kind == "f")
        object.__setattr__(self, "dtype", next(floating, np.dtype(np.float64)))

    @property
    def in_float64(self) -> "Case":
        """The same, what is of floats in float64."""
        arrays = {name: a.astype(np.float64) if a.dtype.kind == "f" else a for name, a in self.arrays.items()}
        return replace(self, arrays=arrays, dout=None if self.dout is None else self.dout.astype(np.float64))

    @property
    def size(self) -> int:
        """The number of entries of all arrays: the smaller, the easier to read."""
        return sum(a.size for a in self.arrays.values())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Call:
    """What the parent asks of the worker: forward on a case and, where it has a dout, backward of that forward.

    `between` are other arrays, run forward in between, so that backward must use the cache of its own forward;
    `forward_only` asks for no backward; `transcribed` for the lines of code that do the same. `entry` is that of the cache in whose
    place backward gets what is usual there. `order` is how arrays lie in memory, in NumPy's letters: "F", with the first axis running
    fastest, is that of a transpose.
    """

    case: Case
    forward_only: bool = False
    between: Mapping[str, Array] | None = None
    entry: int | None = None
    transcribed: bool = False
    order: Literal["C", "F"] = "C"

    @property
    def dout(self) -> Array | None:
        """The upstream gradient, where backward is asked for."""
        return None if self.forward_only else self.case.dout


class FailureKind(StrEnum):
    """Why the student's function gave no usable values."""

    EXCEPTION = "exception"  # it raised
    EXIT = "exit"  # it raised SystemExit
    RETURNED = "returned"  # it returned something that is not what was asked for
    TIMEOUT = "timeout"
    DIED = "died"  # the process ended: sys.exit at C level, a crash, a kill
    MEMORY = "memory"
    DISTURBED = "disturbed"  # something wrote to the connection between worker and grader
    EXCESS = "excess"  # it wrote more files, or returned more, than it may
    LOAD = "load"  # its file could not be run
    ENVIRONMENT = "environment"  # it needs what cannot be had here, which is no mistake of the student's
    UNKNOWN = "unknown"  # the grader cannot find out how to call it
    NOT_RUN = "not run"  # given up after too many of the above


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A call of the student's code that gave no values. `text` and `trace` are the student's own words."""

    kind: FailureKind
    text: Cleaned
    trace: Cleaned = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one function, forward or backward, gave back for one call."""

    values: Mapping[str, Array] = field(default_factory=dict)
    failure: Failure | None = None
    mutated: tuple[Cleaned, ...] = ()
    warnings: tuple[Cleaned, ...] = ()
    lines: tuple[Cleaned, ...] = ()  # of code, where they were asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came back for one call. A stage is None where it was not asked for, or could not be."""

    forward: Stage | None = None
    backward: Stage | None = None

    def stage(self, part: Part) -> Stage | None:
        """Return the stage of that part."""
        return self.forward if part == "forward" else self.backward


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One array of the reference's answer. `units` is how many units of rounding a right element may be away from it.

    `bounds` are these distances by the size of a unit, each worked out once: see `numerics.bounds`.
    """

    value: Array
    units: Array
    bounds: dict[float, Array] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the reference says to the same call: arrays by name, or that the input must be refused, and why."""

    values: Mapping[str, Expected] = field(default_factory=dict)
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One observed disagreement, in the slots of a message to the student.

    Attributes:
        what: What was checked and did not hold, one sentence.
        where: The element, as the student would index it; "" where it is not about one element.
        got: The student's number or words.
        expected: The right number or words.
        cause: The likely cause, only where it was confirmed.
        next_step: What to do about it.
        case: Number, title, shapes, options and, where they are small, the arrays of the smallest input that shows it; and the call, line
            by line, where its convention is spelled.
        table: A plane around the element: {label, got, expected, wrong}, and {map: {summary, planes, more}} where that is not the whole
            array; None where there is nothing to show.
        worked: The number worked out: {element, terms, rest, rest_of, largest}; None where there is no such sum.
        trace: The end of the student's own traceback.
        of_one_case: Whether a smallest input says more than the sentence does.
        shown_on: The input that shows it, where it is none of the bank's.
        order: How the arrays of that input must lie in memory to show it, as in `Call`.
    """

    what: str
    where: str = ""
    got: float | str | None = None
    expected: float | str | None = None
    cause: str | None = None
    next_step: str | None = None
    case: Mapping[str, Any] = field(default_factory=dict)
    table: Mapping[str, Any] | None = None
    worked: Mapping[str, Any] | None = None
    trace: Cleaned = NOTHING
    of_one_case: bool = True
    shown_on: Case | None = None
    order: Literal["C", "F"] = "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check of one part: what a line of the report shows."""

    id: str
    title: str
    part: Part
    verdict: Verdict
    score: Fraction = Fraction(0)
    max_score: Fraction = Fraction(0)
    findings: tuple[Finding, ...] = ()
    reason: str = ""  # why it was skipped, or what of ours broke
    law: bool = False  # a second vote, without points
    decided: bool = True  # False where nothing could tell, and nobody made a mistake: it counts neither for nor against

    def caused(self, cause: str | None, next_step: str | None = None) -> "CheckResult":
        """Return the same with this cause, and this advice, in all findings."""
        return replace(self, findings=tuple(replace(f, cause=cause, next_step=next_step) for f in self.findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was found out about a task beyond its checks: a stable id, and the sentence for the student."""

    id: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """One task of one submission."""

    id: str
    title: str
    standing: Standing
    score: Fraction
    max_score: Fraction
    parts: Mapping[Part, Standing]
    checks: tuple[CheckResult, ...] = ()
    notes: tuple[str, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    graded: Mapping[Part, Cleaned] = field(default_factory=dict)  # what was graded, by part: "layers.py:12 affine_forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionResult:
    """One submission."""

    id: Cleaned
    sha256: str
    standing: Standing
    score: Fraction
    max_score: Fraction
    duration_s: float
    tasks: tuple[TaskResult, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """How student code was kept apart, and what a self-test of that found."""

    tier: str
    probes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeReport:
    """Everything a run found; `results.json` is this."""

    assignment: Mapping[str, Any]  # id, title, sha256, seed
    isolation: Isolation
    submissions: tuple[SubmissionResult, ...]
