"""What the lines of code of a report print where they are pasted below the file that was graded."""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from grader.report.snippet import snippet


def pasted(submission: Path, task: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what each snippet of a task that shows a number prints, with the number of the report, by the check.

    Nothing is printed below several files: they import each other.
    """
    files = [submission] if submission.is_file() else sorted(submission.glob("*.py"))
    if len(files) > 1:
        return {}
    own = files[0].read_text(encoding="utf-8")
    shown: dict[str, tuple[Any, Any]] = {}
    for check in task["checks"]:
        for finding in check["findings"]:
            if finding["case"].get("call", [""])[-1].startswith("print("):
                printed: list[Any] = []
                with np.errstate(all="ignore"):
                    exec(f"{own}\n{snippet(finding['case'])}", {"__name__": "pasted", "print": printed.append})  # noqa: S102 - files of these tests
                shown[check["id"]] = printed[-1], finding["got"]
    if "torch" in sys.modules:
        sys.modules["torch"].set_default_dtype(sys.modules["torch"].float32)
    return shown
