"""PrairieLearn: what goes into the course's folder, the part of a question's `info.json` that names it, and the image.

Source: https://prairielearn.readthedocs.io/en/latest/externalGrading/
"""

from grader.packaging.platform import Platform, text

PLATFORM = Platform(
    format="prairielearn",
    root="/grade",
    source="serverFilesCourse/nablagrade",
    submission="student",
    python="python3",
    entry="serverFilesCourse/nablagrade/run.sh",
    folder="serverFilesCourse/nablagrade/",
    more=lambda wheel: {"Dockerfile": text("Dockerfile", wheel=wheel), "info.json": text("info.json")},
)
