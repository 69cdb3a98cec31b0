"""What an audit finds out about a task, and about the checks of a whole assignment. Data only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.audit.students import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A wrong student who loses nothing.

    Attributes:
        name: What is wrong.
        kind: Where the student comes from.
        place: File, line and function of what was changed in the reference, or "".
        equivalent: The numbers are right on the cases of other seeds too, so that it may be right after all.
        failed: Checks that failed and cost nothing, and laws that did not hold.
    """

    name: str
    kind: Kind
    place: str
    equivalent: bool
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A right student, and the checks that it does not pass."""

    name: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a check is good for: how many wrong students it fails, and how many of them no other check does; `points` says that it bears some."""

    check: str
    points: bool
    failed: int
    alone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAudit:
    """What became of all students of one task.

    Attributes:
        id: Of the task.
        title: Of the task.
        reference: Whether there is one; without, nobody can be put to the task.
        of: How many students there were, by kind.
        survivors: The wrong ones who lost nothing.
        refused: The right ones who lost something.
        uses: What each check was good for.
        laws: How many wrong students each law saw, which costs nothing.
        unasked: The misconceptions that are no mistakes with the values of options that the task asks for; they count nowhere.
    """

    id: str
    title: str
    reference: bool = True
    of: Mapping[Kind, int]
    survivors: tuple[Survivor, ...] = ()
    refused: tuple[Refused, ...] = ()
    uses: tuple[Use, ...] = ()
    laws: Mapping[str, int]
    unasked: tuple[str, ...] = ()

    def caught(self, kind: Kind) -> int:
        """How many wrong students of a kind lost something."""
        return self.of.get(kind, 0) - sum(s.kind is kind for s in self.survivors)

    @property
    def holes(self) -> tuple[Survivor, ...]:
        """The survivors whose numbers are wrong somewhere."""
        return tuple(s for s in self.survivors if not s.equivalent)

    @property
    def equivalent(self) -> Counter[str]:
        """How many survivors are right as far as tried, by the place of what was changed."""
        return Counter(s.place for s in self.survivors if s.equivalent)

    @property
    def sound(self) -> bool:
        """Whether no misconception survives and every right student has full marks."""
        return not self.refused and not any(s.kind is Kind.MISCONCEPTION for s in self.survivors)


def altogether(tasks: Sequence[TaskAudit]) -> tuple[Use, ...]:
    """Add up what each check was good for in all tasks."""
    failed, alone = Counter[str](), Counter[str]()
    points: dict[str, bool] = {}
    for use in (use for task in tasks for use in task.uses):
        failed[use.check] += use.failed
        alone[use.check] += use.alone
        points[use.check] = points.get(use.check, False) or use.points
    return tuple(Use(check=name, points=points[name], failed=failed[name], alone=alone[name]) for name in points)


def laws(tasks: Iterable[TaskAudit]) -> Mapping[str, int]:
    """Add up what each law saw in all tasks."""
    seen = Counter[str]()
    for task in tasks:
        seen.update(task.laws)
    return seen
