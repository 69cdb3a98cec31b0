"""What the policy of an assignment does with the points."""

from typing import Any

from grader import messages

SAID: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (messages.late_by, (1, "day"), {}, "1 day late"),
    (messages.late_by, (2, "day"), {}, "2 days late"),
    (messages.late_by, (1, "hour"), {}, "1 hour late"),
    (messages.late_by, (2, "hour"), {}, "2 hours late"),
    (messages.amount, (12.5,), {"share": True}, "12.5 %"),
    (messages.amount, (1,), {"share": False}, "1 point"),
    (messages.amount, (2,), {"share": False}, "2 points"),
    (messages.late, ("1 day late", None, None), {}, "1 day late"),
    (messages.late, ("1 day late", "2 points", None), {}, "1 day late (-2 points)"),
    (messages.late, ("1 day late", "50 %", "8 points"), {}, "1 day late (-50 %, but 8 points kept)"),
    (messages.too_late, ("4 days late", 3), {}, "4 days late (later than 3 days earns nothing)"),
    (messages.dropped, ("ReLU", "labs"), {}, "dropping ReLU (lowest of labs)"),
    (messages.not_among_best, ("ReLU", "labs", 2), {}, "leaving out ReLU (the best 2 of labs count)"),
    (messages.bonus, ("ReLU",), {}, "taking ReLU as a bonus"),
]  # fmt: skip
