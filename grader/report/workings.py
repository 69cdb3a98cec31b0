"""The expected number of a finding worked out, as one would write it on a board: by the names of its entries, and by their values."""

import re
from typing import Any

from grader.report.figures import figure

Worked = dict[str, Any]


def formula(worked: Worked) -> str:
    """Return the element by its entries: "out[0, 1] = x[0, 0]·w[0, 1] + x[0, 1]·w[1, 1] + b[1]"."""
    rest = [worked["rest_of"] or figure(worked["rest"])] if worked["rest"] else []
    return f"{worked['element']} = {_joined(worked, [*map(_named, worked['terms']), *rest])}"


def numbers(worked: Worked, total: Any) -> str:
    """Return the same by their values: "3·9 + (-3)·(-8) + 4 = 55"."""
    terms = [_number(t["value"]) if _plain(t) else f"{_number(t['value'])}·{_number(t['times'])}" for t in worked["terms"]]
    rest = [_number(worked["rest"])] if worked["rest"] else []
    alone = len(terms) + len(rest) == 1 and _plain(worked["terms"][0])
    return figure(total) if alone else f"{_joined(worked, [*terms, *rest])} = {figure(total)}"


def used(worked: Worked | None) -> dict[str, set[tuple[int, ...]]]:
    """Return the places of the entries that go into the element, by the name of their array."""
    places: dict[str, set[tuple[int, ...]]] = {}
    if worked:
        entries = [entry for term in worked["terms"] for entry in (term["entry"], term["factor"])]
        for entry in (*entries, worked["rest_of"]):
            name, _, index = entry.partition("[")
            places.setdefault(name, set()).add(tuple(int(i) for i in re.findall(r"\d+", index)))
    return places


def _plain(term: dict[str, Any]) -> bool:
    return not term["factor"] and term["times"] == 1


def _named(term: dict[str, Any]) -> str:
    if _plain(term):
        return str(term["entry"])
    return f"{term['entry']}·{term['factor'] or _number(term['times'])}"


def _number(value: Any) -> str:
    text = figure(value)
    return f"({text})" if text.startswith("-") else text


def _joined(worked: Worked, terms: list[str]) -> str:
    return f"max({', '.join(terms)})" if worked["largest"] else " + ".join(terms)
