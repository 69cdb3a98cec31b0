"""`results.json`: the contract. Written first; every other report is made from it, now or later, without grading again."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from grader.errors import ReportError
from grader.language import Sentence, say
from grader.model import CheckResult, Finding, GradeReport, Isolation, SubmissionResult, TaskResult
from grader.report.spoken import Results as Results
from grader.report.spoken import translations
from grader.scoring import decimal as points
from grader.text import one_line
from grader.version import VERSION

SCHEMA = "urn:nablagrade:results:1"


def number(value: float | str | None) -> float | str | None:
    """Return what JSON can hold: numbers that are not finite become words."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def plain(value: Any) -> Any:
    """Return nested containers as JSON has them."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list | tuple) else value


def _finding(finding: Finding) -> Results:
    return {
        "what": finding.what,
        "where": finding.where,
        "got": number(finding.got),
        "expected": number(finding.expected),
        "cause": finding.cause,
        "next_step": finding.next_step,
        "case": plain(dict(finding.case)),
        "table": plain(dict(finding.table)) if finding.table else None,
        "worked": plain(dict(finding.worked)) if finding.worked else None,
        "trace": finding.trace,
    }


def _check(check: CheckResult) -> Results:
    return {
        "id": check.id,
        "title": check.title,
        "part": check.part,
        "status": check.verdict.value,
        "score": points(check.score),
        "max_score": points(check.max_score),
        "findings": [_finding(f) for f in check.findings],
        "reason": check.reason,
        "law": check.law,
    }


def _task(task: TaskResult) -> Results:
    return {
        "id": task.id,
        "title": task.title,
        "score": points(task.score),
        "max_score": points(task.max_score),
        "status": task.standing.value,
        "parts": {part: standing.value for part, standing in task.parts.items()},
        "graded": dict(task.graded),
        "diagnoses": [{"id": d.id, "message": d.message} for d in task.diagnoses],
        "checks": [_check(c) for c in task.checks],
        "notes": list(task.notes),
    }


def entry(submission: SubmissionResult) -> Results:
    """Return what `results.json` holds of one submission, with its sentences in the other languages."""
    made = {
        "id": submission.id,
        "sha256": submission.sha256,
        "status": submission.standing.value,
        "score": points(submission.score),
        "max_score": points(submission.max_score),
        "duration_s": round(submission.duration_s, 4),
        "tasks": [_task(t) for t in submission.tasks],
        "notes": list(submission.notes),
    }
    return made | {"translations": translations(made)}


def to_results(report: GradeReport) -> Results:
    """Return the report as `results.json` holds it."""
    return head(report.assignment, report.isolation) | {"submissions": [entry(s) for s in report.submissions]}


def head(assignment: Mapping[str, Any], isolation: Isolation) -> Results:
    """Return what `results.json` holds beside the submissions."""
    made = {
        "schema": SCHEMA,
        "grader_version": VERSION,
        "assignment": dict(assignment),
        "isolation": {"tier": isolation.tier, "probes": dict(isolation.probes)},
    }
    return made | {"translations": translations(made)}


def telling(checks: Sequence[Results]) -> list[Results]:
    """Return the checks that failed or errored; a law that failed only where nothing else did in its part."""
    said = {c["part"] for c in checks if c["status"] == "failed" and not c["law"]}
    return [c for c in checks if c["status"] == "errored" or (c["status"] == "failed" and not (c["law"] and c["part"] in said))]


def beyond_findings(task: Results) -> list[Results]:
    """Return the diagnoses of a task that stand at none of its findings as their cause."""
    causes = {finding["cause"] for check in telling(task["checks"]) for finding in check["findings"]}
    return [diagnosis for diagnosis in task["diagnoses"] if diagnosis["message"] not in causes]


def grade(submission: Results) -> tuple[float, float]:
    """Return the points of a submission and what they are out of: after the policy of the assignment, where it has one."""
    counted = submission.get("final", submission)
    return counted["score"], counted["max_score"]


def render(results: Results) -> str:
    """Return `results.json` itself."""
    return "".join(chunks(results))


def chunks(results: Results) -> Iterator[str]:
    """Yield `results.json` piece by piece, each submission a line: a class need not be in memory as a whole."""
    start = _json(results | {"submissions": []})
    before, after = start.split('\n "submissions": []')  # alone in its line and at this depth, it stands there once
    yield before + '\n "submissions": ['
    separator = "\n"
    for submission in results["submissions"]:
        yield f"{separator}  {_json(submission, indent=None)}"
        separator = ",\n"
    yield ("\n ]" if separator != "\n" else "]") + after + "\n"


def _json(value: Results, indent: int | None = 1) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)


def tried(results: Results) -> Sentence:
    """Return what became of the attempts to break out that were made before student code ran, in half a sentence."""
    outcomes = [o for o in map(str, results["isolation"]["probes"].values()) if o.startswith("refused") or o == "possible"]
    refused = sum(o != "possible" for o in outcomes)
    if not outcomes:
        return say("not put to the test")
    return say("{refused} of {all} attempts to break out were refused", refused=refused, all=len(outcomes))


def wrong_on(case: Results) -> Sentence:
    """Return on how many of its inputs the check failed that shows this one."""
    return say("wrong on {failing} of {tried} inputs", failing=case["failing"], tried=case["of"])


def schema() -> Results:
    """Return the published JSON Schema of `results.json`."""
    text = files("grader.report").joinpath("results.schema.json").read_text(encoding="utf-8")
    loaded: Results = json.loads(text)
    return loaded


def read(path: Path) -> Results:
    """Read `results.json`.

    Raises:
        ReportError: It is not there, is not JSON, breaks the schema, or holds two submissions of one id; the message says where.
    """
    try:
        results: Results = json.loads(path.read_text(encoding="utf-8"))
        _json(results).encode()  # it may hold what JSON knows and no report does: NaN, half a character
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path}: not a results file: {error}.") from error
    from jsonschema import Draft202012Validator

    mistake = next(iter(sorted(Draft202012Validator(schema()).iter_errors(results), key=lambda e: e.json_path)), None)
    if mistake:
        raise ReportError(f"{path}: not a results file of this grader: at {mistake.json_path}: {mistake.message[:200]}.")
    twice = [id for id, count in Counter(one["id"] for one in results["submissions"]).items() if count > 1]
    if twice:
        raise ReportError(f"{path}: holds more than one submission of the id {one_line(twice[0])}; give each an id of its own.")
    return results
