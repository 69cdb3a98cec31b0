"""`report.md`: the summary of a job on GitHub or GitLab, or a comment on a merge request.

Every text of the results stands in code, a span or a fenced block: nothing of it is a link, an image, HTML, a mention or the
number of an issue there, and nothing has to be escaped but what ends the code. What is not code is written here.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from grader.report.figures import figure, pair
from grader.report.lines import line, lines
from grader.report.results import Results, telling, tried
from grader.report.workings import formula, numbers

LONGEST = 60_000  # characters: a comment on GitHub holds 65,536
TEXT = 400  # characters of one text
MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "missing": "–", "errored": "!"}
WORDS = {"passed": "full marks", "partial": "partial", "failed": "failed", "missing": "not handed in", "errored": "our error"}


def render(results: Results) -> str:
    """Return the report: of one submission its tasks, of a class its submissions; then what failed in each, while there is room."""
    submissions, assignment = results["submissions"], results["assignment"]
    head = [
        f"# {code(assignment['title'])}",
        f"Isolation: {code(results['isolation']['tier'])}, {tried(results)}. Seed: {figure(assignment['seed'])}. nablagrade {code(results['grader_version'])}.",
    ]
    if len(submissions) == 1:
        (one,) = submissions
        head += [f"## {code(one['id'])}: {_points(one)}", "\n".join(_table("task", one["tasks"]))]
        blocks = _submission(one)
    else:
        head.append("\n".join(_table("submission", submissions)))
        blocks = (block for one in submissions for block in _among_others(one))
    return "\n\n".join(_fitting(chain(head, blocks))) + "\n"


def code(text: object) -> str:
    """Return a text as a code span, in one line, between more backticks than any run of them in it."""
    shown = line(str(text)) or "(nothing)"
    shown = shown if len(shown) <= TEXT else f"{shown[:TEXT]} ..."
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    blank = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


def _points(entry: Results) -> str:
    return f"{figure(entry['score'])} of {figure(entry['max_score'])} points"


def _table(what: str, entries: Iterable[Results]) -> Iterator[str]:
    yield f"| {what} | outcome | points |"
    yield "|---|---|--:|"
    for entry in entries:
        status = entry["status"]
        name = code(entry["id"].replace("|", "\\x7c"))  # a bar ends a cell even in code, and readers differ on how to escape it
        yield f"| {name} | {MARKS[status]} {WORDS[status]} | {figure(entry['score'])} / {figure(entry['max_score'])} |"


def _among_others(submission: Results) -> Iterator[str]:
    """Yield what there is to say of one of a class; nothing, where all is right."""
    said = list(_submission(submission))
    if said and submission["status"] != "passed":
        yield f"## {code(submission['id'])}: {_points(submission)}"
        yield from said


def _submission(submission: Results) -> Iterator[str]:
    if submission["notes"]:
        yield "\n".join(f"- note: {code(note)}" for note in submission["notes"])
    for task in submission["tasks"]:
        said = [f"- {code(diagnosis['message'])}" for diagnosis in task["diagnoses"]]
        said += [block for check in telling(task["checks"]) for block in _check(check)]
        said += [f"- note: {code(note)}" for note in task["notes"][task["status"] == "missing" :]]  # of these the first tells nothing
        if said:
            yield f"### {MARKS[task['status']]} {code(task['id'])}: {_points(task)}"
            yield from said


def _check(check: Results) -> Iterator[str]:
    if not check["findings"]:
        yield f"- {code(check['title'])}: {code(check['reason'])}"
    for finding in check["findings"]:
        yield "- " + "\\\n  ".join(_finding(finding))  # a \ ends the line for every reader
        if finding["trace"]:  # no line of it can end the block, since every one begins with a bar
            yield "\n".join(f"  {said}" for said in ("```text", *(f"| {entry}" for entry in lines(finding["trace"])), "```"))


def _finding(finding: Results) -> Iterator[str]:
    """Yield the lines of one finding, the message first."""
    yield code(finding["what"])
    if finding["where"] and finding["got"] is not None:
        got, expected = pair(finding["got"], finding["expected"])
        yield f"{code(finding['where'])} is {code(got)}; it should be {code(expected)}."
    if finding["worked"]:
        yield code(f"{formula(finding['worked'])} = {numbers(finding['worked'], finding['expected'])}")
    for label, slot in (("Likely cause", "cause"), ("Next step", "next_step")):
        if finding[slot]:
            yield f"{label}: {code(finding[slot])}"
    case = finding["case"]
    if "failing" in case and "of" in case:
        yield f"Wrong on {case['failing']} of {case['of']} inputs; the smallest: {code(case.get('title', ''))}"


def _fitting(blocks: Iterable[str]) -> Iterator[str]:
    """Yield the blocks that fit, whole; and, of a table that does not, the rows that do."""
    room = LONGEST
    for block in blocks:
        if len(block) > room:
            rows = block[:room].rpartition("\n")[0] if block.startswith("| ") else ""
            yield from filter(None, (rows, "There is more to say than fits here; `index.html` says all of it."))
            return
        room -= len(block) + 2
        yield block
