"""This grader as a wheel, made of the files that run: an installed one and a checkout give the same, and nothing is built.

Source: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

import base64
import hashlib
import io
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import reference
from grader import assignment
from grader.errors import GraderError

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files make the same archive
WHEEL = "Wheel-Version: 1.0\nGenerator: nablagrade\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel() -> tuple[str, bytes]:
    """Return the name of the wheel and what it holds.

    Raises:
        GraderError: The grader is not installed, so that nothing says what it needs.
    """
    try:
        installed = distribution("nablagrade")
    except PackageNotFoundError as error:
        raise GraderError("the grader is not installed here; run `pip install .` in its folder.") from error
    about = f"nablagrade-{installed.version}.dist-info"
    files = {**_package(Path(assignment.__file__).parent), **_package(Path(reference.__file__).parent)}
    files["grader/tasks.yaml"] = assignment.bundled().read_bytes()
    for name in ("METADATA", "entry_points.txt"):
        files[f"{about}/{name}"] = (installed.read_text(name) or "").encode()
    files[f"{about}/WHEEL"] = WHEEL.encode()
    files[f"{about}/RECORD"] = _record(files, f"{about}/RECORD").encode()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items(), key=lambda file: (file[0].startswith(about), file[0])):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return f"nablagrade-{installed.version}-py3-none-any.whl", held.getvalue()


def _package(folder: Path) -> dict[str, bytes]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in paths}


def _record(files: dict[str, bytes], itself: str) -> str:
    def digest(data: bytes) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()

    return "".join([*(f"{name},sha256={digest(data)},{len(data)}\n" for name, data in files.items()), f"{itself},,\n"])
