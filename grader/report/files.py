"""Which files each format is, and how they are written: `results.json` first, the rest from it.

What programs read, `results.json`, JUnit XML and CSV, is in English.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from grader.errors import ReportError
from grader.language import ENGLISH
from grader.report import results as contract
from grader.report.results import Results


def _html(results: Results, language: str, now: datetime | None) -> Mapping[str, str]:
    from grader.report import html  # Jinja is loaded only where a page is made

    return html.pages(results, language, now)


def _junit(results: Results, *_: object) -> Mapping[str, str]:
    from grader.report import junit

    return {"junit.xml": junit.render(results)}


def _csv(results: Results, *_: object) -> Mapping[str, str]:
    from grader.report import scores

    return {"scores.csv": scores.render(results)}


def _markdown(results: Results, language: str, now: datetime | None) -> Mapping[str, str]:
    from grader.report import markdown

    return {"report.md": markdown.render(results, language, now)}


FORMATS: Mapping[str, Callable[[Results, str, datetime | None], Mapping[str, str]]] = MappingProxyType(
    {"html": _html, "junit": _junit, "csv": _csv, "markdown": _markdown}
)


def write(
    results: Results, folder: Path, formats: Iterable[str] = FORMATS, *, language: str = ENGLISH, now: datetime | None = None
) -> None:
    """Write `results.json` and the given formats below `folder`, with sentences for people in a language.

    What is for students holds what they may see `now`; without a time, nothing that is shown from some time on.

    Raises:
        ReportError: A file cannot be written.
    """
    _put(folder / "results.json", contract.chunks(results))
    for name in formats:
        for path, text in FORMATS[name](results, language, now).items():
            _put(folder / path, [text])


def up_to_date(folder: Path) -> bool:
    """Whether nobody took away what `write` writes first and last."""
    return all((folder / name).is_file() for name in ("results.json", "index.html", "junit.xml", "scores.csv", "report.md"))


def prepare(folder: Path) -> None:
    """Make the folder and see that it can be written to, before an hour of grading goes into it.

    Raises:
        ReportError: It cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ReportError(f"{folder}: cannot be written to: {error.strerror}.") from error


def _put(file: Path, text: Iterable[str]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8") as written:
            written.writelines(text)
    except OSError as error:
        raise ReportError(f"{file}: cannot be written: {error.strerror}.") from error
