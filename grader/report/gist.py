"""What a page says of a submission or a task in a few words, before anything else."""

from collections.abc import Iterable

from grader import messages
from grader.report.bilingual import Told
from grader.report.results import Results, telling

FEW_WORDS = 150  # characters


def shorten(text: str) -> str:
    """Return the text without its full stop, cut between words."""
    if isinstance(text, Told):
        return text.each(shorten)
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= FEW_WORDS else text[:FEW_WORDS].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def first_words(task: Results) -> str:
    """Return in a few words what failed first in a task: the likely cause, or else what was found."""
    for check in telling(task["checks"]):
        if check["status"] == "failed":
            found = first_finding(check)
            return shorten(found.get("cause") or found["what"])
    return ""


def first_finding(check: Results) -> Results:
    """Return what was found first in a check; where it has no finding, why that is, or else what it asks."""
    return check["findings"][0] if check["findings"] else {"what": check["reason"] or check["title"]}


def worst(tasks: Iterable[Results]) -> list[Results]:
    """Return the tasks that were handed in and lost points, the costliest first; none that waits for a layer which is among them."""
    wrong = [task for task in tasks if task["status"] in ("failed", "partial")]
    own = [task for task in wrong if all(diagnosis["id"] != "carried_forward" for diagnosis in task["diagnoses"])]
    return sorted(own or wrong, key=lambda task: float(task["score"] - task["max_score"]))


def handed_in(submission: Results) -> bool:
    """Whether the student handed in anything, be it of no use; who did not is in the results because a roster says so."""
    return submission["status"] != "missing" or str(messages.NOTHING_HANDED_IN) not in submission["notes"]


def unloaded(submission: Results) -> bool:
    """Whether nothing of the submission could be run: there is no file, or every function is in one that fails to load."""
    checks = [check for task in submission["tasks"] for check in task["checks"]]
    # A contract that is broken without an input to show it is a file that could not be run.
    lost = any(c["id"].endswith(".contract") and f["what"] and not f["case"] for c in checks for f in c["findings"])
    return submission["status"] == "missing" or (lost and not any(check["status"] == "passed" for check in checks))


def broken(submission: Results) -> bool:
    """Whether the grader itself failed somewhere in the submission."""
    checks = (check for task in submission["tasks"] for check in task["checks"])
    return any(entry["status"] == "errored" for entry in (submission, *submission["tasks"], *checks))
