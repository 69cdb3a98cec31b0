"""How a Python for workers is started: which script, with which folders to import from, in which environment."""

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from grader.errors import SandboxError

MAIN = Path(__file__).parent.parent / "worker" / "main.py"
START_SECONDS = 20.0


def folder_of(library: str) -> str:
    """Return the folder that a library is imported from; nothing of it runs. Empty where it is not installed, or there is no name."""
    found = find_spec(library) if library else None
    return str(Path(found.origin).resolve().parent.parent) if found and found.origin else ""


def command(mode: str, where: int, *rest: str, library: str = "") -> list[str]:
    """Return what starts a worker process; `where` is the descriptor or the port at which it meets this one.

    Raises:
        SandboxError: There is no NumPy.
    """
    numpy = folder_of("numpy")
    if not numpy:
        raise SandboxError("NumPy cannot be found by this Python; install it with: pip install numpy")
    parso = find_spec("parso")
    folders = (
        str(MAIN.parent.parent),
        numpy,
        str(Path(parso.origin).parent) if parso and parso.origin else "",
        folder_of(library),
    )
    # -I -S: no environment, no user site, no .pth files; what a worker imports is in main.py
    return [sys.executable, "-I", "-S", str(MAIN), mode, str(where), *folders, *rest]


def environment() -> Mapping[str, str]:
    """Return what the interpreter itself needs, one BLAS thread, and a fixed hash seed: the same run gives the same bits."""
    keep = ("SYSTEMROOT", "OPENBLAS_CORETYPE", "LD_LIBRARY_PATH")
    fixed = {
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "LANG": "C.UTF-8",
    }
    return {**{name: os.environ[name] for name in keep if name in os.environ}, **fixed}
