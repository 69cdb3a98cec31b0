"""Verdicts and weights become points and standings. Pure: no clock, no files, no worker."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from grader.model import CheckResult, Part, Standing, TaskResult, Verdict


def decimal(points: Fraction) -> float:
    """Return points as a decimal with at most four places."""
    rounded = round(float(points), 4)
    return int(rounded) if rounded == int(rounded) else rounded


@lru_cache(maxsize=1024)
def fraction(points: float) -> Fraction:
    """Return points that are given as a decimal, exactly."""
    return Fraction(str(points))


def part_points(points: float, weights: Mapping[Part, float]) -> dict[Part, Fraction]:
    """Divide the points of a task over its parts, in the ratio of their weights."""
    total = sum(map(fraction, weights.values()))
    return {part: fraction(points) * fraction(w) / total for part, w in weights.items()}


def scored(
    checks: Sequence[CheckResult], weights: Mapping[str, int], points: Fraction, credits: Mapping[str, Fraction] = MappingProxyType({})
) -> list[CheckResult]:
    """Divide the points of one part over its checks. What errored is ours, and what could not be decided
    nobody's: neither counts for or against.

    `credits` is the share of its points, from 0 to 1, that a check earns though it has not passed.
    """
    total = sum(weights[c.id] for c in checks)
    shared = []
    for check in checks:
        share = points * weights[check.id] / total if total else Fraction(0)
        maximum = Fraction(0) if check.verdict is Verdict.ERRORED or not check.decided else share
        earned = maximum * (1 if check.verdict is Verdict.PASSED else credits.get(check.id, Fraction(0)))
        shared.append(replace(check, score=earned, max_score=maximum))
    return shared


def part_standing(checks: Sequence[CheckResult]) -> Standing:
    """Sum up the checks of one part: passed when all passed, partial when some points were earned."""
    if not checks:
        return Standing.MISSING
    verdicts = {c.verdict for c in checks}
    if Verdict.ERRORED in verdicts:
        return Standing.ERRORED
    if verdicts == {Verdict.PASSED}:
        return Standing.PASSED
    bears = [c for c in checks if c.max_score] or checks
    return Standing.PARTIAL if any(c.verdict is Verdict.PASSED or c.score for c in bears) else Standing.FAILED


def standing(parts: Iterable[Standing]) -> Standing:
    """Sum up parts into a task, or tasks into a submission."""
    found = set(parts)
    if Standing.ERRORED in found:
        return Standing.ERRORED
    if len(found) == 1:
        return found.pop()
    return Standing.PARTIAL if found & {Standing.PASSED, Standing.PARTIAL} else Standing.FAILED


def totals(tasks: Sequence[TaskResult]) -> tuple[Fraction, Fraction]:
    """Return the points earned and the points decided."""
    return sum((t.score for t in tasks), Fraction(0)), sum((t.max_score for t in tasks), Fraction(0))
