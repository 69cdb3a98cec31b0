"""HTML: a page for each submission and one for the class. No script, nothing fetched; every text is taken as hostile.

Every page is in all languages, and has a switch. What `language` says is shown first.

What is counted, ordered or cut is decided here; how it looks is in `templates/`.
"""

import base64
import hashlib
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import zip_longest
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.language import ENGLISH, LANGUAGES
from grader.report.bilingual import Told, in_all_languages, in_language, joined, printable, said, say
from grader.report.error_map import drawing
from grader.report.figures import figure, hundredths, pair
from grader.report.results import Results, beyond_findings, telling, tried, wrong_on
from grader.report.snippet import snippet
from grader.report.visibility import for_student, undecided
from grader.report.workings import formula, numbers, used

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
PLANES = 6  # of one array, before "and 3 more"
COMMON = 8  # rows of "what went wrong most"
Row = list[tuple[str, str]]  # the cells of a row of numbers: the text, and "wrong", "used" in what was worked out, or ""


def render_class(results: Results, *, language: str = ENGLISH) -> str:
    """Return the page of the class, whose links lead to `students/`."""
    rows = [in_all_languages(one) | {"page": path} for one, path in zip(results["submissions"], _paths(results), strict=True)]
    results = in_all_languages(results)
    return _page("class.html", language, results=results, rows=rows, tasks=_tasks(rows), common=_common(rows))


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
    return _page("student.html", language, results=results, submission=submission, tasks=tasks, shown=shown, silent=silent, home=home)


def pages(results: Results, language: str = ENGLISH, now: datetime | None = None) -> dict[str, str]:
    """Return every page by its path: `index.html` and `students/<name>.html`."""
    each = zip(_paths(results), results["submissions"], strict=True)
    students = {path: render_student(results, one, language=language, home="../index.html", now=now) for path, one in each}
    return {"index.html": render_class(results, language=language)} | students


def _paths(results: Results) -> list[str]:
    return [f"students/{name}.html" for name in file_names(submission["id"] for submission in results["submissions"])]


def file_names(ids: Iterable[str]) -> list[str]:
    """Return a name for each id that any file system takes, no two alike; an id that is one stays as it is."""
    names: list[str] = []
    for text in ids:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip(".-")[:60].rstrip(".")
        if not name or name != text or RESERVED.match(name):
            name = f"{'_' if RESERVED.match(name) else ''}{name}-{_digest(text).hex()[:8]}".lstrip("-")
        number, candidate, taken = 1, name, {n.casefold() for n in names}
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{name}-{number}"
        names.append(candidate)
    return names


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def shorten(text: str, length: int = 150) -> str:
    """Return the text without its full stop, cut between words."""
    if isinstance(text, Told):
        return text.each(shorten)
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


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


def first_words(task: Results) -> str:
    """Return in a few words what failed first in a task: the likely cause, or else what was found."""
    for check in telling(task["checks"]):
        if check["status"] == "failed":
            found = check["findings"][0] if check["findings"] else {"what": check["reason"] or check["title"]}
            return shorten(found.get("cause") or found["what"])
    return ""


def how_often(check: Results) -> str:
    """Return on how many of its inputs a check failed, where that is known."""
    cases = [found["case"] for found in check["findings"] if "failing" in found["case"] and "of" in found["case"]]
    return wrong_on(cases[0]) if cases else ""


def worst(tasks: Iterable[Results]) -> list[Results]:
    """Return the tasks that were handed in and lost points, the costliest first; none that waits for a layer which is among them."""
    wrong = [task for task in tasks if task["status"] in ("failed", "partial")]
    own = [task for task in wrong if all(diagnosis["id"] != "carried_forward" for diagnosis in task["diagnoses"])]
    return sorted(own or wrong, key=lambda task: float(task["score"] - task["max_score"]))


def unloaded(submission: Results) -> bool:
    """Whether nothing of the submission could be run: there is no file, or every function is in one that fails to load."""
    checks = [check for task in submission["tasks"] for check in task["checks"]]
    # A contract that is broken without an input to show it is a file that could not be run.
    lost = any(c["id"].endswith(".contract") and f["what"] and not f["case"] for c in checks for f in c["findings"])
    return submission["status"] == "missing" or (lost and not any(check["status"] == "passed" for check in checks))


def broken(submission: Results) -> bool:
    """Whether the grader itself failed somewhere in the submission."""
    checks = (check for task in submission["tasks"] for check in task["checks"])
    return any(entry["status"] == "errored" for entry in (submission, *submission["tasks"], *checks))


def percent(entry: Results) -> float:
    """Return the score in percent of what could be earned."""
    return 100 * float(entry["score"]) / entry["max_score"] if entry["max_score"] else 0.0


def median(submissions: Iterable[Results]) -> float:
    """Return the median score in percent, to one place."""
    return round(statistics.median(map(percent, submissions)), 1)


def _tasks(submissions: Iterable[Results]) -> list[Results]:
    """Return for each task how the submissions stand in it."""
    by_id: dict[str, list[Results]] = defaultdict(list)
    for task in (task for submission in submissions for task in submission["tasks"]):
        by_id[task["id"]].append(task)
    return [_outcome(entries) for entries in by_id.values()]


def _outcome(entries: list[Results]) -> Results:
    counted = [percent(task) for task in entries if task["status"] != "errored"]  # what we broke is no one's score
    return {
        "id": entries[0]["id"],
        "title": entries[0]["title"],
        "counts": Counter(task["status"] for task in entries),
        "of": len(entries),
        "mean": statistics.fmean(counted) if counted else None,
    }


def _common(submissions: Iterable[Results]) -> list[Results]:
    """Return the checks that failed in most submissions, with those submissions."""
    failed: dict[tuple[str, str, str], Results] = {}
    for submission in submissions:
        for task in submission["tasks"]:
            for check in (check for check in telling(task["checks"]) if check["status"] == "failed"):
                entry = {"task": task["title"], "check": check, "submissions": []}
                entry = failed.setdefault((task["id"], check["part"], check["id"]), entry)
                if submission not in entry["submissions"][-1:]:
                    entry["submissions"].append(submission)
    return sorted(failed.values(), key=lambda entry: -len(entry["submissions"]))[:COMMON]


def histogram(submissions: Sequence[Results]) -> list[int]:
    """Return how many scores are in each tenth of what could be earned."""
    tenths = Counter(min(int(percent(s) / 10), 9) for s in submissions if s["max_score"])
    return [tenths[tenth] for tenth in range(10)]


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
    style = made.get_template("style.css").render()
    made.globals |= {
        "style_hash": base64.b64encode(_digest(style)).decode(),
        "pair": pair,
        "planes": planes,
        "say": say,
        "said": said,
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
        histogram,
        how_often,
        hundredths,
        in_language,
        joined,
        median,
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
    made.tests |= {"unloaded": unloaded, "broken": broken}
    return made


def _page(template: str, language: str, **values: Any) -> str:
    return environment().get_template(template).render(language=language, languages=LANGUAGES, **values)
