"""What `tasks.yaml` may hold, and what to say where it does not. With `policy_file` the only user of pydantic."""

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError, model_validator

from grader import policy_file
from grader.errors import AssignmentError
from grader.narrowing import unfit
from grader.policy_file import GroupName, PolicyModel, Visibility
from grader.spelt import spelling
from grader.worker.conventions import CONVENTIONS
from reference import askable

if TYPE_CHECKING:
    Convention = str
else:
    Convention = Literal[tuple(CONVENTIONS)]
NUMPY_ALONE = [name for name, tasks in CONVENTIONS.items() if not any(adapter.needs for adapter in tasks.values())]
InexactOutputSize = Literal["error", "floor", "either"]
DottedName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$", max_length=80)]

PythonName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=80)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LimitsModel(_Model):
    """What one submission may use."""

    load_seconds: float = Field(10, gt=0, le=600, description="Time to run the submission's files, in seconds.")
    call_seconds: float = Field(2, gt=0, le=600, description="Time for one call of forward or backward, in seconds.")
    task_seconds: float = Field(30, gt=0, le=3600, description="Time for all calls of one task, in seconds.")
    memory_mb: int = Field(1024, ge=256, le=65536, description="Address space of the worker, in megabytes.")


class BannedModel(_Model):
    """What submissions should do without, looked for before anything runs."""

    imports: list[DottedName] = Field(
        default=[
            *("torch", "tensorflow", "keras", "jax", "autograd", "cupy", "scipy", "sklearn"),
            *("subprocess", "multiprocessing", "socket", "ctypes"),
        ],
        max_length=200,
        description="Modules, with all that is below them.",
    )
    calls: list[DottedName] = Field(
        default=["eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.fork", "os.execv", "os.posix_spawn"],
        max_length=200,
        description="Functions by their full names, such as numpy.pad, or modules with all that is below them, such as numpy.linalg.",
    )
    verdict: Literal["note", "fail"] = Field("note", description="note: said, costs nothing. fail: the task earns nothing.")


class PartsModel(_Model):
    """Weights of the two parts of a task; its points are divided in this ratio. A backward of weight 0 is not asked for."""

    forward: float = Field(1, ge=0, le=10000)
    backward: float = Field(1, ge=0, le=10000)

    @model_validator(mode="after")
    def _something_counts(self) -> Self:
        if self.forward + self.backward == 0:
            raise ValueError("at least one part must have a weight above 0")
        return self


class NamesModel(_Model):
    """Names of a task's functions or classes, looked for before those that the conventions know."""

    forward: list[PythonName] = Field(default=[], max_length=20)
    backward: list[PythonName] = Field(default=[], max_length=20)


class TaskModel(_Model):
    """One task."""

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=64, description="Unique; by default also the layer's name.")
    layer: str | None = Field(None, description="Name of the layer in the catalogue, where it is not the id.")
    checks: str | None = Field(
        None, pattern=r"^[\w-]+(/[\w-]+)*\.py$", description="File beside this one that describes the layer: see grader.authoring."
    )
    title: str = Field(min_length=1, max_length=120)
    description: str = ""
    points: float = Field(ge=0, le=10000)
    parts: PartsModel | None = None
    conventions: list[Convention] | None = Field(None, min_length=1)
    names: NamesModel | None = None
    inexact_output_size: InexactOutputSize | None = None
    activation: Literal["sigmoid", "relu", "either"] = "either"
    options: dict[str, list[StrictBool | StrictInt | StrictFloat | StrictStr]] = Field(
        default={}, description="Of which options only these values are asked, as in {stride: [1]}; others are asked as ever."
    )
    group: GroupName | None = Field(None, description="Name of a group, for drop and best_of of the policy.")
    bonus: bool = Field(False, description="Its points count for the score, and not for the maximum.")
    visibility: Visibility = Field("visible", description="When students see what its checks found.")


class AssignmentModel(_Model):
    """An assignment for nablagrade."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)
    title: str = Field(min_length=1, max_length=120)
    description: str = ""
    conventions: list[Convention] = Field(default=NUMPY_ALONE, min_length=1)
    inexact_output_size: InexactOutputSize = "either"
    regularisation: Literal[1, 0.5, "either"] = "either"  # type: ignore[valid-type]  # floats are no legal literals for mypy
    purity: Literal["note", "mark"] = "note"
    own_gradient_credit: float = Field(0.5, ge=0, le=1, description="What a right gradient of a wrong forward earns of its points.")
    carried_forward_credit: float = Field(
        0.5, ge=0, le=1, description="What a net that is right but for its layers earns of the points it lost; 0 does not look."
    )
    numeric_gradient: Literal["reject", "accept"] = "reject"
    banned: BannedModel = BannedModel()
    seed: int | None = Field(
        None, ge=0, lt=1 << 63, description="What the cases are drawn from; without it each `grader grade` draws a secret one."
    )
    limits: LimitsModel = LimitsModel()
    policy: PolicyModel = PolicyModel()
    tasks: list[TaskModel] = Field(min_length=1, max_length=200)


def validate(text: str, name: str) -> dict[str, Any]:
    """Return the checked document, every default filled in.

    Args:
        text: The YAML text.
        name: What to call the file in messages.

    Raises:
        AssignmentError: The text holds mistakes; the message lists all of them with line and path.
    """
    try:
        return _validated(text).model_dump()
    except _Mistakes as mistakes:
        listed = [
            f"{name}, line {line}, {where}: {what}" if where else f"{name}, line {line}: {what}" for line, where, what in mistakes.found
        ]
        head = [f"{len(listed)} mistakes in the assignment:"] if len(listed) > 1 else []
        raise AssignmentError("\n".join([*head, *listed])) from mistakes


def schema() -> dict[str, Any]:
    """Return the JSON Schema of `tasks.yaml`, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **AssignmentModel.model_json_schema()}


class _Mistakes(Exception):  # noqa: N818 - a list of them, turned into one AssignmentError
    def __init__(self, found: list[tuple[int, str, str]]) -> None:
        self.found = sorted(found)


def _validated(text: str) -> AssignmentModel:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, loader)):
            raise _Mistakes([(1, "", "anchors and aliases (& and *) are not accepted; write the value out")])
        root = yaml.compose(text, loader)
        document = yaml.load(text, loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _Mistakes([(mark.line + 1 if mark else 1, "", f"not YAML: {error.problem or error.context}")]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _Mistakes([(1, "", f"not YAML: {' '.join(str(error).split())}")]) from error
    if root is None or not isinstance(document, dict):
        raise _Mistakes([(1, "", "an assignment is a mapping with id, title and tasks")])
    found = [*_twice(root, ""), *_across(root, document)]
    found += [(_line(root, loc), _path(loc, document), what) for loc, what in policy_file.across(document)]
    try:
        model = AssignmentModel.model_validate(document)
    except ValidationError as error:
        found += [_mistake(root, document, e) for e in _distinct(error)]
        raise _Mistakes(found) from error
    if found:
        raise _Mistakes(found)
    return model


def _distinct(error: ValidationError) -> list[Any]:
    """A union reports each of its members: keep one line for each place."""
    return list({tuple(e["loc"][: _depth(e)]): e for e in reversed(error.errors(include_url=False))}.values())


def _depth(e: Any) -> int:
    return len(e["loc"]) - (e["type"] == "literal_error" and isinstance(e["loc"][-1], str) and e["loc"][-1].startswith("literal"))


def _mistake(root: yaml.Node, document: Any, e: Any) -> tuple[int, str, str]:
    loc = tuple(e["loc"])
    said = {
        "extra_forbidden": "there is no such key here",
        "missing": "must be given",
        "model_type": "must be a mapping (key: value)",
        "string_too_short": "must not be empty",
        "too_short": "must not be empty",
        "string_pattern_mismatch": "must be letters, digits, - and _, beginning with a letter",
    }
    if "checks" in loc:
        said["string_pattern_mismatch"] = "must be a Python file, such as my_checks.py"
    if "names" in loc:
        said["string_pattern_mismatch"] = "must be a Python name, such as my_affine"
    if loc[0] == "banned":
        said["string_pattern_mismatch"] = "must be a dotted Python name, such as os.system"
    message = said.get(e["type"], e["msg"].removeprefix("Value error, ").removeprefix("Input "))
    given = e["input"]
    shown = "" if isinstance(given, dict | list) or e["type"] in ("extra_forbidden", "missing") else f", but is {policy_file.shown(given)}"
    if e["type"].startswith("float") and isinstance(given, str) and "e" in given:
        shown += " (YAML reads 1e-9 as text; write 1.0e-9)"
    return _line(root, loc), _path(loc, document), f"{message}{shown}".rstrip("?.") + "."


def _path(loc: tuple[str | int, ...], document: Any) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    if loc[:1] == ("tasks",) and len(loc) > 1 and isinstance(loc[1], int):
        task = document["tasks"][loc[1]]
        name = task.get("id") if isinstance(task, dict) else None
        path += f" (task {name})" if name else ""
    return path


def _across(root: yaml.Node, document: dict[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Yield what no key shows alone, whatever else is wrong: a layer that is not there, an id that was used before."""
    tasks = document.get("tasks")
    first: dict[str, int] = {}
    for i, task in enumerate(tasks if isinstance(tasks, list) else []):
        given = task if isinstance(task, dict) else {}
        key = "layer" if isinstance(given.get("layer"), str) else "id"
        name, id = given.get(key), given.get("id")
        if isinstance(name, str) and not given.get("checks"):
            if unknown := _unknown(name):
                yield _line(root, ("tasks", i, key)), f"tasks[{i}].{key} (task {id})", unknown
            else:
                for where, what in _unfit(name, given, document.get("conventions")):
                    yield _line(root, ("tasks", i, where)), f"tasks[{i}].{where} (task {id})", what
        if isinstance(id, str):
            line = _line(root, ("tasks", i, "id"))
            if id in first:
                yield line, f"tasks[{i}].id (task {id})", f"this id was used before, in line {first[id]}."
            first.setdefault(id, line)


def _unknown(layer: str) -> str:
    if layer in askable():
        return ""
    close = difflib.get_close_matches(layer.casefold(), askable(), n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(askable())}."
    return f"there is no layer {layer}; {hint}"


def _unfit(layer: str, task: dict[str, Any], general: Any) -> Iterator[tuple[str, str]]:
    """Yield the settings of a task that its layer has no use for."""
    spec = askable()[layer]
    parts = task.get("parts")
    if isinstance(parts, dict) and not spec.differentiable:
        if parts.get("backward"):
            yield "parts", f"{layer} has no backward; leave out parts."
        elif parts.get("forward") == 0:
            yield "parts", f"{layer} has nothing but forward, whose weight must be above 0."
    for option in ("inexact_output_size", "activation"):
        if option in task and option not in spec.readings:
            yield option, f"{layer} has no {option}; leave it out."
    options = task.get("options")
    if isinstance(options, dict) and all(isinstance(values, list) for values in options.values()):
        empty = next((name for name, values in options.items() if not values), None)
        if what := f"{empty} has no value left; leave it out, or give some." if empty else unfit(spec, options):
            yield "options", what
    accepted = task.get("conventions") or general
    if isinstance(accepted, list) and not set(spelling(layer)).intersection(c for c in accepted if isinstance(c, str)):
        would = ", ".join(spelling(layer))
        yield "conventions" if "conventions" in task else "id", f"none of the accepted conventions spells {layer}; {would} would."


def _line(root: yaml.Node, loc: tuple[str | int, ...]) -> int:
    return _node(root, loc).start_mark.line + 1


def _node(root: yaml.Node, loc: tuple[str | int, ...]) -> yaml.Node:
    """Return the node at a path, or the deepest one above it that is there; of a mapping's entry, its key."""
    node, shown = root, root
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if getattr(k, "value", None) == str(part)), None)
            if pair is None:
                return shown
            shown, node = pair
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            shown = node = node.value[part]
        else:
            return shown
    return shown


def _twice(node: yaml.Node, path: str) -> Iterator[tuple[int, str, str]]:
    """Yield keys that a mapping holds twice: YAML would silently keep the last."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if str(key.value) in seen:
                yield line, f"{path}{key.value}", f"stands here a second time, first in line {seen[str(key.value)]}."
            seen.setdefault(str(key.value), line)
            yield from _twice(value, f"{path}{key.value}.")
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield from _twice(value, f"{path.rstrip('.')}[{i}].")
