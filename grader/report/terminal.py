"""What `grader check` prints: a line a check, the message first, then where to look."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from textwrap import dedent
from typing import Any

import click

from grader.language import ENGLISH, Sentence, say, translated
from grader.report.figures import hundredths, pair
from grader.report.final import final_line
from grader.report.lines import in_lines
from grader.report.results import Results, beyond_findings, telling, wrong_on
from grader.report.spoken import localised
from grader.report.visibility import for_students, undecided
from grader.report.workings import formula, numbers

INDENT = " " * 15
MOST_NAMED = 4  # of a row of names of which each says little
MOST_NOTES = 8  # on tasks that were not handed in
MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "errored": ("!", "magenta"), "skipped": ("–", "yellow")}
STANDINGS = {
    "passed": (say("full marks"), "green"),
    "partial": (say("partial"), "yellow"),
    "failed": (say("failed"), "red"),
    "missing": (say("not handed in"), "bright_black"),
    "errored": (say("our error"), "magenta"),
    "hidden": (say("hidden"), "bright_black"),
}


def render(results: Results, language: str = ENGLISH, now: datetime | None = None) -> str:
    """Return the text for one or more submissions, as their students may see them at a time."""
    submissions = map(in_lines, localised(for_students(results, now), language)["submissions"])
    return "\n".join(line for submission in submissions for line in _Text(language).submission(submission))


def render_task(task: Results, language: str = ENGLISH) -> str:
    """Return what is said of one task whose sentences are in that language, without colours, from the first column on."""
    head, *said = click.unstyle("\n".join(_Text(language).task(in_lines(task)))).splitlines()
    return "\n".join([head.strip(), *dedent("\n".join(said)).splitlines()])


def few(notes: list[str], language: str) -> list[str]:
    """Return the first notes, and how many there are besides."""
    further = len(notes) - MOST_NOTES
    return [*notes[:MOST_NOTES], *([translated(say("And {count} more like these.", count=further), language)] if further > 0 else [])]


def render_check(check: Results, language: str = ENGLISH) -> str:
    """Return what is said of one check that failed or errored, from what `in_lines` made; without mark and colours."""
    said = click.unstyle("\n".join(_Text(language).check(check)))
    return "\n".join(line[len(INDENT) + len("✗ ") :] for line in said.splitlines())


def render_beside(submission: Results, language: str = ENGLISH) -> list[str]:
    """Return what is said beside the checks of a submission, from what `in_lines` made, without colours: notes, and the points at last."""
    return [click.unstyle(line) for line in _Text(language).beside(submission)]


class _Text:
    """The lines of a submission in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def _in(self, sentence: Sentence) -> str:
        return translated(sentence, self.language)

    def _note(self, note: str) -> str:
        word = self._in(say("note"))
        return f"{click.style(word, fg='blue')} {note}"

    def _standing(self, status: str) -> str:
        """A column of thirteen, in which a letter of Korean takes two."""
        word, colour = self._in(STANDINGS[status][0]), STANDINGS[status][1]
        wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in word)
        return click.style(f"{word:>{13 - wide}}", fg=colour)

    def submission(self, submission: dict[str, Any]) -> Iterator[str]:
        yield click.style(submission["id"], bold=True)
        yield from self._next(submission["tasks"])
        for note in submission["notes"]:
            yield f"  {self._note(note)}"
        for task in submission["tasks"]:
            if task["status"] not in ("missing", "hidden"):
                yield from self.task(task)
        yield from self._missing([t for t in submission["tasks"] if t["status"] == "missing"])
        yield from self._hidden([t for t in submission["tasks"] if t["status"] == "hidden"])
        yield click.style(self._in(self._points(submission)), bold=True)

    def _next(self, tasks: list[dict[str, Any]]) -> Iterator[str]:
        """What to do first: later tasks may rest on earlier ones, and later checks on those before them."""
        for task in tasks:
            findings = [f for check in telling(task["checks"]) if check["status"] == "failed" for f in check["findings"]]
            steps = [finding["next_step"] or finding["what"] for finding in findings]
            if task["status"] in ("partial", "missing"):  # some part of it was not graded, and the first note says why
                steps += task["notes"][:1]
            if steps:
                yield self._step(task["id"], steps[0])
                return
        begun = any(task["status"] != "missing" for task in tasks)
        waiting = next((task["id"] for task in tasks if task["status"] == "missing"), None)
        if begun and waiting:
            yield self._step(waiting, self._in(say("`grader explain {task}` says what it asks for.", task=waiting)))

    def _step(self, task: str, step: str) -> str:
        word = self._in(say("next"))
        return f"  {click.style(word, fg='cyan', bold=True)} {task}: {step}"

    def _named(self, names: list[str]) -> str:
        """A row of names, cut where it is long."""
        if len(names) <= MOST_NAMED + 1:
            return ", ".join(names)
        return self._in(say("{names} and {count} more", names=", ".join(names[:MOST_NAMED]), count=len(names) - MOST_NAMED))

    def beside(self, submission: dict[str, Any]) -> Iterator[str]:
        yield from (self._note(note) for note in submission["notes"])
        for task in submission["tasks"]:
            if task["status"] not in ("missing", "hidden"):
                yield from (f"{task['id']}: {diagnosis['message']}" for diagnosis in beyond_findings(task))
                yield from (f"{task['id']}: {self._note(note)}" for note in task["notes"])
        yield self._in(self._points(submission))

    def _points(self, submission: dict[str, Any]) -> Sentence:
        earned, points = hundredths(submission["score"]), hundredths(submission["max_score"])
        if (missing := undecided(submission)) is not None:
            return say(
                "{earned} of {points} points; hidden checks decide {hidden} more", earned=earned, points=points, hidden=hundredths(missing)
            )
        return final_line(submission) or say("{earned} of {points} points", earned=earned, points=points)

    def _hidden(self, tasks: list[dict[str, Any]]) -> Iterator[str]:
        """What hidden checks decide, in one line."""
        if tasks:
            decided = self._in(say("decided by hidden checks"))
            yield f"{self._standing('hidden')}  {', '.join(t['id'] for t in tasks)}  {decided}"

    def _missing(self, tasks: list[dict[str, Any]]) -> Iterator[str]:
        """What was not handed in, in one line, and why, where something of it is there."""
        if tasks:
            names = self._named([t["id"] for t in tasks])
            yield f"{self._standing('missing')}  {names}  0 / {hundredths(sum(t['max_score'] for t in tasks))}"
        notes = few([*dict.fromkeys(note for t in tasks for note in t["notes"])], self.language)  # one class may answer several tasks
        yield from (f"{INDENT}{self._note(note)}" for note in notes)

    def task(self, task: dict[str, Any]) -> Iterator[str]:
        points = f"{hundredths(task['score'])} / {hundredths(task['max_score'])}"
        graded = ", ".join(dict.fromkeys(task["graded"].values()))
        yield f"{self._standing(task['status'])}  {click.style(task['id'], bold=True)}  {points}  {click.style(graded, dim=True)}"
        for diagnosis in beyond_findings(task):
            yield f"{INDENT}{click.style('→', fg='cyan', bold=True)} {diagnosis['message']}"
        for check in telling(task["checks"]):
            yield from self.check(check)
        yield from self._waiting([c for c in task["checks"] if c["status"] == "skipped"])
        for note in task["notes"]:
            yield f"{INDENT}{self._note(note)}"

    def _waiting(self, checks: list[dict[str, Any]]) -> Iterator[str]:
        """Checks that could not be made, by the reason; what follows from a failure above takes no line of its own."""
        mark, colour = MARKS["skipped"]
        if checks:
            names = self._named([c["id"].split(".", 1)[-1] for c in checks])
            waiting = self._in(say("Not decided yet: {checks}.", checks=names))
            yield f"{INDENT}{click.style(mark, fg=colour)} {waiting} {checks[0]['reason']}"

    def check(self, check: dict[str, Any]) -> Iterator[str]:
        mark, colour = MARKS[check["status"]]
        if not check["findings"]:
            yield f"{INDENT}{click.style(mark, fg=colour)} {check['title']}: {check['reason']}"
        for finding in check["findings"]:
            yield f"{INDENT}{click.style(mark, fg=colour)} {finding['what']}"
            yield from (f"{INDENT}  {line}" for line in self._slots(finding))
            if finding["case"]:
                yield click.style(f"{INDENT}  {self._case(finding['case'])}", dim=True)
            if finding["trace"]:
                yield from (click.style(f"{INDENT}  | {line}", dim=True) for line in finding["trace"].splitlines())

    def _slots(self, finding: dict[str, Any]) -> Iterator[str]:
        if finding["where"] and finding["got"] is not None:
            got, expected = pair(finding["got"], finding["expected"])
            yield self._in(say("{where} is {got}; it should be {expected}.", where=finding["where"], got=got, expected=expected))
        if finding["worked"]:
            yield f"{formula(finding['worked'])} = {numbers(finding['worked'], finding['expected'])}"
        yield from (finding[key] for key in ("cause", "next_step") if finding[key])

    def _case(self, case: dict[str, Any]) -> str:
        shapes = [f"{name} {tuple(shape)}" for name, shape in case.get("shapes", {}).items()]
        options = [f"{name}={value}" for name, value in case.get("options", {}).items()]
        detail = ", ".join([*shapes, *options, *([case["dtype"]] if case.get("dtype") == "float32" else [])])
        return self._in(say("{wrong}; the smallest: {title} ({detail})", wrong=wrong_on(case), title=case["title"], detail=detail))
