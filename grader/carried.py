"""A net, or a part of one, that is wrong only since its layers are: graded again with right ones, for a share of what it lost."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader import messages, scoring
from grader.assignment import Assignment, Task
from grader.model import PARTS, CheckResult, Diagnosis, Finding, Part, Standing, TaskResult, Verdict
from grader.sandbox.surveyed import Binding
from grader.text import one_line
from grader.worker.conventions import CONVENTIONS

INSTEAD = Path(__file__).parent / "instead"
DENSE = ("affine", "relu", "sigmoid", "softmax_loss")
PLANES = ("affine", "relu", "conv2d", "max_pool2d", "softmax_loss")
# What a net may be made of.
LAYERS: Mapping[str, Sequence[str]] = {
    "two_layer_net": DENSE,
    "three_layer_net": DENSE,
    "training": DENSE,
    "fully_connected_net": ("affine", "relu", "softmax_loss"),
    "three_layer_conv_net": PLANES,
    "deep_conv_net": PLANES,
}
SPELT = ("cs231n", "deep_learning_from_scratch")  # conventions whose nets call layers by names


@dataclass(frozen=True, slots=True)
class Wrong:
    """The layers of a submission that are wrong, and that a net of it may be made of.

    Attributes:
        shown: The functions or classes that failed, as the student calls them.
        names: What the right ones are called, by each name that may stand for such a layer.
        convention: How all of them are spelt.
    """

    shown: tuple[str, ...]
    names: Mapping[str, str]
    convention: str

    @property
    def request(self) -> Mapping[str, Any]:
        """What LOAD says, so that right layers stand in the place of these."""
        source = (INSTEAD / f"{self.convention}.py").read_text(encoding="utf-8")
        return {"instead": {"source": source, "names": dict(self.names)}}


def with_layers(asked: Assignment, ids: Sequence[str]) -> Assignment:
    """Return an assignment of these tasks, and of those on whose layers they rest."""
    layers = {layer for task in asked.tasks if task.id in ids for layer in LAYERS.get(task.spec.name, ())}
    return replace(asked, tasks=tuple(task for task in asked.tasks if task.id in ids or task.spec.name in layers))


def carry_forward(
    assignment: Assignment,
    bindings: Mapping[str, Binding],
    graded: Sequence[TaskResult],
    again: Callable[[Task, Wrong], TaskResult],
    over: Callable[..., Iterable[TaskResult]],
) -> tuple[TaskResult, ...]:
    """Return the results with what is carried forward.

    Args:
        assignment: What is asked.
        bindings: What answers each task, by its id.
        graded: How each task ended, in the order of the assignment.
        again: Grades a task with right layers in the place of wrong ones.
        over: `map`, or what maps on several threads.
    """
    credit = Fraction(str(assignment.carried_forward_credit))

    def one(task: Task, result: TaskResult) -> TaskResult:
        wrong = _wrong(task, assignment.tasks, bindings, graded) if _lost(result) else None
        if not wrong:
            return result
        return _carried_over(result, again(task, wrong), wrong, credit)

    return tuple(over(one, assignment.tasks, graded)) if credit else tuple(graded)


def _lost(result: TaskResult) -> bool:
    """Whether the student lost points for what was handed in."""
    return result.standing in (Standing.FAILED, Standing.PARTIAL) and result.score < result.max_score


def _wrong(net: Task, tasks: Sequence[Task], bindings: Mapping[str, Binding], graded: Sequence[TaskResult]) -> Wrong | None:
    convention = bindings[net.id].convention
    layers = LAYERS.get(net.spec.name, ()) if convention in SPELT else ()
    shown: dict[str, None] = {}
    names: dict[str, str] = {}
    for task, result in zip(tasks, graded, strict=True):
        if task.spec.name in layers and bindings[task.id].convention == convention and _lost(result):
            places = bindings[task.id].parts
            wants = CONVENTIONS[convention][task.spec.name].wants
            for part in PARTS:
                right = wants[part].names[0]
                own = places[part].name if part in places else right
                names |= dict.fromkeys((*wants[part].names, own), right)
                if result.parts.get(part, Standing.PASSED) is not Standing.PASSED:
                    shown[one_line(own)] = None
    return Wrong(tuple(shown), names, convention) if shown else None


def _carried_over(result: TaskResult, with_right_ones: TaskResult, wrong: Wrong, credit: Fraction) -> TaskResult:
    """Give the checks of each part that is right with right layers their share, and say so; the other parts are wrong themselves."""
    if with_right_ones.standing in (Standing.MISSING, Standing.ERRORED):  # nothing was found out
        return result
    right = [part for part, before in result.parts.items() if before is not Standing.PASSED is with_right_ones.parts[part]]
    own = _of_its_own(result, with_right_ones, wrong.shown)
    if not right:
        return own
    whole = with_right_ones.standing is Standing.PASSED
    cause = messages.carried_forward(wrong.shown) if whole else messages.carried_forward_in(right[0], wrong.shown)
    checks = tuple(_carried(c, cause, credit) if c.part in right and c.verdict is not Verdict.PASSED else c for c in own.checks)
    parts: dict[Part, Standing] = {part: scoring.part_standing([c for c in checks if c.part == part]) for part in result.parts}
    return replace(
        own,
        standing=scoring.standing(parts.values()),
        score=sum((c.score for c in checks), Fraction(0)),
        parts=parts,
        checks=checks,
        # What was found to be wrong with these parts before has been disproved: they are right.
        diagnoses=(Diagnosis(id="carried_forward", message=cause), *own.diagnoses),
    )


def _of_its_own(result: TaskResult, with_right_ones: TaskResult, layers: Sequence[str]) -> TaskResult:
    """Return the result as it is with right layers, where it is still wrong then: what its layers do is no mistake of the net's.

    A cause that was found with them is told with the numbers and the input that it was found with. A number that is right with
    them has no other cause, and what was to be done about it is no advice any more.
    """
    checks = {check.id: check for check in with_right_ones.checks}

    def seen(check: CheckResult) -> CheckResult:
        now = checks.get(check.id)
        if check.verdict is not Verdict.FAILED or now is None:
            return check
        if now.verdict is Verdict.FAILED:
            same = [_shown(finding) for finding in check.findings]
            return replace(check, findings=tuple(f if _shown(f) in same else _with(f, layers) for f in now.findings))
        cause = messages.right_with(layers) if now.verdict is Verdict.PASSED else None
        return check.caused(cause)

    return replace(result, checks=tuple(map(seen, result.checks)), diagnoses=with_right_ones.diagnoses)


def _shown(finding: Finding) -> tuple[Any, ...]:
    return finding.what, finding.where, finding.got, finding.expected, finding.case


def _with(finding: Finding, layers: Sequence[str]) -> Finding:
    # Below the student's own layers, the lines that call it would give other numbers.
    case = {name: value for name, value in finding.case.items() if name != "call"}
    return replace(finding, what=messages.seen_with_right(layers, finding.what), case=case)


def _carried(check: CheckResult, cause: str, credit: Fraction) -> CheckResult:
    return replace(check.caused(cause), score=max(check.score, credit * check.max_score))
