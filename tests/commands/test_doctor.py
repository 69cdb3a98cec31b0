"""`grader doctor`: what this system has."""

import sys

from grader.model import Isolation
from grader.version import VERSION
from tests.commands.conftest import Run


def test_doctor_shows_versions_and_what_isolation_there_is(run: Run, best: Isolation):
    result = run("doctor")

    assert result.exit_code == 0
    first, *rest = result.stdout.splitlines()
    assert first.startswith(f"grader {VERSION}, Python {sys.version.split()[0]}, NumPy ")
    assert rest[0].startswith(f"isolation: {best.tier}")
    assert rest[1:-1] == [f"  {name}: {outcome}" for name, outcome in best.probes.items()]
    assert rest[-1].startswith("worker: ")
