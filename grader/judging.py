"""Outcomes become check results: every property judges every case, and the smallest failing case speaks for the check."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader import messages
from grader.errors import SandboxError
from grader.model import PARTS, Answer, Case, CheckResult, Finding, Outcome, Part, Verdict
from grader.numerics.comparison import fitted
from grader.properties import Check, Property, suited
from grader.properties.property import Blocked, Evidence, Undecided, describe
from grader.text import Cleaned, one_line
from reference import LayerSpec


@dataclass(slots=True)
class _Tally:
    """What all cases said about one check."""

    passed: int = 0
    inputs: set[int] = field(default_factory=set)
    findings: list[tuple[Case, Finding]] = field(default_factory=list)
    blocked: list[tuple[int, Blocked]] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.inputs)

    @property
    def judged(self) -> int:
        return len(self.inputs - {shown for shown, _ in self.blocked} | {id(shown) for shown, _ in self.findings})


def judge(spec: LayerSpec, rows: Iterable[tuple[Property, Evidence]], parts: Sequence[Part]) -> list[tuple[CheckResult, int]]:
    """Return the result of every check of the given parts, with its weight; scores are still open."""
    tallies: dict[str, _Tally] = {}
    faults: dict[Property, str] = {}
    used: list[Property] = []
    for prop, evidence in rows:
        if prop not in used:
            used.append(prop)
        try:
            judged = prop.judge(evidence)
        except SandboxError:  # the worker is lost, and no judge is to blame
            raise
        except Exception as error:  # noqa: BLE001 - a judge that breaks is our fault: the check is ERRORED, never FAILED
            faults[prop] = f"{type(error).__name__}: {error}"
            continue
        for name, found in judged.items():
            _count(tallies.setdefault(name, _Tally()), evidence.case, found)
    results: dict[str, CheckResult] = {}
    weights: dict[str, int] = {}
    for prop in (p for p in suited(spec) if p in used):
        for check in prop.checks(spec):
            if check.part in parts:
                name = f"{check.part}.{check.name}"
                if (check.law or check.optional) and prop not in faults and name not in tallies:
                    continue  # no input of the bank suits it, or the submission has no such thing
                weights[name] = check.weight
                results[name] = (
                    _errored(name, check, faults[prop]) if prop in faults else _result(name, check, tallies.get(name, _Tally()), results)
                )
    return [(result, weights[name]) for name, result in sorted(results.items(), key=lambda item: PARTS.index(item[1].part))]


def _count(tally: _Tally, case: Case, found: Finding | Blocked | Undecided | None) -> None:
    shown = found.shown_on or case if isinstance(found, Finding) else case
    tally.inputs.add(id(shown))
    if found is None:
        tally.passed += 1
    elif isinstance(found, Blocked):
        tally.blocked.append((id(shown), found))
    elif isinstance(found, Undecided):
        tally.undecided.append(found)
    else:
        tally.findings.append((shown, found))


def _result(name: str, check: Check, tally: _Tally, earlier: Mapping[str, CheckResult]) -> CheckResult:
    result = CheckResult(id=name, title=check.title, part=check.part, verdict=Verdict.PASSED, law=check.law)
    for need in check.needs:
        if earlier[need].verdict is Verdict.ERRORED:
            return replace(result, verdict=Verdict.ERRORED, reason=earlier[need].reason)
        if earlier[need].verdict is not Verdict.PASSED:
            return replace(result, verdict=Verdict.SKIPPED, decided=earlier[need].decided, reason=messages.needs(earlier[need].title))
    if tally.findings:
        # Below twenty entries all inputs are easy to read, and the first of them are the plainest.
        case, finding = min(tally.findings, key=lambda item: (max(item[0].size, 20), item[0].number))
        described = describe(case, len(tally.findings), tally.judged) | ({"order": "F"} if finding.order == "F" else {})
        shown = replace(finding, case=described) if finding.of_one_case else finding
        return replace(result, verdict=Verdict.FAILED, findings=(shown,))
    if tally.blocked and tally.passed and check.weight:
        waits = all(b.reason == messages.NEEDS_FORWARD for _, b in tally.blocked)
        inputs = len({shown for shown, _ in tally.blocked})  # an input may have been asked about more than once
        what = messages.partly_blocked(check.name, inputs, tally.total, waits=waits)
        if waits:
            mostly = tally.passed >= len(tally.blocked)
            return replace(result, verdict=Verdict.PASSED if mostly else Verdict.SKIPPED, reason=what)
        return replace(result, verdict=Verdict.FAILED, findings=(Finding(what=what),))
    if tally.undecided and not tally.passed and not tally.blocked:
        return replace(result, verdict=Verdict.SKIPPED, decided=False, reason=tally.undecided[0].reason)
    if not tally.passed:
        reason = tally.blocked[0][1].reason if tally.blocked else messages.UNDECIDED
        return replace(result, verdict=Verdict.SKIPPED, reason=reason)
    return result


def ruled_out(
    judged: Sequence[tuple[CheckResult, int]], parts: Sequence[Part], places: Sequence[tuple[Cleaned, int, str, Cleaned]]
) -> list[tuple[CheckResult, int]]:
    """Return the checks of a task whose code does what the assignment bans: a failed one of each part bears all of its points."""
    failed = [
        CheckResult(
            id=f"{part}.banned",
            title=messages.TITLE_BANNED,
            part=part,
            verdict=Verdict.FAILED,
            findings=(Finding(what=messages.earns_nothing(part, places), next_step=messages.WITHOUT_BANNED, of_one_case=False),),
        )
        for part in parts
    ]
    return [*((check, 1) for check in failed), *((check, 0) for check, _ in judged)]


def _errored(name: str, check: Check, fault: str) -> CheckResult:
    reason = messages.errored(one_line(fault))
    return CheckResult(id=name, title=check.title, part=check.part, verdict=Verdict.ERRORED, reason=reason, law=check.law)


def read_notes(
    outcomes: Iterable[tuple[Case, Outcome]],
    answers: Sequence[Answer],
    also: Sequence[Cleaned],
    output: Cleaned,
    *,
    purity_noted: bool,
) -> list[str]:
    """Return what is worth saying and costs no points: warnings, prints, harmless shapes, arguments written into."""
    notes: dict[str, None] = {}
    longer: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}  # by name, the first shape with a further axis, and the usual one
    if also:
        notes[messages.also_defined(also[:4])] = None
    for case, outcome in outcomes:
        for part in PARTS:
            stage = outcome.stage(part)
            if stage is None:
                continue
            if stage.mutated and purity_noted:
                notes[messages.mutates(part, stage.mutated)] = None
            for warning in stage.warnings:
                notes[messages.warned(part, warning)] = None
            for name, got in stage.values.items():
                expected = answers[case.number].values.get(name)
                if expected and got.shape != expected.value.shape and fitted(got, expected.value.shape) is not None:
                    longer.setdefault(name, (got.shape, expected.value.shape))
                if got.dtype == "float32" and case.arrays and case.dtype == "float64":
                    notes[messages.single_precision(one_line(name, 80))] = None
    if longer:
        notes[messages.leading_axis(list(longer), *next(iter(longer.values())))] = None
    kept = list(notes)[:8]
    return [*kept, messages.printed(one_line(output.strip().splitlines()[0], 120))] if output.strip() else kept
