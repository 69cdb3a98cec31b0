"""GitLab code quality: what is wrong, beside the lines of a merge request; of one submission.

GitLab knows an entry again by its fingerprint, which therefore is that of a check and not of what was found: a mistake that looks
otherwise after a push is still the same one.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from grader.report.formats import Files, Options
from grader.report.places import in_source, said_of
from grader.report.results import Results, telling
from grader.report.visibility import for_student, hidden

TAKES: Sequence[str] = ("submission", "path")
SEVERITY = {"failed": "major", "errored": "info"}  # what is ours is no fault of the code


def files(results: Results, options: Options) -> Files:
    """Return `gitlab/codequality.json`: an array, empty where nothing is wrong."""
    submission = for_student(options.only(results))
    return [("gitlab/codequality.json", [json.dumps(list(_entries(submission, options)), ensure_ascii=False, indent=1), "\n"])]


def _entries(submission: Results, options: Options) -> Iterator[dict[str, Any]]:
    for task in submission["tasks"]:
        for check in [] if hidden(task, None) else telling(task["checks"]):
            place = in_source(task, check, options.path)
            if place and check["status"] in SEVERITY:
                yield {
                    "description": f"{task['title']}: {said_of(check)}",
                    "check_name": check["id"],
                    "fingerprint": hashlib.sha256(f"{submission['id']} {check['id']} {place.file}".encode()).hexdigest(),
                    "severity": SEVERITY[check["status"]],
                    "location": {"path": place.file, "lines": {"begin": place.line}},
                }
