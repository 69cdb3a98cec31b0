"""The platforms. What they have in common is one script that grades one submission, told where things are.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/ and
https://prairielearn.readthedocs.io/en/latest/externalGrading/
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Where a platform has its files, and what else its bundle holds.

    Attributes:
        format: The format of its results, as `grader report` calls it.
        root: The folder in which everything lies there.
        source: Where the assignment is, from the root.
        submission: Where a submission is, from the root.
        python: The interpreter that has this grader, where it is not another.
        entry: Where the script is in the bundle.
        folder: Where the assignment is in the bundle.
        more: Returns the further files: of the name of the wheel.
    """

    format: str
    root: str
    source: str
    submission: str
    python: str
    entry: str
    folder: str
    more: Callable[[str], Mapping[str, str]]

    def files(self, asked: Mapping[str, bytes], wheel: tuple[str, bytes], seed: int) -> Files:
        """Return the files of the bundle by path: of the assignment's, the wheel, and the seed."""
        name, data = wheel
        script = text("run.sh", **{slot: getattr(self, slot) for slot in ("format", "root", "source", "submission", "python")}, seed=seed)
        more = {path: written.encode() for path, written in self.more(name).items()}
        return {self.entry: script.encode(), **more, name: data, **{self.folder + path: held for path, held in asked.items()}}


def text(name: str, **slots: object) -> str:
    """Return a file that lies beside this one, its slots filled; those that are not named are for the shell."""
    return Template((Path(__file__).parent / name).read_text(encoding="utf-8")).safe_substitute({f"the_{k}": v for k, v in slots.items()})


PLATFORMS: Mapping[str, Platform] = {
    # An archive with these two at its root, which is unpacked to /autograder/source.
    "gradescope": Platform(
        format="gradescope",
        root="/autograder",
        source="source",
        submission="submission",
        python="/autograder/venv/bin/python",
        entry="run_autograder",
        folder="",
        more=lambda wheel: {"setup.sh": text("setup.sh", wheel=wheel)},
    ),
    # What goes into the course's folder, the part of a question's `info.json` that names it, and the image.
    "prairielearn": Platform(
        format="prairielearn",
        root="/grade",
        source="serverFilesCourse/nablagrade",
        submission="student",
        python="python3",
        entry="serverFilesCourse/nablagrade/run.sh",
        folder="serverFilesCourse/nablagrade/",
        more=lambda wheel: {"Dockerfile": text("Dockerfile", wheel=wheel), "info.json": text("info.json")},
    ),
}
