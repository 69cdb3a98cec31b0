"""What is in a submission, without running it: which functions and classes are defined where, and which tasks they answer."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from grader.worker import banned, dialect, obstacles, recovery
from grader.worker.conventions.adapter import Adapter, Wanted
from grader.worker.conventions.own import Signature, conventions
from grader.worker.definitions import Definition, definitions, described
from grader.worker.holes import without
from grader.worker.loading import SourceFinder

COPY = re.compile(r"(?<![^\W_])(?:copy|old|backup|bak|orig|original)(?![^\W_])|\(\d+\)", re.IGNORECASE)


def survey(
    files: Mapping[str, str],
    tasks: Mapping[str, tuple[str, list[str]]],
    *,
    imports: Iterable[str] = (),
    calls: Iterable[str] = (),
    names: Mapping[str, Mapping[str, Sequence[str]]] = MappingProxyType({}),
    own: Mapping[str, Signature] = MappingProxyType({}),
) -> dict[str, Any]:
    """Match what the files define with what the tasks ask for, each given as (layer, conventions).

    `imports` and `calls` are modules and names that are banned; `names` are those that an assignment has for a task's functions, by task
    and part, and that come before a convention's own; `own` are layers that no convention knows.

    Returns:
        `tasks`: for each task {convention, parts: {part: {path, line, name, error}}, also: [...], banned: [[path, line,
        "imports" or "uses", name], ...], made: [...] of the same, where a library's own version of the layer is used}, without these keys where
        nothing was found, and {near: [[name, path, line, wanted
        name], ...], unfinished: [part, ...], unread: [part, ...], lacks: [option, ...], alone: {option: value}}; `broken`: {path: [line, text]} of files that do not parse; where there are any, `dropped`:
        {path: {first: last}}, lines without which such a file does parse, and `obstacles`: {path: [[line, kind, name], ...]}, what is
        worked around where a file is run.
    """
    files, dropped, told, older = _readable(files)
    spelt = conventions(own)
    index: dict[str, list[Definition]] = {}
    broken: dict[str, list[Any]] = {}
    for path in sorted(files, key=_from_original_to_copy):
        for definition in definitions(path, files[path]):
            if definition.error and path not in told:
                broken[path] = [definition.line, definition.error]
            if definition.name:
                index.setdefault(definition.name, []).append(definition)
    index = {name: [_inheriting(d, index) for d in sorted(found, key=lambda d: bool(d.error))] for name, found in index.items()}
    known = {name for c in spelt.values() for a in c.values() for w in a.wants.values() for name in w.names}
    bound = {id: _bind(spelt, *task, index, known, names.get(id, {})) for id, task in tasks.items()}
    found = banned.look(files, imports, calls)
    graded: dict[str, set[str]] = {}  # by the library that whoever runs these files has besides NumPy
    for id, binding in bound.items():
        if "parts" in binding:
            adapter = spelt[binding["convention"]][tasks[id][0]]
            places = {place["path"] for place in binding["parts"].values()}
            graded.setdefault(adapter.needs, set()).update(places)
            binding["banned"] = banned.within_reach(files, places, found)
            if made := _ready_made(adapter, binding, files, index):
                binding["made"] = made
    stands: dict[str, list[obstacles.Obstacle]] = {}
    for library, paths in sorted(graded.items(), reverse=True):  # without one last: what is missing there is said
        stands |= {path: o for path in sorted(banned.reached(files, paths)) if (o := _obstacles(path, files, older, library))}
    return {
        "broken": broken | told,
        "tasks": bound,
        **({"dropped": dropped} if dropped else {}),
        **({"obstacles": stands} if stands else {}),
    }


def _from_original_to_copy(path: str) -> tuple[int, bool, str]:
    """Order files so that neither a backup nor a second download wins over the file that was handed in: `layers.py`, `layers (1).py`."""
    return path.count("/"), COPY.search(path) is not None, path.removesuffix(".py")


def _readable(files: Mapping[str, str]) -> tuple[dict[str, str], dict[str, dict[int, int]], dict[str, list[Any]], dict[str, int]]:
    """Return the files with holes where they do not parse, which lines those are, the mistake of each such file, and where one is Python 2."""
    readable, dropped, told, older = {}, {}, {}, {}
    for path, source in files.items():
        holed, text = source, dialect.readable(source)
        if text is source and _mistake(source):
            translated = dialect.translated(source)
            if lost := recovery.dropped(translated):
                dropped[path], told[path] = lost, _mistake(translated)
                holed = without(source, lost)
                text = dialect.readable(holed)
        readable[path] = text
        if text is not holed:
            older[path] = _mistake(holed)[0]
        elif not _mistake(text) and (line := dialect.python_2(text)):
            older[path] = line
    return readable, dropped, told, older


def _mistake(source: str) -> list[Any]:
    try:
        dialect.parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return list(described(error))
    return []


def _ready_made(
    adapter: Adapter, binding: Mapping[str, Any], files: Mapping[str, str], index: Mapping[str, list[Definition]]
) -> list[banned.Place]:
    """Return where graded code uses what its library has of the layer: in the class itself, or in what belongs to no class."""
    places = binding["parts"].values()
    paths = {place["path"] for place in places}
    found = banned.within_reach(files, paths, banned.look(files, (), adapter.ready_made)) if adapter.ready_made else []
    own = {(place["path"], place["line"]) for place in places}
    others = [d for listed in index.values() for d in listed if d.last and (d.path, d.line) not in own]
    return [f for f in found if f.does == "uses" and not any(d.path == f.path and d.line <= f.line <= d.last for d in others)]


def _obstacles(path: str, files: Mapping[str, str], older: Mapping[str, int], library: str) -> list[obstacles.Obstacle]:
    try:
        found = obstacles.obstacles(files[path], dialect.parsed(files[path]), partial(SourceFinder(files).answers, path), [library])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [(older[path], "python2", ""), *found] if path in older else found


def _inheriting(definition: Definition, index: Mapping[str, list[Definition]]) -> Definition:
    """Return a class with the methods and parameters of its bases, and of theirs, wherever in the submission they are."""
    methods, parameters, open_bases, seen = definition.methods, definition.parameters, list(definition.bases), set()
    while open_bases:
        name = open_bases.pop()
        if name not in seen:
            seen.add(name)
            for base in index.get(name, []):
                methods |= base.methods
                parameters |= base.parameters
                open_bases += base.bases
    if not definition.bases:
        return definition
    return replace(definition, methods=methods, parameters=parameters, bases=(*definition.bases, *seen))


def _bind(
    spelt: Mapping[str, Mapping[str, Adapter]],
    layer: str,
    accepted: list[str],
    index: dict[str, list[Definition]],
    known: set[str],
    names: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    candidates = {c: _named(spelt[c][layer], names) for c in accepted if layer in spelt[c]}
    bound = {c: _parts(adapter, index) for c, adapter in candidates.items()}
    best = max(bound, key=lambda c: _rank(candidates[c], bound[c]), default=None)
    if best is None or not bound[best]:
        return {"near": _near_misses([w for a in candidates.values() for w in a.wants.values()], index, known)}
    parts = bound[best]
    idle = [p for p, d in parts.items() if d.idle(p, candidates[best].wants[p])]
    unread = [p for p in idle if parts[p].illegible(p, candidates[best].wants[p])]
    named = {name.lower() for d in parts.values() for name in d.parameters}
    lacks = [option for option, (_, spelt) in candidates[best].neutral.items() if not spelt & named]
    alone = _alone(candidates[best], parts, index)
    also = [
        f"{d.path}:{d.line} {d.name}"
        for part, chosen in parts.items()
        for d in index[chosen.name]
        if d is not chosen and not d.error and d.answers(candidates[best].wants[part])
    ]
    return {
        "convention": best,
        "parts": {p: {"path": d.path, "line": d.line, "name": d.name, "error": d.error} for p, d in parts.items()},
        "also": sorted(set(also)),
        **({"unfinished": idle} if idle else {}),
        **({"unread": unread} if unread else {}),
        **({"lacks": lacks} if lacks else {}),
        **({"alone": alone} if alone else {}),
        "near": _near_misses([w for part, w in candidates[best].wants.items() if part not in parts], index, known),
    }


def _alone(adapter: Adapter, parts: Mapping[str, Definition], index: Mapping[str, list[Definition]]) -> dict[str, str]:
    """Return the options of which the file that was chosen has a class for one value only, with that value."""
    paths = {d.path for d in parts.values()}
    there = {name for name, found in index.items() if any(d.path in paths for d in found)}
    values = {option: [v for v, names in classes.items() if there.intersection(names)] for option, classes in adapter.apart.items()}
    return {option: known[0] for option, known in values.items() if len(known) == 1}


def _named(adapter: Adapter, names: Mapping[str, Sequence[str]]) -> Adapter:
    wants = {part: replace(wanted, names=(*names.get(part, ()), *wanted.names)) for part, wanted in adapter.wants.items()}
    return replace(adapter, wants=wants) if names else adapter


def _rank(adapter: Adapter, parts: Mapping[str, Definition]) -> tuple[bool, float]:
    """Return how a convention is preferred: one that needs no library wherever anything of it is finished, since that was written by hand."""
    finished = any(not d.error and not d.idle(p, adapter.wants[p]) for p, d in parts.items())
    return finished and not adapter.needs, _worth(adapter, parts)


def _worth(adapter: Adapter, parts: Mapping[str, Definition]) -> float:
    """Return how much a convention answers: finished parts, then parts that run, then parts at all."""
    finished = sum(not d.error and not d.idle(p, adapter.wants[p]) for p, d in parts.items())
    return finished + sum(not d.error for d in parts.values()) / 4 + len(parts) / 32


def _parts(adapter: Adapter, index: dict[str, list[Definition]]) -> dict[str, Definition]:
    matching: dict[str, list[Definition]] = {}
    for part, wanted in adapter.wants.items():
        found = [d for name in wanted.names for d in index.get(name, []) if d.answers(wanted)]
        matching[part] = sorted(found, key=lambda d: (bool(d.error), d.idle(part, wanted)))
    parts = {part: found[0] for part, found in matching.items() if found}
    # Forward and backward come from one file where one file has both: two half-finished copies are not one answer.
    if len(parts) == 2 and parts["forward"].path != parts["backward"].path:
        done = {p: [d for d in found if not d.error and not d.idle(p, adapter.wants[p])] for p, found in matching.items()}
        there = {d.path: d for d in reversed(done["backward"] or matching["backward"]) if not d.error}
        both = next(((d, there[d.path]) for d in matching["forward"] if d.path in there), None)
        if both:
            parts["forward"], parts["backward"] = both
    return parts


def _near_misses(missing: list[Wanted], index: dict[str, list[Definition]], known: set[str]) -> list[list[Any]]:
    strangers = [name for name in index if name not in known]
    of_torch = {name for name in strangers if any(base.startswith("torch.") for base in index[name][0].bases)}
    found: list[list[Any]] = []
    for (name, _), wanted in {(name, w.bases): w for w in missing for name in w.names}.items():
        candidates = {stranger.casefold(): stranger for stranger in (of_torch if wanted.bases else strangers)}
        for close in difflib.get_close_matches(name.casefold(), candidates, n=1, cutoff=0.85):
            d = index[candidates[close]][0]
            # A helper function `sigmoid` is no class `Sigmoid` misspelt.
            if bool(d.methods) == bool(wanted.methods or wanted.calls) and all(d.name != earlier[0] for earlier in found):
                found.append([d.name, d.path, d.line, name])
    return found
