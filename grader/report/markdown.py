"""`report.md`: the summary of a job on GitHub or GitLab, or a comment on a merge request.

Every text of the results stands in code, a span or a fenced block: nothing of it is a link, an image, HTML, a mention or the
number of an issue there, and nothing has to be escaped but what ends the code. What is not code is written here.
"""

import re
from collections.abc import Iterable, Iterator

from grader.language import ENGLISH, Sentence, say, translated
from grader.report.figures import figure, pair
from grader.report.lines import line, lines
from grader.report.results import Results, beyond_findings, telling, tried
from grader.report.spoken import localised
from grader.report.workings import formula, numbers

LONGEST = 60_000  # characters: a comment on GitHub holds 65,536
TEXT = 400  # characters of one text
MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "missing": "–", "errored": "!"}
WORDS = {
    "passed": say("full marks"),
    "partial": say("partial"),
    "failed": say("failed"),
    "missing": say("not handed in"),
    "errored": say("our error"),
}


def render(results: Results, language: str = ENGLISH, *, longest: int = LONGEST) -> str:
    """Return the report: of one submission its tasks, of a class its submissions; then what failed in each, while there is room.

    Args:
        results: The whole run.
        language: What the report is in.
        longest: How many characters there is room for, those left aside that say that there was more.
    """
    return "\n\n".join(_Report(language).fitting(results, longest)) + "\n"


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
        told = (one for each in submissions for one in localised(results | {"submissions": [each]}, self.language)["submissions"])
        yield f"# {code(assignment['title'])}"
        yield self._in(
            say(
                "Isolation: {tier}, {tried}. Seed: {seed}. nablagrade {version}.",
                tier=code(results["isolation"]["tier"]),
                tried=tried(results),
                seed=figure(assignment["seed"]),
                version=code(results["grader_version"]),
            )
        )
        if len(submissions) == 1:
            (one,) = told
            yield f"## {code(one['id'])}: {self._points(one)}"
            yield "\n".join(self._table(say("task"), one["tasks"]))
            yield from self._submission(one)
        else:
            yield "\n".join(self._table(say("submission"), submissions))
            for one in told:
                yield from self._among_others(one)

    def _points(self, entry: Results) -> str:
        return self._in(say("{earned} of {points} points", earned=figure(entry["score"]), points=figure(entry["max_score"])))

    def _table(self, what: Sentence, entries: Iterable[Results]) -> Iterator[str]:
        columns = map(self._in, (what, say("outcome"), say("points")))
        yield f"| {' | '.join(columns)} |"
        yield "|---|---|--:|"
        for entry in entries:
            status = entry["status"]
            name = code(entry["id"].replace("|", "\\x7c"))  # a bar ends a cell even in code, and readers differ on how to escape it
            points = f"{figure(entry['score'])} / {figure(entry['max_score'])}"
            yield f"| {name} | {MARKS[status]} {self._in(WORDS[status])} | {points} |"

    def _among_others(self, submission: Results) -> Iterator[str]:
        """Yield what there is to say of one of a class; nothing, where all is right."""
        said = list(self._submission(submission))
        if said and submission["status"] != "passed":
            yield f"## {code(submission['id'])}: {self._points(submission)}"
            yield from said

    def note(self, note: str) -> str:
        return "- " + self._in(say("note: {note}", note=code(note)))

    def _submission(self, submission: Results) -> Iterator[str]:
        if submission["notes"]:
            yield "\n".join(map(self.note, submission["notes"]))
        for task in submission["tasks"]:
            if said := [*self.task(task)]:
                yield f"### {MARKS[task['status']]} {code(task['id'])}: {self._points(task)}"
                yield from said

    def task(self, task: Results) -> Iterator[str]:
        for diagnosis in beyond_findings(task):
            yield f"- {code(diagnosis['message'])}"
        for check in telling(task["checks"]):
            yield from self._check(check)
        yield from map(self.note, task["notes"][task["status"] == "missing" :])  # of these the first tells nothing

    def _check(self, check: Results) -> Iterator[str]:
        if not check["findings"]:
            yield f"- {code(check['title'])}: {code(check['reason'])}"
        for finding in check["findings"]:
            yield "- " + "\\\n  ".join(self._finding(finding))  # a \ ends the line for every reader
            if finding["trace"]:  # no line of it can end the block, since every one begins with a bar
                yield "\n".join(f"  {said}" for said in ("```text", *(f"| {entry}" for entry in lines(finding["trace"])), "```"))

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
