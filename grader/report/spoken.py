"""The sentences of the results in the reader's language: collected when the results are made, put in their places by a report."""

from collections.abc import Callable, Iterator
from typing import Any

from grader.language import ENGLISH, LANGUAGES, Sentence, translated

Results = dict[str, Any]


def translations(results: Results) -> dict[str, dict[str, str]]:
    """Return every sentence of the results, English to the other languages; the words of students and instructors are none."""
    said = dict.fromkeys(_sentences(results))
    return {language: {str(s): translated(s, language) for s in said} for language in LANGUAGES if language != ENGLISH}


def _sentences(value: object) -> Iterator[Sentence]:
    if isinstance(value, Sentence):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _sentences(entry)


def localised(results: Results, language: str) -> Results:
    """Return the results with their sentences in a language."""
    if language == ENGLISH:
        return results
    table = results["translations"].get(language, {})
    return results | {"submissions": [respoken(one, lambda text: table.get(text, text)) for one in results["submissions"]]}


def respoken(submission: Results, tell: Callable[[str], str]) -> Results:
    """Return a submission in which `tell` was asked for every text that may be a sentence."""

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
        return entry | {
            "diagnoses": [told(diagnosis, "message") for diagnosis in entry["diagnoses"]],
            "checks": [check(one) for one in entry["checks"]],
            "notes": [tell(note) for note in entry["notes"]],
        }

    made = submission | {"tasks": [task(one) for one in submission["tasks"]], "notes": [tell(note) for note in submission["notes"]]}
    if "final" in submission:
        final = submission["final"]
        made["final"] = final | {"adjustments": [told(entry, "message") for entry in final["adjustments"]]}
    return made
