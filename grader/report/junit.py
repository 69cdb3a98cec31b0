"""JUnit XML, as Jenkins, GitLab and the actions for GitHub read it: a suite for each submission, a case for each check.

Readers differ. GitLab drops a case whose classname and name it has seen and may ignore a failure's message, so both
are unique here and the text stands in the body too. JUnit has no points: they are properties, and in the message.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from xml.etree import ElementTree

from junitparser import Error, Failure, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult
from junitparser.xunit2 import TestCase as TestCaseWithProperties

from grader.report.results import Results, grade
from grader.report.visibility import HIDDEN
from grader.text import visible

OURS = "The grader itself failed here. This is not a mistake of the submission."
COUNTED = {"failed": "failures", "partial": "failures", "errored": "errors", "missing": "skipped", "skipped": "skipped"}
Names = defaultdict[str, Counter[str]]  # of the cases of a suite, by class


def legal(text: object) -> str:
    """Return the text with every character that XML 1.0 cannot hold or advises against spelt out, as in \\x07.

    Controls other than tab and newline, halves of characters and non-characters: all of them are invisible, too.
    """
    return visible(str(text).replace("\r\n", "\n"))


def line(text: object) -> str:
    """Return the text as one line, for attributes: a parser turns their newlines into blanks."""
    return " ".join(legal(text).split())


def unique(name: str, seen: Counter[str]) -> str:
    """Return the name, numbered where it was there before."""
    candidate = name
    while candidate in seen:
        seen[name] += 1
        candidate = f"{name} ({seen[name]})"
    seen[candidate] += 1
    return candidate


def render(results: Results) -> Iterator[str]:
    """Yield the JUnit XML of a finished run, suite by suite; the first line counts what all of them hold."""
    counts, seconds = Counter[str](), 0.0
    for submission in results["submissions"]:
        counts += Counter(COUNTED.get(entry["status"], "passed") for entry in _entries(submission))
        seconds += submission["duration_s"]
    head = ElementTree.Element("testsuites", name="nablagrade", tests=str(counts.total()), time=str(round(seconds, 4)))
    head.attrib |= {key: str(counts[key]) for key in ("failures", "errors", "skipped")}
    opening, closing, _ = ElementTree.tostring(head, "unicode", short_empty_elements=False).partition("</testsuites>")
    yield f'<?xml version="1.0" encoding="utf-8"?>\n{opening}\n'
    taken = Counter[str]()
    for submission in results["submissions"]:
        yield _text(_suite(results, submission, unique(line(submission["id"]), taken)))
    yield f"{closing}\n"


def _entries(submission: Results) -> Iterator[Results]:
    """Yield what there is a case for: every check, and each task, or submission, that has nothing below it."""
    for task in submission["tasks"]:
        yield from task["checks"] or [task]
    if not submission["tasks"]:
        yield submission


def _text(suite: TestSuite) -> str:
    """Return a suite, each tag in a line of its own: "><" stands only between two, since a text has its signs escaped."""
    made: str = suite.tostring().decode("utf-8")  # type: ignore[no-untyped-call]
    return made.replace("><", ">\n<") + "\n"


def _suite(results: Results, submission: Results, name: str) -> TestSuite:
    suite, names = TestSuite(name), Names(Counter)
    earned, points = grade(submission)
    probes = ((f"isolation.{probe}", outcome) for probe, outcome in results["isolation"]["probes"].items())
    for key, value in (
        ("score", earned),
        ("max_score", points),
        ("isolation", results["isolation"]["tier"]),
        *probes,
        ("assignment", results["assignment"]["id"]),
        ("assignment_sha256", results["assignment"]["sha256"]),
        ("seed", results["assignment"]["seed"]),
        ("submission_sha256", submission["sha256"]),
        ("grader_version", results["grader_version"]),
    ):
        suite.add_property(line(key), line(value))
    for index, note in enumerate(submission["notes"], 1):
        suite.add_property(f"note {index}", line(note))
    tasks = [case for task in submission["tasks"] for case in _task(task, name, names)]
    suite.add_testcases(tasks or [_whole(submission, f"{name}.submission", "submission", names)])
    suite.time = float(submission["duration_s"])  # after the cases: adding them sums up theirs
    return suite


def _task(task: Results, suite: str, names: Names) -> list[TestCase]:
    classname = f"{suite}.{line(task['id']).replace('.', '_')}"  # its last dot ends the suite, so no two suites share one
    if not task["checks"]:
        return [_whole(task, classname, line(task["title"]), names)]
    return [_check(check, classname, names) for check in task["checks"]]


def _case(entry: Results, classname: str, name: str, names: Names, outcome: FinalResult | None) -> TestCase:
    case = TestCaseWithProperties(unique(name, names[classname]), classname)
    case.add_property("score", str(entry["score"]))
    case.add_property("max_score", str(entry["max_score"]))
    if outcome is not None:
        case.result = outcome
    return case


def _whole(entry: Results, classname: str, name: str, names: Names) -> TestCase:
    """Return the one case of a task, or of a submission, that has nothing below it."""
    body = "\n".join(entry["notes"])
    outcome: FinalResult | None = None
    if entry["status"] == "missing":
        outcome = _outcome(Skipped("Not handed in."), body)
    elif entry["status"] == HIDDEN:
        outcome = _outcome(Skipped("Decided by hidden checks."), body)
    elif entry["status"] == "errored":
        outcome = _outcome(Error(OURS, "errored"), body)
    elif entry["status"] != "passed":
        outcome = _outcome(Failure(f"Not right yet ({_points(entry)}).", "failed"), body)
    return _case(entry, classname, name, names, outcome)


def _check(check: Results, classname: str, names: Names) -> TestCase:
    outcome: FinalResult | None = None
    if check["status"] == "failed":
        outcome = _failure(check)
    elif check["status"] == "errored":
        outcome = _outcome(Error(OURS, "errored"), check["reason"])
    elif check["status"] == "skipped":
        outcome = _outcome(Skipped(line(check["reason"] or "Not checked.")), "")
    return _case(check, classname, line(f"{check['id']}: {check['title']}"), names, outcome)


def _failure(check: Results) -> Failure:
    findings = check["findings"]
    what = line(findings[0]["what"] if findings else check["reason"] or check["title"])
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    body = "\n\n".join(_finding(finding) for finding in findings) or check["reason"]
    failure = Failure(f"{what}{more} ({_points(check)})", line(check["id"]))
    failure.text = legal(f"{_points(check)}\n{body}".rstrip())
    return failure


def _outcome(outcome: FinalResult, body: str) -> FinalResult:
    """Return the outcome with its message in the body too, where every reader shows it."""
    outcome.text = legal(f"{outcome.message}\n{body}".rstrip())
    return outcome


def _points(entry: Results) -> str:
    return f"{entry['score']} of {entry['max_score']} points"


def _finding(finding: Results) -> str:
    lines = (
        ("", finding["what"]),
        ("where: ", finding["where"]),
        ("got: ", finding["got"]),
        ("expected: ", finding["expected"]),
        ("likely cause: ", finding["cause"]),
        ("next step: ", finding["next_step"]),
        ("case: ", _input(finding["case"])),
        ("trace:\n", finding["trace"]),
    )
    return "\n".join(f"{label}{value}" for label, value in lines if value not in (None, ""))


def _input(case: Results) -> str:
    """Return a case in one line; its arrays are left to the other reports."""
    wrong = f"wrong on {case['failing']} of {case['of']} inputs" if "failing" in case and "of" in case else ""
    shapes = (f"{name} {_shape(shape)}" for name, shape in case.get("shapes", {}).items())
    options = (f"{name}={value}" for name, value in case.get("options", {}).items())
    return ", ".join(str(part) for part in (case.get("title"), *shapes, *options, case.get("dtype"), wrong) if part)


def _shape(shape: list[int]) -> str:
    return "(" + ", ".join(map(str, shape)) + (",)" if len(shape) == 1 else ")")
