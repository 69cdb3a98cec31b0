"""What a platform's autograder takes: scripts, this grader as a wheel, and the assignment.

No platform is talked to from here, and nothing is graded: on the platform, a script calls the command.
"""

import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader import assignment
from grader.errors import AssignmentError, GraderError
from grader.packaging.platform import PLATFORMS
from grader.packaging.wheel import EPOCH, wheel

EXECUTABLE, PLAIN = 0o100755, 0o100644
SECRET_SEEDS = 1 << 32


def write(platform: str, tasks_file: Path, out: Path) -> None:
    """Write the bundle of a platform.

    Every submission meets the same cases: those of the assignment's seed or, where it has none, of a secret one that the bundle holds.

    Args:
        platform: One of `PLATFORMS`.
        tasks_file: The assignment.
        out: A .zip file, or a folder; nothing is there yet.

    Raises:
        GraderError: Something is there, or cannot be written; or the assignment holds mistakes.
    """
    if out.exists():
        raise GraderError(f"--out {out}: is there already; name a file or folder that is not.")
    document, _ = assignment.document(tasks_file)
    seed = document["seed"] if document["seed"] is not None else secrets.randbelow(SECRET_SEEDS)
    try:
        asked = {"tasks.yaml": tasks_file.read_bytes(), **{name: text.encode() for name, text in document.get("own", {}).items()}}
        files = PLATFORMS[platform].files(asked, wheel(), seed)
        out.parent.mkdir(parents=True, exist_ok=True)
        (_zipped if out.suffix == ".zip" else _laid_out)(files, out)
    except OSError as error:
        raise AssignmentError(f"--out {out}: cannot be written: {error.strerror or error}.") from error


def _zipped(files: Mapping[str, bytes], out: Path) -> None:
    with zipfile.ZipFile(out, "x", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = _mode(data) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


def _laid_out(files: Mapping[str, bytes], out: Path) -> None:
    for name, data in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
        (out / name).chmod(_mode(data) & 0o777)


def _mode(data: bytes) -> int:
    return EXECUTABLE if data.startswith(b"#!") else PLAIN
