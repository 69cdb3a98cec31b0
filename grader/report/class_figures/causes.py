"""How many have which misconception: by its id where it has one, else by the sentence that names the cause."""

from dataclasses import dataclass, field

from grader import messages
from grader.report.class_figures.row import Row
from grader.report.results import Results, telling

WAITS = "carried_forward"  # for another task
FOLLOWS = {WAITS, "own_gradient", str(messages.OTHER_DOUT)}  # from a mistake elsewhere, and is none
SHOWN = 10  # causes


@dataclass(slots=True)
class Cause:
    """One likely cause in one task: who has it, of how many who handed the task in."""

    task: str
    said: str
    rows: list[Row] = field(default_factory=list)
    of: int = 0


class Causes:
    """Counts likely causes as submissions pass."""

    def __init__(self) -> None:
        """Begin with none."""
        self._causes: dict[tuple[str, str], Cause] = {}
        self._handed_in: dict[str, int] = {}
        self.unexplained = 0

    def add(self, submission: Results, row: Row) -> None:
        """Count the causes in one more."""
        silent = False
        for task in submission["tasks"]:
            self._handed_in[task["id"]] = self._handed_in.get(task["id"], 0) + (task["status"] not in ("missing", "hidden"))
            said = _said(task)
            named = {key: message for key, message in said.items() if key not in FOLLOWS}
            silent |= not named and WAITS not in said and task["status"] in ("failed", "partial")
            for key, message in named.items():
                self._causes.setdefault((task["id"], key), Cause(task["title"], message)).rows.append(row)
        self.unexplained += silent

    def found(self) -> list[Cause]:
        """Return the causes that most have, these first."""
        for (task, _), cause in self._causes.items():
            cause.of = self._handed_in[task]
        return sorted(self._causes.values(), key=lambda cause: -len(cause.rows))[:SHOWN]


def _said(task: Results) -> dict[str, str]:
    """Return what is said of why a task is wrong, each once, by what it is counted under."""
    diagnosed = {diagnosis["id"]: diagnosis["message"] for diagnosis in task["diagnoses"]}
    found = (finding["cause"] for check in telling(task["checks"]) for finding in check["findings"])
    return diagnosed or {str(cause): cause for cause in found if cause}
