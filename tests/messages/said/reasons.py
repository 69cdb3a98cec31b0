"""Why something was not checked."""

from typing import Any

from grader import messages

SAID: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (messages.errored, ("It fell over.",), {}, "The grader itself failed here. This is not your mistake; no points are lost. It fell over."),
    (messages.partly_blocked, ("value", 1, 2), {"waits": True}, "The output could not be compared on 1 of 2 inputs: they need your forward first."),
    (messages.needs, ("dx is right",), {}, "Not checked: it makes sense only once this holds: dx is right."),
    (messages.blocked, ("forward",), {}, "Not checked: forward must first return what it should."),
    (
        messages.partly_blocked,
        ("dx", 2, 18),
        {"waits": True},
        "dx could not be compared on 2 of 18 inputs: they need your forward first.",
    ),
    (
        messages.partly_blocked,
        ("The output", 2, 18),
        {"waits": False},
        "The output could not be compared on 2 of 18 inputs: see the check above.",
    ),
    (
        messages.not_installed,
        ("torch",),
        {},
        ("This was written with torch, which is not installed where it was graded. This is not your mistake; no points are lost. "
        "Whoever grades it can add torch: pip install 'nablagrade[torch]'."),
    ),
    (
        messages.not_diagnosed,
        ("It fell over.",),
        {},
        "The grader failed while it looked for the cause of what is wrong. The verdicts and points stand. It fell over.",
    ),
]  # fmt: skip
