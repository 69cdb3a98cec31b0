"""`report.md`: the summary of a job on GitHub or GitLab, or a comment on a merge request.

Every text of the results stands in code, a span or a fenced block: nothing of it is a link, an image, HTML, a mention or the
number of an issue there, and nothing has to be escaped but what ends the code. What is not code is written here.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from grader.language import ENGLISH, Sentence, say, translated
from grader.report.figures import figure, hundredths, pair
from grader.report.final import final_line
from grader.report.lines import line, lines
from grader.report.results import Results, beyond_findings, telling, tried
from grader.report.snippet import snippet
from grader.report.spoken import localised
from grader.report.visibility import for_students, undecided
from grader.report.workings import formula, numbers

LONGEST = 60_000  # characters: a comment on GitHub holds 65,536
TEXT = 400  # characters of one text
MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "missing": "–", "errored": "!", "hidden": "?"}
WORDS = {
    "passed": say("full marks"),
    "partial": say("partial"),
    "failed": say("failed"),
    "missing": say("not handed in"),
    "errored": say("our error"),
    "hidden": say("decided by hidden checks"),
}


def render(results: Results, language: str = ENGLISH, now: datetime | None = None, *, longest: int = LONGEST) -> str:
    """Return the report: of one submission its tasks, of a class its submissions; then what failed in each, while there is room.

    It shows what students may see at a time; of one submission the code, too, that shows what failed.

    Args:
        results: The whole run.
        language: What the report is in.
        now: When it is read.
        longest: How many characters there is room for, those left aside that say that there was more.
    """
    return "\n\n".join(_Report(language).fitting(localised(for_students(results, now), language), longest)) + "\n"


def render_task(task: Results, language: str = ENGLISH) -> str:
    """Return what there is to say of one task whose sentences are in that language; nothing, where all is right."""
    return "\n\n".join(_Report(language).task(task))


def render_notes(notes: Iterable[str], language: str = ENGLISH) -> str:
    """Return notes in that language as a list."""
    return "\n".join(map(_Report(language).note, notes))


def code(text: object) -> str:
    """Return a text as a code span, in one line, between more backticks than any run of them in it."""
    shown = line(str(text)) or "(nothing)"
    shown = shown if len(shown) <= TEXT else f"{shown[:TEXT]} ..."
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    blank = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


class _Report:
    """The blocks of a report in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def _in(self, sentence: Sentence) -> str:
        return translated(sentence, self.language)

    def fitting(self, results: Results, room: int) -> Iterator[str]:
        """Yield the blocks that fit, whole; and, of a table that does not, the rows that do."""
        for block in self._blocks(results):
            if len(block) > room:
                rows = block[:room].rpartition("\n")[0] if block.startswith("| ") else ""
                yield from filter(None, (rows, self._in(say("There is more to say than fits here; `index.html` says all of it."))))
                return
            room -= len(block) + 2
            yield block

    def _blocks(self, results: Results) -> Iterator[str]:
        submissions, assignment = results["submissions"], results["assignment"]
        yield f"# {code(assignment['title'])}"
        hidden = any(undecided(one) is not None for one in submissions)
        run = {
            "tier": code(results["isolation"]["tier"]),
            "tried": tried(results),
            "version": code(results["grader_version"]),
        }
        if hidden:  # from the seed anybody can draw the cases again
            yield self._in(say("Isolation: {tier}, {tried}. nablagrade {version}.", **run))
            yield self._in(say("Points that hidden checks decide are not in the scores."))
        else:
            yield self._in(say("Isolation: {tier}, {tried}. Seed: {seed}. nablagrade {version}.", **run, seed=figure(assignment["seed"])))
        if len(submissions) == 1:
            (one,) = submissions
            yield f"## {code(one['id'])}: {self._points(one)}"
            yield "\n".join(self._table(say("task"), one["tasks"]))
            yield from self._submission(one, to_try=True)
        else:
            yield "\n".join(self._table(say("submission"), submissions))
            for one in submissions:
                yield from self._among_others(one)

    def _points(self, entry: Results) -> str:
        points = say("{earned} of {points} points", earned=hundredths(entry["score"]), points=hundredths(entry["max_score"]))
        return self._in(final_line(entry, code) or points)

    def _table(self, what: Sentence, entries: Iterable[Results]) -> Iterator[str]:
        columns = map(self._in, (what, say("outcome"), say("points")))
        yield f"| {' | '.join(columns)} |"
        yield "|---|---|--:|"
        for entry in entries:
            status = entry["status"]
            name = code(entry["id"].replace("|", "\\x7c"))  # a bar ends a cell even in code, and readers differ on how to escape it
            decided = entry.get("final", entry)
            points = f"{'–' if status == 'hidden' else hundredths(decided['score'])} / {hundredths(decided['max_score'])}"
            yield f"| {name} | {MARKS[status]} {self._in(WORDS[status])} | {points} |"

    def _among_others(self, submission: Results) -> Iterator[str]:
        """Yield what there is to say of one of a class; nothing, where all is right."""
        said = list(self._submission(submission))
        if said and submission["status"] != "passed":
            yield f"## {code(submission['id'])}: {self._points(submission)}"
            yield from said

    def note(self, note: str) -> str:
        return "- " + self._in(say("note: {note}", note=code(note)))

    def _submission(self, submission: Results, *, to_try: bool = False) -> Iterator[str]:
        if submission["notes"]:
            yield "\n".join(map(self.note, submission["notes"]))
        for task in submission["tasks"]:
            if said := [*self.task(task, to_try=to_try)]:
                yield f"### {MARKS[task['status']]} {code(task['id'])}: {self._points(task)}"
                yield from said

    def task(self, task: Results, *, to_try: bool = False) -> Iterator[str]:
        for diagnosis in beyond_findings(task):
            yield f"- {code(diagnosis['message'])}"
        for check in telling(task["checks"]):
            yield from self._check(check, to_try=to_try)
        yield from map(self.note, task["notes"])

    def _check(self, check: Results, *, to_try: bool) -> Iterator[str]:
        if not check["findings"]:
            yield f"- {code(check['title'])}: {code(check['reason'])}"
        for finding in check["findings"]:
            yield "- " + "\\\n  ".join(self._finding(finding))  # a \ ends the line for every reader
            if finding["trace"]:  # no line of it can end the block, since every one begins with a bar
                yield "\n".join(f"  {said}" for said in ("```text", *(f"| {entry}" for entry in lines(finding["trace"])), "```"))
            if to_try and finding["case"].get("call"):
                yield self._snippet(finding)

    def _snippet(self, finding: Results) -> str:
        """Return the code that shows a finding, between more backticks than any run of them in it."""
        shown = lines(snippet(finding["case"]))
        if finding["where"] and finding["got"] is not None and finding["expected"] is not None:
            got, expected = pair(finding["got"], finding["expected"])
            shown[-1] += f"  # {self._in(say('yours {got}, expected {expected}', got=got, expected=expected))}"
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", "".join(shown))), default=0))
        said = self._in(say("Try it yourself: paste this below your own code"))
        return "\n".join(f"  {entry}".rstrip() for entry in (f"{said}:", "", f"{fence}python", *shown, fence))

    def _finding(self, finding: Results) -> Iterator[str]:
        """Yield the lines of one finding, the message first."""
        yield code(finding["what"])
        if finding["where"] and finding["got"] is not None:
            got, expected = pair(finding["got"], finding["expected"])
            where = say("{where} is {got}; it should be {expected}.", where=code(finding["where"]), got=code(got), expected=code(expected))
            yield self._in(where)
        if finding["worked"]:
            yield code(f"{formula(finding['worked'])} = {numbers(finding['worked'], finding['expected'])}")
        for label, slot in ((say("Likely cause"), "cause"), (say("Next step"), "next_step")):
            if finding[slot]:
                yield f"{self._in(label)}: {code(finding[slot])}"
        case = finding["case"]
        if "failing" in case and "of" in case:
            wrong = say("Wrong on {failing} of {tried} inputs; the smallest:", failing=case["failing"], tried=case["of"])
            yield f"{self._in(wrong)} {code(case.get('title', ''))}"
