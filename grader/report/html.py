"""HTML: a page for each submission and one for the class. Nothing is fetched; every text is taken as hostile.

Every page is in all languages, and has a switch. What `language` says is shown first. The page of the class has one script, which
sorts and filters its table, and says all without it; students' pages have none.

What is ordered or cut is decided here, what is counted in `class_figures`; how it looks is in `templates/`.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.language import ENGLISH, LANGUAGES
from grader.report.bilingual import in_all_languages, in_language, joined, printable, said, say
from grader.report.class_figures import FEWEST, counted
from grader.report.error_map import drawing
from grader.report.figures import figure, hundredths, pair
from grader.report.gist import first_words, shorten, unloaded, worst
from grader.report.page_names import FileNames, file_names
from grader.report.results import Results, beyond_findings, telling, tried, wrong_on
from grader.report.snippet import snippet
from grader.report.visibility import HIDDEN, for_student, undecided
from grader.report.workings import formula, numbers, used

PLANES = 6  # of one array, before "and 3 more"
Row = list[tuple[str, str]]  # the cells of a row of numbers: the text, and "wrong", "used" in what was worked out, or ""


def render_class(results: Results, *, language: str = ENGLISH) -> Iterator[str]:
    """Yield the page of the class piece by piece; its links lead to `students/`."""
    figures = counted(results["submissions"], _Paths().path)
    return _pieces("class.html", language, results=in_all_languages(results), figures=figures)


def render_student(
    results: Results, submission: Results, *, language: str = ENGLISH, home: str | None = None, now: datetime | None = None
) -> str:
    """Return the page of one submission, as its student may see it.

    Args:
        results: The whole run.
        submission: One of its submissions.
        language: What the page shows first.
        home: Where the page of the class is, if the page shall link to it.
        now: When it is read.
    """
    results, submission = in_all_languages(results), in_all_languages(for_student(submission, now))
    names = file_names(task["id"] for task in submission["tasks"])
    tasks = [task | {"anchor": f"task-{name}"} for task, name in zip(submission["tasks"], names, strict=True)]
    silent = [task for task in tasks if task["status"] == "missing" and not task["notes"]]
    order = ("failed", "partial", "errored", "missing", "passed", "hidden")
    shown = sorted((task for task in tasks if task not in silent), key=lambda task: order.index(task["status"]))
    return "".join(
        _pieces("student.html", language, results=results, submission=submission, tasks=tasks, shown=shown, silent=silent, home=home)
    )


def pages(results: Results, language: str = ENGLISH, now: datetime | None = None) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield every page with its path, `index.html` and `students/<name>.html`; each is made when its turn comes."""
    yield "index.html", render_class(results, language=language)
    paths = _Paths()
    for one in results["submissions"]:
        yield paths.path(one["id"]), [render_student(results, one, language=language, home="../index.html", now=now)]


class _Paths(FileNames):
    def path(self, id: str) -> str:
        return f"students/{self.name(id)}.html"


def shape(value: Any) -> str:
    """Return a shape as Python writes it."""
    return str(tuple(value)) if isinstance(value, list | tuple) else str(value)


def drawn(table: Results) -> dict[str, list[Row]]:
    """Return the two planes of a finding, with as many digits as tell a wrong number from the right one."""
    sides: dict[str, list[Row]] = {"got": [], "expected": []}
    for got, expected, wrong in zip_longest(*(table[key] for key in ("got", "expected", "wrong")), fillvalue=()):
        both = [pair(*cells) for cells in zip(got, expected, strict=False)]
        for place, (side, row) in enumerate((("got", got), ("expected", expected))):
            texts = [cells[place] for cells in both] + [figure(cell) for cell in row[len(both) :]]
            sides[side].append([(text, "wrong" if any(wrong[i : i + 1]) else "") for i, text in enumerate(texts)])
    return sides


def corner(label: str) -> tuple[int | None, int | None]:
    """Return where row and column of a plane begin whose label is like "dx[0, 0, 2:10, :]"; None is no such axis."""
    starts = [int(start or 0) for start in re.findall(r"(\d*):\d*", label.partition("[")[2])]
    if len(starts) not in (1, 2):
        return None, None
    return starts[0] if len(starts) == 2 else None, starts[-1]


def planes(
    name: str, values: Any, places: Iterable[tuple[int, ...]] = (), at: tuple[int, ...] = ()
) -> tuple[list[tuple[str, list[Row]]], int]:
    """Return an array as captioned planes, and how many more there are; `places` are those of the entries to mark."""
    rows = values if isinstance(values, list) else [values]
    caption = f"{name}[{', '.join(map(str, at))}]" if at else name
    if not any(isinstance(row, list) for row in rows):
        return [(caption, [_row(rows, places, at if isinstance(values, list) else None)])], 0
    if not any(isinstance(cell, list) for row in rows if isinstance(row, list) for cell in row):
        return [(caption, [_row(row if isinstance(row, list) else [row], places, (*at, i)) for i, row in enumerate(rows)])], 0
    parts = [planes(name, row, places, (*at, i)) for i, row in enumerate(rows)]
    flat = [part for shown, _ in parts for part in shown]
    return flat[:PLANES], len(flat[PLANES:]) + sum(more for _, more in parts)


def _row(values: Iterable[Any], places: Iterable[tuple[int, ...]], at: tuple[int, ...] | None) -> Row:
    return [(figure(value), "used" if (() if at is None else (*at, i)) in places else "") for i, value in enumerate(values)]


def problems(task: Results) -> list[Results]:
    """Return what failed in a task, checks with the same finding together, each with the causes and steps `told` before it."""
    groups: dict[tuple[Any, ...], Results] = {}
    for check in telling(task["checks"]):
        if check["status"] == "failed":
            first = check["findings"][0] if check["findings"] else None
            key = (first["what"], first["where"], first["cause"]) if first else (check["part"], check["id"])
            group = groups.setdefault(key, {"checks": [], "findings": []})
            group["checks"].append(check)
            group["findings"] += [finding for finding in check["findings"] if finding not in group["findings"]]
    told: set[str] = set()
    for group in groups.values():
        group["told"] = frozenset(told)
        told.update(finding[slot] for finding in group["findings"] for slot in ("cause", "next_step") if finding[slot])
    return list(groups.values())


def how_often(check: Results) -> str:
    """Return on how many of its inputs a check failed, where that is known."""
    cases = [found["case"] for found in check["findings"] if "failing" in found["case"] and "of" in found["case"]]
    return wrong_on(cases[0]) if cases else ""


def mark(status: str, *, spoken: bool = False) -> Markup:
    """Return the mark of a status in a line of text, with its word beside it or only spoken."""
    return _part("mark", status, spoken)


def score(earned: float, max_score: float, status: str = "") -> Markup:
    """Return points and what they are out of; of what is hidden nobody may know them."""
    return _part("score", None if status == HIDDEN else earned, max_score)


@lru_cache(maxsize=4096)
def _part(name: str, *values: Any) -> Markup:
    """Return what a macro of `parts.html` makes of values: every check has a mark and points, and most have the same."""
    made: Markup = getattr(environment().get_template("parts.html").module, name)(*values)
    return made


@cache
def environment() -> Environment:
    """Return what renders the templates; what they say, they say in every language."""
    made = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=printable,
    )
    made.globals |= {
        "style_hash": _hash(made.get_template("style.css").render()),
        "script_hash": _hash(made.get_template("class.js").render()),
        "fewest": FEWEST,
        "mark": mark,
        "pair": pair,
        "planes": planes,
        "say": say,
        "said": said,
        "score": score,
        "used": used,
    }
    filters = (
        beyond_findings,
        corner,
        drawing,
        drawn,
        figure,
        first_words,
        formula,
        how_often,
        hundredths,
        in_language,
        joined,
        numbers,
        problems,
        shape,
        shorten,
        snippet,
        tried,
        undecided,
        worst,
    )
    made.filters |= {function.__name__: function for function in filters}
    made.tests["unloaded"] = unloaded
    return made


def _hash(text: str) -> str:
    """Return what a page's policy calls a style sheet or a script."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _pieces(template: str, language: str, **values: Any) -> Iterator[str]:
    return environment().get_template(template).generate(language=language, languages=LANGUAGES, **values)
