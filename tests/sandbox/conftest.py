"""Workers of both kinds."""

from collections.abc import Iterator

import pytest

from grader.sandbox.fork import ForkLauncher
from grader.sandbox.process import Launcher
from grader.sandbox.spawn import SpawnLauncher


@pytest.fixture
def spawned() -> Iterator[Launcher]:
    made = SpawnLauncher()
    yield made
    made.close()


@pytest.fixture(params=["forked", "spawned"])
def either(request: pytest.FixtureRequest) -> Launcher:
    """Both ways to start a worker, one after the other."""
    made: Launcher = request.getfixturevalue({"forked": "launcher", "spawned": "spawned"}[request.param])
    return made


@pytest.fixture
def zygote() -> Iterator[ForkLauncher]:
    """A zygote of the test's own, warm."""
    made = ForkLauncher()
    made.start(1024).kill()
    yield made
    made.close()
