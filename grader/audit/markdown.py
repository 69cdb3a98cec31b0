"""An audit as a document."""

from collections.abc import Iterator, Sequence

from grader.audit.findings import TaskAudit, altogether, laws
from grader.audit.students import Kind
from grader.audit.text import caught, said

TITLE = ("# Audit", "", "Made by `grader audit --format markdown`.", "")
COLUMNS = ("task", "misconceptions", "mutants", "right as far as tried", "holes", "habits", "right variants that pass")


def render(tasks: Sequence[TaskAudit]) -> str:
    """Return tables of tasks, survivors, checks and laws."""
    return "\n".join([*TITLE, *_tasks(tasks), *_holes(tasks), *_unasked(tasks), *_equivalent(tasks), *_checks(tasks), *_laws(tasks)])


def _tasks(tasks: Sequence[TaskAudit]) -> Iterator[str]:
    yield from _head(*COLUMNS)
    for task in tasks:
        if task.reference:
            right = task.of.get(Kind.RIGHT, 0)
            counts = (task.equivalent.total(), len(task.holes))
            yield _row(
                f"`{task.id}`",
                *(caught(task, kind) for kind in (Kind.MISCONCEPTION, Kind.MUTANT)),
                *map(str, counts),
                caught(task, Kind.HABIT),
                f"{right - len(task.refused)} of {right}",
            )
        else:
            yield _row(f"`{task.id}`", *["no reference"] * (len(COLUMNS) - 1))
    found = [task for task in tasks if task.reference]
    sums = [
        f"{sum(t.caught(k) for t in found)} of {sum(t.of.get(k, 0) for t in found)}" for k in (Kind.MISCONCEPTION, Kind.MUTANT, Kind.HABIT)
    ]
    right = sum(t.of.get(Kind.RIGHT, 0) for t in found)
    passed = right - sum(len(t.refused) for t in found)
    equivalent, holes = sum(t.equivalent.total() for t in found), sum(len(t.holes) for t in found)
    yield _row("*all*", *sums[:2], str(equivalent), str(holes), sums[2], f"{passed} of {right}")


def _holes(tasks: Sequence[TaskAudit]) -> Iterator[str]:
    yield from ("", "## Holes", "")
    lines = [f"- `{task.id}`, `{said(survivor)}`" for task in tasks for survivor in task.holes]
    lines += [f"- `{task.id}`, right, and does not pass: {r.name}: {', '.join(r.checks)}" for task in tasks for r in task.refused]
    yield from lines or ["None."]


def _unasked(tasks: Sequence[TaskAudit]) -> Iterator[str]:
    if lines := [f"- `{task.id}`: {', '.join(task.unasked)}" for task in tasks if task.unasked]:
        yield from ("", "## No mistake with the options asked for", "", *lines)


def _equivalent(tasks: Sequence[TaskAudit]) -> Iterator[str]:
    """Yield the places whose changes are right as far as tried, once for all tasks that run them."""
    yield from ("", "## Right as far as tried", "")
    yield from _head("place", "changes", "tasks")
    places: dict[str, list[tuple[str, int]]] = {}
    for task in tasks:
        for place, count in task.equivalent.items():
            places.setdefault(place, []).append((task.id, count))
    for place, found in sorted(places.items(), key=lambda item: _sorted(item[0])):
        yield _row(f"`{place}`", str(max(count for _, count in found)), ", ".join(f"`{name}`" for name, _ in found))


def _sorted(place: str) -> tuple[str, int]:
    file, _, rest = place.partition(":")
    return file, int(rest.partition(" ")[0])


def _checks(tasks: Sequence[TaskAudit]) -> Iterator[str]:
    yield from ("", "## Checks", "")
    yield from _head("check", "wrong students it fails", "of them, found by it alone", "points")
    for use in altogether(tasks):
        yield _row(f"`{use.check}`", str(use.failed), str(use.alone), "yes" if use.points else "no")


def _laws(tasks: Sequence[TaskAudit]) -> Iterator[str]:
    yield from ("", "## Laws", "")
    yield from _head("law, a second vote without points", "wrong students it sees")
    for name, count in sorted(laws(tasks).items()):
        yield _row(f"`{name}`", str(count))


def _head(*columns: str) -> tuple[str, str]:
    return _row(*columns), _row(*["---"] * len(columns))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
