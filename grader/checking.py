"""Check one submission, as often as it changes: what is slow to begin with is begun once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.grading import PUBLIC_SEED, cache_folder
from grader.language import Sentence
from grader.sandbox.isolation import Sandbox, open_sandbox
from grader.text import NOTHING

if TYPE_CHECKING:
    from grader.intake import Bundle
    from grader.model import SubmissionResult


@contextmanager
def checking(
    tasks_file: Path | None = None,
    *,
    only: Sequence[str] = (),
    seed: int | None = None,
    sandbox: str = "best",
    jobs: int = 1,
) -> Iterator[Callable[["Bundle"], dict[str, Any]]]:
    """Give what grades one version of a submission after the other, and returns what `results.json` holds of it.

    They share the cases and the process that workers are forked from; a worker serves one version, and is never used again.

    Args:
        tasks_file: The assignment; by default tasks.yaml here, else the bundled one.
        only: The tasks to show; by default all. Layers that a net rests on are graded with it, since what they lost may be carried
            forward, but are not shown.
        seed: What the cases are drawn from; by default the assignment's, and where it has none, 0, which everybody knows.
        sandbox: "require", "best" or "off".
        jobs: How many tasks are graded at a time.

    Raises:
        GraderError: Nothing can be graded: a wrong assignment, no such task, no isolation.
    """
    with open_sandbox(Sandbox(sandbox)) as (launcher, isolation):
        # Imported while the zygote loads NumPy on another core.
        from concurrent.futures import ThreadPoolExecutor

        from grader import assignment, carried, casebank, engine
        from grader.report.results import entry, head
        from grader.report.settled import settled

        cache = cache_folder()
        whole = assignment.load(assignment.find(tasks_file), cache)
        shown = {task.id for task in assignment.chosen(whole, only)}
        asked = carried.with_layers(whole, only) if only else whole
        policy = whole.policy.of_some_tasks() if only else whole.policy
        drawn_from = next(s for s in (seed, whole.seed, PUBLIC_SEED) if s is not None)
        banks = {task.id: casebank.bank(task.spec, task.readings, drawn_from, cache) for task in asked.tasks}
        about = head(whole.about(drawn_from), isolation)
        with ThreadPoolExecutor(jobs) as pool, engine.grading(asked, banks, launcher, False, pool.map) as graded:

            def checked(bundle: "Bundle") -> dict[str, Any]:
                results = settled(about | {"submissions": [entry(_of(graded(bundle), shown))]}, policy)
                return results | {"submissions": list(results["submissions"])}

            yield checked


def nothing_found(submission: Mapping[str, Any]) -> bool:
    """Whether nothing of a submission answers any task, not even what is not finished yet; what is misspelt does not."""
    from grader import messages

    misspelt = messages.near_miss(NOTHING, NOTHING, 0, NOTHING).template
    beside = [note for task in submission["tasks"] for note in task["notes"] if note not in submission["notes"]]
    return submission["status"] == "missing" and all(isinstance(note, Sentence) and note.template == misspelt for note in beside)


def _of(result: "SubmissionResult", shown: set[str]) -> "SubmissionResult":
    """Return the result of these tasks alone."""
    from grader import scoring

    tasks = tuple(task for task in result.tasks if task.id in shown)
    score, max_score = scoring.totals(tasks)
    return replace(result, tasks=tasks, standing=scoring.standing(t.standing for t in tasks), score=score, max_score=max_score)
