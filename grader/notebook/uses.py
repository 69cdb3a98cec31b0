"""The global names that statements use: at once, or when what they define is called."""

import symtable
from collections.abc import Iterator
from typing import NamedTuple

FUTURE = "from __future__ import annotations\n"
COMPREHENSIONS = frozenset({"listcomp", "setcomp", "dictcomp", "genexpr"})  # these have names of their own, and are run at once


class Uses(NamedTuple):
    """Global names, in their order."""

    at_once: tuple[str, ...]
    later: tuple[str, ...]


def uses(text: str) -> Uses:
    """Return the names that statements read or, being declared `global`, set."""
    found: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for table, at_once in _tables(symtable.symtable(FUTURE + text, "", "exec"), at_once=True):
        for symbol in table.get_symbols():
            if symbol.is_global() and (symbol.is_referenced() or symbol.is_declared_global()):
                found[at_once][symbol.get_name()] = None
    return Uses(tuple(found[True]), tuple(found[False]))


def _tables(table: symtable.SymbolTable, *, at_once: bool) -> Iterator[tuple[symtable.SymbolTable, bool]]:
    yield table, at_once
    for inner in table.get_children():
        yield from _tables(inner, at_once=at_once and (inner.get_type() == "class" or inner.get_name() in COMPREHENSIONS))
