"""An assignment: what is asked, what it is worth, and which answers it accepts."""

import contextlib
import difflib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import checks_file
from grader.errors import AssignmentError
from grader.language import asked
from grader.model import PARTS, Limits, Part
from grader.narrowing import Options, narrowed, unfit
from grader.policy import Policy, from_document
from grader.spelt import signature, spelling, unlisted
from grader.worker.conventions.adapter import Adapter
from grader.worker.conventions.own import Signature, conventions
from reference import LayerSpec, askable

MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task, ready to be graded. `readings` are the legal readings of its layer that this assignment accepts."""

    id: str
    title: str
    description: str
    spec: LayerSpec
    points: float
    weights: Mapping[Part, float]
    conventions: tuple[str, ...]
    readings: Mapping[str, tuple[Any, ...]]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of its functions, by part, before those of the conventions
    options: Options = field(default_factory=dict)  # of which only these values are asked; its layer is narrowed to them


@dataclass(frozen=True, slots=True, kw_only=True)
class Banned:
    """What submissions should do without: modules, and functions or whole modules by their dotted names."""

    imports: tuple[str, ...]
    calls: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What is asked, and what it is worth. `own` are the layers that no convention lists, `spelt` the conventions with these."""

    id: str
    title: str
    description: str
    sha256: str
    seed: int | None
    purity: str
    own_gradient_credit: float
    carried_forward_credit: float
    numeric_gradient: str
    banned: Banned
    limits: Limits
    tasks: tuple[Task, ...]
    policy: Policy
    own: Mapping[str, Signature]
    spelt: Mapping[str, Mapping[str, Adapter]]

    def about(self, seed: int) -> Mapping[str, Any]:
        """Return what a report says of it, and of the seed that its cases were drawn from."""
        return {"id": self.id, "title": self.title, "sha256": self.sha256, "seed": seed}


def bundled() -> Path:
    """Return the course assignment that comes with the grader: in the package, or, from a checkout, beside it."""
    inside = Path(__file__).parent / "tasks.yaml"
    return inside if inside.exists() else Path(__file__).parent.parent / "tasks.yaml"


def find(given: Path | None) -> Path:
    """Return the assignment file to use: the one given, else `tasks.yaml` here, else the bundled one."""
    here = Path("tasks.yaml")
    return given or (here if here.is_file() else bundled())


def chosen(asked: Assignment, ids: Sequence[str]) -> tuple[Task, ...]:
    """Return the tasks of these ids, or all where none is named, in the order of the assignment.

    Raises:
        AssignmentError: There is no such task; the message says what was close.
    """
    known = [task.id for task in asked.tasks]
    for name in ids:
        if name not in known:
            called = {said.casefold(): task.id for task in asked.tasks for said in (task.title, task.id)}
            close = dict.fromkeys(called[said] for said in difflib.get_close_matches(name.casefold(), called, n=3))
            hint = f"did you mean {' or '.join(close)}?" if close else "`grader tasks` lists them."
            raise AssignmentError(f"{name}: {asked.id} has no such task; {hint}")
    return tuple(task for task in asked.tasks if not ids or task.id in ids)


def load(path: Path, cache: Path | None = None) -> Assignment:
    """Read and check an assignment. Raises AssignmentError: see `document`."""
    return built(*document(path, cache))


def document(path: Path, cache: Path | None = None) -> tuple[Mapping[str, Any], str]:
    """Read and check an assignment; return it as checked data, and the hash of its files.

    The data holds the text of the checks files, by their paths: another process, or another machine, needs nothing else, but for what
    such a file itself reads. A checked
    document is kept in `cache` by its content: loading YAML and pydantic costs more than grading a submission.

    Raises:
        AssignmentError: A file cannot be read, or holds mistakes; of tasks.yaml, the message lists all of them with line and path.
    """
    text = text_of(path)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    checked = _checked(text, path, cache / f"assignment-{_key(sha256)}.json" if cache else None)
    if checks := sorted({task["checks"] for task in checked["tasks"] if task["checks"]}):
        own = {name: text_of(path.parent / name) for name in checks}
        checked = {**checked, "own": own, "folder": str(path.parent.resolve())}
        for task in checked["tasks"]:
            _fits(path, checked, task)
        sha256 = hashlib.sha256(json.dumps([text, own]).encode()).hexdigest()
    return checked, sha256


def text_of(path: Path) -> str:
    """Return what a file of an assignment holds. Raises AssignmentError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AssignmentError(f"{path}: cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise AssignmentError(f"{path}: larger than {MAX_BYTES} bytes; this is no assignment.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AssignmentError(f"{path}: not UTF-8 text (byte {error.start}).") from error


def _fits(path: Path, document: Mapping[str, Any], task: Mapping[str, Any]) -> None:
    """See that a task of a checks file asks for what is there. Raises AssignmentError."""
    if not task["checks"]:
        return
    spec = _spec(document, {**task, "options": {}})
    if what := unfit(spec, task["options"]):
        raise AssignmentError(f"{path}, task {task['id']}, options: {what}")
    if not spec.differentiable and task["parts"] and task["parts"]["backward"]:
        raise AssignmentError(f"{path}, task {task['id']}: {spec.name} has no backward; leave out parts.")
    spelt = [name for name, tasks in conventions({spec.name: signature(spec)}).items() if spec.name in tasks]
    if not set(spelt) & set(task["conventions"] or document["conventions"]):
        raise AssignmentError(f"{path}, task {task['id']}: none of the accepted conventions spells {spec.name}; {', '.join(spelt)} would.")


def _spec(document: Mapping[str, Any], task: Mapping[str, Any]) -> LayerSpec:
    name, file = task["layer"] or task["id"], task["checks"]
    spec = checks_file.layer(file, document["own"][file], document["folder"], name) if file else askable()[name]
    return narrowed(spec, task["options"])


def _key(sha256: str) -> str:
    rules = b"".join(Path(__file__).with_name(name).read_bytes() for name in ("tasks_file.py", "policy_file.py"))
    traits = {name: (spelling(name), sorted(spec.readings), spec.differentiable) for name, spec in askable().items()}
    return hashlib.sha256(f"{sha256} {traits}".encode() + rules).hexdigest()[:32]


def _checked(text: str, path: Path, kept: Path | None) -> dict[str, Any]:
    if kept:
        with contextlib.suppress(OSError, ValueError):  # not kept yet, or cut short: it is checked again
            document: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
            return document
    from grader import tasks_file

    checked = tasks_file.validate(text, str(path))
    if kept:
        with contextlib.suppress(OSError):  # a full disk costs time, nothing else
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(checked), encoding="utf-8")
    return checked


def built(document: Mapping[str, Any], sha256: str) -> Assignment:
    """Return the assignment that a checked document describes."""
    tasks = tuple(_task(document, task) for task in document["tasks"])
    own = unlisted(task.spec for task in tasks)
    return Assignment(
        id=document["id"],
        title=asked(document["title"]),
        description=asked(document["description"].strip()),
        sha256=sha256,
        seed=document["seed"],
        purity=document["purity"],
        own_gradient_credit=document["own_gradient_credit"],
        carried_forward_credit=document["carried_forward_credit"],
        numeric_gradient=document["numeric_gradient"],
        banned=Banned(
            imports=tuple(document["banned"]["imports"]),
            calls=tuple(document["banned"]["calls"]),
            verdict=document["banned"]["verdict"],
        ),
        limits=Limits(**document["limits"]),
        tasks=tasks,
        policy=from_document(document),
        own=own,
        spelt=conventions(own),
    )


def _task(document: Mapping[str, Any], task: Mapping[str, Any]) -> Task:
    spec = _spec(document, task)
    given = {
        "inexact_output_size": task["inexact_output_size"] or document["inexact_output_size"],
        "reg_factor": document["regularisation"],
        "activation": task["activation"],
    }
    parts = task["parts"] or dict.fromkeys(PARTS, 1)
    # A backward of weight 0 is not asked for; a forward of weight 0 is, since backward needs its cache.
    weights: dict[Part, float] = {p: parts[p] for p in PARTS if p == "forward" or (spec.differentiable and parts[p])}
    return Task(
        id=task["id"],
        title=asked(task["title"]),
        description=asked(task["description"].strip()),
        spec=spec,
        points=task["points"],
        weights=weights,
        conventions=tuple(task["conventions"] or document["conventions"]),
        names={part: tuple(names) for part, names in (task["names"] or {}).items() if names},
        readings={n: (v,) for n, v in given.items() if n in spec.readings and v != "either"},
        options=task["options"],
    )
