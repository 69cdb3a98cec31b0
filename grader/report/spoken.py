"""The sentences of the results in the reader's language: collected when the results are made, put in their places by a report."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from grader.language import ENGLISH, LANGUAGES, Sentence, translated
from grader.report.each import Each
from grader.report.each import Results as Results

Text = TypeVar("Text", bound=str)


def translations(results: Results) -> dict[str, dict[str, str]]:
    """Return every sentence of a part of the results, English to the other languages; the words of students and instructors are none."""
    said = dict.fromkeys(texts(results, Sentence))
    return {language: {str(s): translated(s, language) for s in said} for language in LANGUAGES if language != ENGLISH}


def texts(value: object, kind: type[Text]) -> Iterator[Text]:
    """Yield the texts of a kind in a part of the results, however deep they stand."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from texts(entry, kind)


def localised(results: Results, language: str) -> Results:
    """Return the results with their sentences in a language."""
    if language == ENGLISH:
        return results
    return _localised(language, results) | {"submissions": Each(partial(_localised, language), results["submissions"])}


def _localised(language: str, part: Results) -> Results:
    table = part["translations"].get(language, {})
    return respoken(part, lambda text: table.get(text, text))


def respoken(part: Results, tell: Callable[[str], str]) -> Results:
    """Return one submission, or what stands beside them, in which `tell` was asked for every text that may be a sentence."""

    def told(entry: Results, *slots: str) -> Results:
        return entry | {slot: tell(entry[slot]) for slot in slots if isinstance(entry.get(slot), str)}

    def table(entry: Results | None) -> Results | None:
        return entry | {"map": told(entry["map"], "summary")} if entry and "map" in entry else entry

    def check(entry: Results) -> Results:
        findings = [
            told(f, "what", "got", "expected", "cause", "next_step") | {"case": told(f["case"], "title"), "table": table(f["table"])}
            for f in entry["findings"]
        ]
        return told(entry, "title", "reason") | {"findings": findings}

    def task(entry: Results) -> Results:
        return told(entry, "title") | {
            "diagnoses": [told(diagnosis, "message") for diagnosis in entry["diagnoses"]],
            "checks": [check(one) for one in entry["checks"]],
            "notes": [tell(note) for note in entry["notes"]],
        }

    if "assignment" in part:
        return part | {"assignment": told(part["assignment"], "title")}
    made = part | {"tasks": [task(one) for one in part["tasks"]], "notes": [tell(note) for note in part["notes"]]}
    if "final" in part:
        made["final"] = part["final"] | {"adjustments": [told(entry, "message") for entry in part["final"]["adjustments"]]}
    return made
