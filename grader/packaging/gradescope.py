"""Gradescope: an archive with `setup.sh` and `run_autograder` at its root, which it unpacks to /autograder/source.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from grader.packaging.platform import Platform, text

PLATFORM = Platform(
    format="gradescope",
    root="/autograder",
    source="source",
    submission="submission",
    python="/autograder/venv/bin/python",
    entry="run_autograder",
    folder="",
    more=lambda wheel: {"setup.sh": text("setup.sh", wheel=wheel)},
)
