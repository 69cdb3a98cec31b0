"""One Hypothesis profile for all tests, one zygote for all tests that need workers, no traffic with the user's cache."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

os.environ["LC_ALL"] = "C.UTF-8"  # sentences are in English, wherever the tests run
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is imported by hundreds of processes is compiled once

import pytest
from hypothesis import HealthCheck, settings

from grader.grading import cache_folder
from grader.sandbox.fork import ForkLauncher
from grader.sandbox.process import Launcher

settings.register_profile(
    "tests", deadline=None, derandomize=True, database=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")
sys.dont_write_bytecode = False  # nor are the tests themselves compiled in every run


def pytest_collection_finish() -> None:
    """What was collected, and all that was imported for it, lasts until the end: no search for garbage need walk it again and again."""
    gc.freeze()


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    made = ForkLauncher()
    yield made
    made.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, one for all of its processes: what one of them has drawn, the others read."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def banks(shared: Path) -> Iterator[Path]:
    """The folder for case banks, which is that of commands, too."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(shared))
        yield cache_folder()
