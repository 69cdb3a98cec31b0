"""The policy of an assignment in its results: the final score of every submission, and what of it students do not see yet.

It needs no grading, so it can be done again with another policy.
"""

from datetime import datetime
from functools import partial

from grader.errors import ReportError
from grader.policy import Policy
from grader.report.each import Each
from grader.report.spoken import Results, translations

OURS = ("final", "visibility", "visible_from")


def settled(results: Results, policy: Policy) -> Results:
    """Return the results under a policy, whatever they were under before.

    Raises:
        ReportError: A submission has a time that is none; when that submission is looked at.
    """
    return results | {"submissions": Each(partial(_submission, policy), results["submissions"])}


def _submission(policy: Policy, submission: Results) -> Results:
    final = policy.final(submission, _time(submission))
    tasks = [_task(task, policy) for task in submission["tasks"]]
    before = {adjustment["message"] for adjustment in submission.get("final", {"adjustments": []})["adjustments"]}
    said = translations(final or {})
    tables = {
        language: {text: other for text, other in table.items() if text not in before} | said.get(language, {})
        for language, table in submission["translations"].items()
    }
    return _without(submission) | {"tasks": tasks, "translations": tables} | ({"final": final} if final else {})


def _task(task: Results, policy: Policy) -> Results:
    visibility = policy.visibility.get(task["id"], "visible")
    if visibility == "visible" or (visibility == "after_published" and policy.published):
        return _without(task)
    opens = {"visible_from": policy.opens.isoformat()} if visibility == "after_due_date" and policy.opens else {}
    return _without(task) | {"visibility": visibility} | opens


def _without(entry: Results) -> Results:
    return {key: value for key, value in entry.items() if key not in OURS}


def _time(submission: Results) -> datetime | None:
    text = submission.get("submitted")
    try:
        time = datetime.fromisoformat(text) if text else None
    except ValueError:
        time = None
    if text and (time is None or time.utcoffset() is None):
        raise ReportError(f"{submission['id']}: {text} is no time with an offset from UTC.")
    return time
