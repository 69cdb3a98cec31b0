"""From paths to results: what both `grader check` and `grader grade` do, and what a notebook may call."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import IntakeError
from grader.sandbox.launch import open_launcher

if TYPE_CHECKING:
    from grader.model import Isolation

# The functions below import what they use: the worker's zygote loads NumPy on one core while this process loads it, and the
# rest, on another.


def cache_folder() -> Path:
    """Return where case banks and checked assignments are kept: the user's cache folder."""
    import platformdirs

    return platformdirs.user_cache_path("nablagrade", appauthor=False)


def run(
    paths: Sequence[Path | str],
    tasks_file: Path | None = None,
    *,
    seed: int | None = None,
    sandbox: str = "best",
    jobs: int = 1,
    on_done: Callable[[Any], None] = lambda _: None,
) -> dict[str, Any]:
    """Grade the submissions at `paths` and return what `results.json` holds.

    Args:
        paths: Folders, .py files, notebooks or archives, each one submission.
        tasks_file: The assignment; by default tasks.yaml here, else the bundled one.
        seed: What the cases are drawn from; by default the assignment's.
        sandbox: "require", "best" or "off".
        jobs: How many submissions are graded at a time.
        on_done: Called for every finished submission.

    Raises:
        GraderError: Nothing could be graded: a wrong assignment, no such path, no isolation.
    """
    with open_launcher() as launcher:
        from grader import assignment
        from grader.engine import grade
        from grader.intake import read
        from grader.report.results import to_results
        from grader.sandbox.isolation import Sandbox, isolate

        if isinstance(paths, str | Path):
            raise IntakeError(f"{paths}: grader.run takes a list of paths, one for each submission.")
        isolation = isolate(Sandbox(sandbox))
        loaded = assignment.load(assignment.find(tasks_file), cache_folder())
        report = grade(
            [read(Path(path)) for path in paths],
            loaded,
            launcher=launcher,
            isolation=isolation,
            seed=loaded.seed if seed is None else seed,
            jobs=jobs,
            cache=cache_folder(),
            on_done=on_done,
        )
        return to_results(report)


def probe() -> tuple["Isolation", str]:
    """Start a worker, and say what kept it apart and how it started."""
    from grader.model import Limits
    from grader.sandbox.isolation import Sandbox, isolate
    from grader.sandbox.session import await_ready

    with open_launcher() as launcher:
        process = launcher.start(Limits().memory_mb)
        await_ready(process)
        process.kill()
        how = "forked from a warm process" if sys.platform == "linux" else "spawned"
        return isolate(Sandbox.BEST), how
