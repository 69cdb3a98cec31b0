"""How the points of the checks became those of the policy, in one line."""

from collections.abc import Callable

from grader.language import Sentence, say
from grader.report.figures import figure
from grader.report.spoken import Results


def final_line(submission: Results, quoted: Callable[[str], str] = str) -> Sentence | None:
    """Return the line for a submission in one language, its messages as `quoted` shows them; None where the policy changed nothing."""
    final = submission.get("final")
    if not final or not final["adjustments"]:
        return None
    slots = {
        "earned": figure(submission["score"]),
        "points": figure(submission["max_score"]),
        "adjustments": ", ".join(quoted(adjustment["message"]) for adjustment in final["adjustments"]),
        "final": figure(final["score"]),
    }
    if final["max_score"] == submission["max_score"]:
        return say("{earned} of {points} points, after {adjustments}: {final}", **slots)
    return say("{earned} of {points} points, after {adjustments}: {final} of {maximum}", **slots, maximum=figure(final["max_score"]))
