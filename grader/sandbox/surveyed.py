"""What a worker found in the files of a submission, believed only as far as it has the right form.

No student code runs in a survey, but a parser does, on whatever was handed in: the worker's answer is from outside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.model import PARTS, Part
from grader.text import Cleaned, one_line
from grader.worker.conventions import CONVENTIONS
from grader.worker.conventions.adapter import Adapter
from grader.worker.wire import ProtocolError

LONGEST_NAME = 200
LAST_LINE = 10_000_000
Spelt = Mapping[str, Mapping[str, Adapter]]
Use = tuple[Cleaned, int, str, Cleaned]  # a file, a line, "imports" or "uses", and what
Obstacle = tuple[Cleaned, int, str, Cleaned]  # a file, a line, which kind of obstacle, and what
OBSTACLES = ("missing", "known", "python2", "numpy")
NearMiss = tuple[Cleaned, Cleaned, int, Cleaned]  # the name, its file, its line, and the name that it may have meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the function of one part is. `path` and `name` are as the worker needs them; `shown` is for people."""

    path: str
    line: int
    name: str
    error: Cleaned  # why its file does not parse

    @property
    def shown(self) -> Cleaned:
        """The place as a reader looks for it."""
        return one_line(f"{self.path}:{self.line} {self.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What answers one task; without parts, nothing does."""

    convention: str = ""
    parts: Mapping[Part, Place] = field(default_factory=dict)
    also: tuple[Cleaned, ...] = ()
    near: tuple[NearMiss, ...] = ()
    banned: tuple[Use, ...] = ()
    made: tuple[Use, ...] = ()  # where a library's own version of the layer is used
    unfinished: tuple[Part, ...] = ()  # parts whose function nobody has filled in yet,
    unread: tuple[Part, ...] = ()  # and those of them that hold a mistake
    lacks: tuple[str, ...] = ()  # options for which its class has no parameter
    alone: Mapping[str, str] = field(default_factory=dict)  # options of which it has the class of this value only


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What the files hold: by task, and those that do not parse, as (path, line, why).

    `dropped` are lines (first: last) of a file, by its path, without which it does parse; `obstacles` what is worked around where a
    file is run.
    """

    tasks: Mapping[str, Binding]
    broken: tuple[tuple[Cleaned, int, Cleaned], ...] = ()
    dropped: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    obstacles: tuple[Obstacle, ...] = ()


def surveyed(
    answer: object, files: Mapping[str, str], tasks: Mapping[str, tuple[str, Sequence[str]]], spelt: Spelt = CONVENTIONS
) -> Surveyed:
    """Read the answer to a survey of `files` for `tasks`, each given as (layer, conventions); `spelt` are the adapters of all conventions.

    Raises:
        ProtocolError: It is no answer to that question.
    """
    match answer:
        case {"broken": dict(broken), "tasks": dict(found), **rest} if found.keys() == tasks.keys() and broken.keys() <= files.keys():
            return Surveyed(
                dropped=_dropped(rest.get("dropped", {}), files),
                obstacles=_obstacles(rest.get("obstacles", {}), files),
                tasks={name: _binding(found[name], files, spelt, *asked) for name, asked in tasks.items()},
                broken=tuple((one_line(path, 120), *_mistake(broken[path])) for path in sorted(broken)),
            )
    raise ProtocolError("survey")


def _dropped(told: object, files: Mapping[str, str]) -> dict[str, dict[int, int]]:
    match told:
        case dict() if told.keys() <= files.keys():
            return {path: _blocks(blocks) for path, blocks in told.items()}
    raise ProtocolError("dropped")


def _blocks(told: object) -> dict[int, int]:
    if not isinstance(told, dict) or not all(str(first).isdecimal() and len(str(first)) < 9 for first in told):
        raise ProtocolError("dropped")
    return {int(first): _line(last) for first, last in told.items()}


def _obstacles(told: object, files: Mapping[str, str]) -> tuple[Obstacle, ...]:
    found: list[Obstacle] = []
    for path, listed in told.items() if isinstance(told, dict) else [("", None)]:
        if path not in files or not isinstance(listed, list):
            raise ProtocolError("obstacles")
        for one in listed:
            match one:
                case [line, str(kind), str(name)] if kind in OBSTACLES:
                    found.append((one_line(path, 120), _line(line), kind, one_line(name, 160)))
                case _:
                    raise ProtocolError("obstacle")
    return tuple(found)


def _mistake(told: object) -> tuple[int, Cleaned]:
    match told:
        case [line, str(text)]:
            return _line(line), one_line(text)
    raise ProtocolError("mistake")


def _binding(told: Any, files: Mapping[str, str], spelt: Spelt, layer: str, conventions: Sequence[str]) -> Binding:
    match told:
        case {"near": [*near], "convention": str(convention), "parts": dict(parts), "also": [*also], "banned": [*banned]} if (
            convention in conventions and layer in spelt[convention] and parts and parts.keys() <= set(PARTS)
        ):
            return Binding(
                convention=convention,
                parts={part: _place(parts[part], files) for part in PARTS if part in parts},
                also=tuple(one_line(_text(place)) for place in also),
                near=_near(near),
                banned=tuple(map(_use, banned)),
                made=tuple(map(_use, _list(told.get("made", [])))),
                unfinished=_parts(told.get("unfinished", []), parts),
                unread=_parts(told.get("unread", []), parts),
                lacks=_options(told.get("lacks", []), spelt[convention][layer].neutral),
                alone=_alone(told.get("alone", {}), spelt[convention][layer].apart),
            )
        case {"near": [*near], **rest} if not rest:
            return Binding(near=_near(near))
    raise ProtocolError("binding")


def _list(told: object) -> list[object]:
    if not isinstance(told, list):
        raise ProtocolError("list")
    return told


def _parts(told: object, parts: Mapping[Any, object]) -> tuple[Part, ...]:
    listed = _list(told)
    return tuple(part for part in PARTS if part in parts and part in listed)


def _options(told: object, known: Iterable[str]) -> tuple[str, ...]:
    if not isinstance(told, list):
        raise ProtocolError("lacks")
    return tuple(option for option in known if option in told)


def _alone(told: object, known: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    if not isinstance(told, dict):
        raise ProtocolError("alone")
    return {option: value for option, values in known.items() for value in values if told.get(option) == value}


def _place(told: object, files: Mapping[str, str]) -> Place:
    match told:
        case {"path": str(path), "line": line, "name": str(name), "error": str(error)} if path in files and len(name) <= LONGEST_NAME:
            return Place(path=path, line=_line(line), name=name, error=one_line(error))
    raise ProtocolError("place")


def _use(told: object) -> Use:
    match told:
        case [str(path), line, "imports" | "uses" as does, str(name)]:
            return one_line(path, 120), _line(line), does, one_line(name, 120)
    raise ProtocolError("use")


def _near(told: Sequence[object]) -> tuple[NearMiss, ...]:
    misses: list[NearMiss] = []
    for miss in told:
        match miss:
            case [str(name), str(path), line, str(wanted)]:
                misses.append((one_line(name, 120), one_line(path, 120), _line(line), one_line(wanted, 120)))
            case _:
                raise ProtocolError("near")
    return tuple(misses)


def _line(told: Any) -> int:
    if type(told) is not int or not 0 <= told <= LAST_LINE:
        raise ProtocolError("line")
    return told


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise ProtocolError("text")
    return told
