"""From paths to results: what both `grader check` and `grader grade` do, and what a notebook may call."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import AssignmentError, IntakeError
from grader.sandbox.isolation import Sandbox, open_sandbox
from grader.sandbox.launch import can_fork

if TYPE_CHECKING:
    from grader.classroom.store import Store
    from grader.intake import HandedIn
    from grader.model import Isolation

PUBLIC_SEED = 0
SECRET_SEEDS = 1 << 32  # short enough to be typed again

# The functions below import what they use: the worker's zygote loads NumPy on one core while this process loads it, and the
# rest, on another.


def cache_folder() -> Path:
    """Return where case banks and checked assignments are kept: the user's cache folder."""
    import platformdirs

    return platformdirs.user_cache_path("nablagrade", appauthor=False)


def run(
    paths: Sequence["Path | str | HandedIn"],
    tasks_file: Path | None = None,
    *,
    seed: int | None = None,
    graded: bool = False,
    sandbox: str | None = None,
    jobs: int = 1,
    on_done: Callable[[Any], None] = lambda _: None,
) -> dict[str, Any]:
    """Grade the submissions at `paths` and return what `results.json` holds.

    Args:
        paths: Folders, .py files, notebooks or archives, each one submission; or what `discover` found.
        tasks_file: The assignment; by default tasks.yaml here, else the bundled one.
        seed: What the cases are drawn from; by default the assignment's, and where it has none, 0, which everybody knows.
        graded: The result counts. So the submissions shall not know the cases: where neither you nor the assignment names a seed, one
            is drawn, which the results tell, and nothing is kept on disk or taken from there, where student code may reach it. And
            some calls are made again in a second worker.
        sandbox: "require", "best" or "off"; by default, a jail is required where the result counts, and else the best there is.
        jobs: How many submissions are graded at a time.
        on_done: Called for every finished submission.

    Raises:
        GraderError: Nothing could be graded: a wrong assignment, no such path, two submissions of one name, no isolation.
    """
    with open_sandbox(Sandbox(sandbox or ("require" if graded else "best"))) as (launcher, isolation):
        from grader import assignment
        from grader.engine import grade
        from grader.intake import HandedIn, alone, read
        from grader.report.results import to_results
        from grader.report.settled import settled

        if isinstance(paths, str | Path):
            raise IntakeError(f"{paths}: grader.run takes a list of paths, one for each submission.")
        cache = None if graded else cache_folder()
        loaded = assignment.load(assignment.find(tasks_file), cache)
        handed_in = [one if isinstance(one, HandedIn) else alone(Path(one)) for one in paths]
        tell_apart([one.place if isinstance(one, HandedIn) else one for one in paths], [one.id for one in handed_in])
        report = grade(
            [read(one) for one in handed_in],
            loaded,
            launcher=launcher,
            isolation=isolation,
            seed=next((s for s in (seed, loaded.seed) if s is not None), secrets.randbelow(SECRET_SEEDS) if graded else PUBLIC_SEED),
            jobs=jobs,
            cache=cache,
            second_worker=graded,
            on_done=on_done,
        )
        results = settled(to_results(report), loaded.policy)
        return results | {"submissions": list(results["submissions"])}


def grade_class(
    handed_in: Sequence["HandedIn"],
    store: "Store",
    tasks_file: Path | None = None,
    *,
    seed: int | None = None,
    sandbox: str = "require",
    jobs: int | None = None,
    cluster: str | None = None,
    tell: Callable[[str], Any] = lambda _: None,
    regrade: Sequence[str] = (),
    on_done: Callable[[str], None] = lambda _: None,
) -> int:
    """Grade a class into a store, and return how many of its results were there already.

    The cases are drawn from `seed`; by default from the assignment's, else from the one of earlier runs into this store, else from a
    secret one, which the results tell.

    Args:
        handed_in: The submissions.
        store: Where results are kept.
        tasks_file: The assignment; by default tasks.yaml here, else the bundled one.
        seed: What the cases are drawn from.
        sandbox: "require", "best" or "off".
        jobs: How many processes grade; by default one a core, as far as the memory reaches.
        cluster: The address of a Dask scheduler whose workers grade, or `local` for one of this machine, with `jobs` workers.
        tell: Called with what the user should know: workers of the cluster that are refused, extensions of nobody.
        regrade: Tasks that are graded again although their results are there.
        on_done: Called for every submission, with its status, when that is known.

    Raises:
        GraderError: Nothing could be graded: a wrong assignment, two submissions of one name, no isolation.
    """
    with open_sandbox(Sandbox(sandbox)) as (launcher, isolation):
        from grader import assignment
        from grader.classroom import executors, run
        from grader.classroom.terms import Terms
        from grader.policy import unknown_extensions
        from grader.report.results import head

        document, sha256 = assignment.document(assignment.find(tasks_file))
    tell_apart([one.place for one in handed_in], [one.id for one in handed_in])
    asked = assignment.built(document, sha256)
    if unknown := [name for name in regrade if name not in {task.id for task in asked.tasks}]:
        raise AssignmentError(
            f"--regrade {unknown[0]}: the assignment has no such task; it has {', '.join(task.id for task in asked.tasks)}."
        )
    for stranger in unknown_extensions(asked.policy, [one.id for one in handed_in]):
        tell(f"extensions: {stranger} is no submission of this class; an extension is of the id that reports show.")
    known = (seed, asked.seed, store.head["assignment"]["seed"] if store.head else None)
    drawn_from = next((s for s in known if s is not None), secrets.randbelow(SECRET_SEEDS))
    store.begin(head(asked.about(drawn_from), isolation), document)
    terms = Terms(document=document, sha256=sha256, seed=drawn_from, tier=launcher.tier)
    number = jobs or executors.processes_that_fit(asked.limits.memory_mb)
    local: executors.Executor = executors.Serial() if number == 1 else executors.Processes(number)
    executor = executors.Cluster(cluster, number, tell) if cluster else local
    return run.grade(handed_in, terms, store, executor, regrade=regrade, on_done=on_done)


def tell_apart(paths: Sequence[Path | str], ids: Sequence[str]) -> None:
    """Make sure that every report shows the submissions under different names.

    Raises:
        IntakeError: Some report shows two of the ids alike.
    """
    from grader.report import lines, markdown, scores

    for shown in (lines.line, markdown.code, scores.cell):
        seen: dict[str, Path | str] = {}
        for path, identity in zip(paths, ids, strict=True):
            if (said := shown(identity)) in seen:
                raise IntakeError(f"{seen[said]} and {path}: a report would show both as {said}; rename one of them.")
            seen[said] = path


def probe() -> tuple["Isolation", str]:
    """Try what this system offers; return the best tier that holds, with what became of every attempt to break out, and how workers start."""
    with open_sandbox(Sandbox.BEST) as (_, isolation):
        return isolation, "forked from a warm process" if can_fork() else "spawned"
