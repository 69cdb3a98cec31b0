"""What is in a submission, without running it: which functions and classes are defined where, and which tasks they answer."""

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from grader.worker.conventions import CONVENTIONS
from grader.worker.conventions.adapter import Adapter, Wanted

DEFINITION = re.compile(r"^(?:async\s+)?(?:def|class)\s+([^\W\d]\w*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Definition:
    """One name that a file defines at its top level."""

    path: str
    line: int
    name: str
    least: int = 0  # positional arguments that must be given
    most: int = 99  # positional arguments that can be given
    methods: frozenset[str] = frozenset()
    error: str = ""  # the file does not parse

    def answers(self, wanted: Wanted) -> bool:
        """Whether this could be what a convention asks for."""
        if self.error:
            return True
        fits = wanted.arity is None or self.least <= wanted.arity <= self.most
        return fits and wanted.methods <= self.methods and not wanted.without & self.methods


def definitions(path: str, source: str) -> Iterator[Definition]:
    """Yield what a file defines; where it does not parse, the names that its lines begin to define."""
    try:
        yield from list(_names(path, ast.parse(source, path).body, {}))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        text = f"{type(error).__name__}: {getattr(error, 'msg', None) or error}"
        for match in DEFINITION.finditer(source):
            yield Definition(path, line, match.group(1), error=text)
        yield Definition(path, line, "", error=text)


def _names(path: str, body: Iterable[ast.AST], known: dict[str, Definition]) -> Iterator[Definition]:
    for node in body:
        made = []
        match node:
            case ast.FunctionDef(name=name, args=args):
                count = len(args.posonlyargs) + len(args.args)
                made = [Definition(path, node.lineno, name, count - len(args.defaults), 99 if args.vararg else count)]
            case ast.ClassDef(name=name, bases=bases, body=members):
                methods = frozenset(m.name for m in members if isinstance(m, ast.FunctionDef))
                inherited = (known[b.id].methods for b in bases if isinstance(b, ast.Name) and b.id in known)
                made = [Definition(path, node.lineno, name, methods=methods.union(*inherited))]
            case ast.Assign(targets=targets, value=value):
                other = known.get(value.id) if isinstance(value, ast.Name) else None
                like = other or Definition(path, node.lineno, "")
                made = [replace(like, line=node.lineno, name=target.id) for target in targets if isinstance(target, ast.Name)]
            case ast.If() | ast.Try() | ast.With() | ast.ExceptHandler():
                for block in ("body", "handlers", "orelse", "finalbody"):
                    yield from _names(path, getattr(node, block, []), known)
        for definition in made:
            known[definition.name] = definition
            yield definition


def survey(files: Mapping[str, str], tasks: Mapping[str, tuple[str, list[str]]]) -> dict[str, Any]:
    """Match what the files define with what the tasks ask for, each given as (layer, conventions).

    Returns:
        `tasks`: for each task {convention, parts: {part: {path, line, name, error}}, also: [...]}, without these keys where
        nothing was found, and {near: [[name, path, line, wanted name], ...]}; `broken`: {path: [line, text]} of files that
        do not parse.
    """
    index: dict[str, list[Definition]] = {}
    broken = {}
    # The shallowest file first: a copy in a backup folder must not win over the file that was handed in.
    for path in sorted(files, key=lambda p: (p.count("/"), p)):
        for definition in definitions(path, files[path]):
            if definition.error:
                broken[path] = [definition.line, definition.error]
            if definition.name:
                index.setdefault(definition.name, []).append(definition)
    for found in index.values():
        found.sort(key=lambda d: bool(d.error))
    known = {name for c in CONVENTIONS.values() for a in c.values() for w in a.wants.values() for name in w.names}
    return {"broken": broken, "tasks": {id: _bind(*task, index, known) for id, task in tasks.items()}}


def _bind(layer: str, conventions: list[str], index: dict[str, list[Definition]], known: set[str]) -> dict[str, Any]:
    candidates = {c: CONVENTIONS[c][layer] for c in conventions if layer in CONVENTIONS[c]}
    bound = {c: _parts(adapter, index) for c, adapter in candidates.items()}
    best = max(bound, key=lambda c: sum(not d.error for d in bound[c].values()) + len(bound[c]) / 8, default=None)
    if best is None or not bound[best]:
        return {"near": _near_misses([w for a in candidates.values() for w in a.wants.values()], index, known)}
    parts = bound[best]
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
        "near": _near_misses([w for part, w in candidates[best].wants.items() if part not in parts], index, known),
    }


def _parts(adapter: Adapter, index: dict[str, list[Definition]]) -> dict[str, Definition]:
    matching: dict[str, list[Definition]] = {}
    for part, wanted in adapter.wants.items():
        found = [d for name in wanted.names for d in index.get(name, []) if d.answers(wanted)]
        matching[part] = sorted(found, key=lambda d: bool(d.error))
    parts = {part: found[0] for part, found in matching.items() if found}
    # Forward and backward come from one file where one file has both: two half-finished copies are not one answer.
    if len(parts) == 2 and parts["forward"].path != parts["backward"].path:
        there = {d.path: d for d in reversed(matching["backward"]) if not d.error}
        both = next(((d, there[d.path]) for d in matching["forward"] if d.path in there), None)
        if both:
            parts["forward"], parts["backward"] = both
    return parts


def _near_misses(missing: list[Wanted], index: dict[str, list[Definition]], known: set[str]) -> list[list[Any]]:
    strangers = [name for name in index if name not in known]
    found: list[list[Any]] = []
    for name, wanted in {name: w for w in missing for name in w.names}.items():
        for close in difflib.get_close_matches(name, strangers, n=1, cutoff=0.85):
            d = index[close][0]
            # A helper function `sigmoid` is no class `Sigmoid` misspelt.
            if bool(d.methods) == bool(wanted.methods) and all(d.name != earlier[0] for earlier in found):
                found.append([d.name, d.path, d.line, name])
    return found
