"""An audit in one of its forms: for the terminal, as a document, or for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from grader.audit import markdown, text
from grader.audit.findings import TaskAudit


def render(tasks: Sequence[TaskAudit], form: str) -> str:
    """Return an audit as "text", "markdown" or "json"."""
    match form:
        case "json":
            return json.dumps([{**asdict(task), "sound": task.sound} for task in tasks], indent=1, ensure_ascii=False)
        case "markdown":
            return markdown.render(tasks)
        case _:
            return text.render(tasks)
