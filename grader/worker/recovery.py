"""What of a file that does not parse can be graded all the same: all but the functions and statements that hold a mistake.

parso, a parser that goes on after a mistake, finds where the others begin and end. It is loaded only where a file does not parse,
from texts that were read while files could still be opened.
"""

import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from grader.worker.dialect import parsed
from grader.worker.holes import without
from grader.worker.loading import SourceFinder

MOST_LETTERS = 100_000  # of one file: parso is written in Python, and a text made to break a parser must not cost the time of all
MOST_MISTAKES = 30
CLASS = re.compile(r"class\b")
_kept: dict[str, str] = {}


def keep(folder: str) -> None:
    """Read parso's files from its folder, without running them; without a folder there is no recovery."""
    for below in ("", "pgen2", "python") if folder else ():
        for entry in os.scandir(os.path.join(folder, below)):  # noqa: PTH118 - no pathlib in a worker
            if entry.name.endswith((".py", ".txt")):
                with open(entry.path, encoding="utf-8") as file:  # noqa: PTH123
                    _kept["/".join(filter(None, ("parso", below, entry.name)))] = file.read()


def dropped(source: str) -> dict[int, int]:
    """Return the lines to do without, first and last of each block, so that the rest parses; nothing where that is not found."""
    if len(source) > MOST_LETTERS:
        return {}
    try:
        blocks = list(_blocks(_grammar().parse(source)))
        lost = _with_members({first: last for first, last, broken in blocks if broken}, source)
        for _ in range(MOST_MISTAKES):
            try:
                parsed(without(source, lost))
            except SyntaxError as error:
                line = error.lineno or 1
                around = [(first, last) for first, last, _ in blocks if first <= line <= last and lost.get(first) != last]
                if not around:
                    return {}
                first, last = min(around, key=lambda block: block[1] - block[0])
                lost[first] = last
            else:
                return lost
    except (ImportError, OSError, RuntimeError, ValueError, MemoryError):  # no parso, or a text made to break a parser
        return {}
    return {}


def _with_members(lost: dict[int, int], source: str) -> dict[int, int]:
    """Return the blocks with all that is indented below the first line of a class: it must not pass to the class above."""
    lines = source.split("\n")
    whole: dict[int, int] = {}
    end = 0
    for first, last in sorted(lost.items()):
        if first <= end:
            continue
        end = last
        if CLASS.match(lines[first - 1]):
            below = (n for n, line in enumerate(lines[last:], last + 1) if line[:1].strip())
            end = next(below, len(lines) + 1) - 1
        whole[first] = end
    return whole


def _grammar() -> Any:
    """Return parso's grammar of this Python, or of the newest that it knows."""
    finder: Any = SourceFinder(_kept)
    sys.meta_path.append(finder)
    # On import parso looks where its cache might be, and a worker has no home; nothing is ever written there.
    os.environ.setdefault("XDG_CACHE_HOME", os.sep)
    try:
        import parso.grammar
        from parso.utils import PythonVersionInfo
    finally:
        sys.meta_path.remove(finder)
    if not _kept:
        return parso.grammar.load_grammar()
    own = f"parso/python/grammar{sys.version_info.major}{sys.version_info.minor}.txt"
    newest = max((name for name in _kept if name.endswith(".txt")), key=lambda name: (len(name), name))
    return parso.grammar.PythonGrammar(PythonVersionInfo(*sys.version_info[:2]), _kept[own if own in _kept else newest])


def _blocks(module: Any) -> Iterator[tuple[int, int, bool]]:
    """Yield first line, last line and whether it is broken of every statement at the top, and of every method."""
    for node in module.children:
        if node.type in ("endmarker", "newline"):
            continue
        inner = _class_of(node)
        body = inner.children[-1] if inner else None
        members = [m for m in body.children if m.type != "newline"] if body is not None and body.type == "suite" else []
        yield (*_lines(node), _broken(node) and not (members and not any(map(_broken, inner.children[:-1]))))
        yield from ((*_lines(member), _broken(member)) for member in members)


def _class_of(node: Any) -> Any:
    inner = node.children[-1] if node.type == "decorated" else node
    return inner if inner.type == "classdef" else None


def _lines(node: Any) -> tuple[int, int]:
    (first, _), (last, column) = node.start_pos, node.end_pos
    return first, last - 1 if column == 0 and last > first else last


def _broken(node: Any) -> bool:
    todo = [node]
    while todo:
        node = todo.pop()
        if node.type in ("error_node", "error_leaf"):
            return True
        todo += getattr(node, "children", ())
    return False
