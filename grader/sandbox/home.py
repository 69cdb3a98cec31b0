"""The launcher's temporary folder, below which every worker has its own."""

import os
import subprocess
import tempfile

from grader.worker import folder


def make() -> str:
    """Make it. A worker in a jail may be another user, who has to pass through to its own folder."""
    made = tempfile.mkdtemp(prefix="nablagrade-")
    os.chmod(made, 0o711)  # noqa: PTH101 - the worker's module for folders does without pathlib, and so do names here
    return made


def remove(home: str) -> None:
    """Remove it with all that was left in it; without a jail, folders may have been nested deeper than Python's own removal goes."""
    folder.remove(home)
    if os.path.exists(home) and os.name == "posix":  # noqa: PTH110
        subprocess.run(["rm", "-rf", "--", home], check=False, stderr=subprocess.DEVNULL)
