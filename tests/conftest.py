"""One Hypothesis profile for all tests, one zygote for all tests that need workers, no traffic with the user's cache."""

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

os.environ["LC_ALL"] = "C.UTF-8"  # sentences are in English, wherever the tests run

import pytest
from hypothesis import HealthCheck, settings

from grader.sandbox.fork import ForkLauncher
from grader.sandbox.process import Launcher

settings.register_profile(
    "tests", deadline=None, derandomize=True, database=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")


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


@pytest.fixture(scope="session")
def banks(shared: Path) -> Path:
    """A folder for case banks."""
    return shared / "banks"


@pytest.fixture(autouse=True)
def _own_cache(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
