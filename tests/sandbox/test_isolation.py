"""What the user demanded is had, or nothing is run."""

import pytest

from grader.errors import SandboxError
from grader.sandbox.isolation import PROBES, Sandbox, isolate


def test_a_jail_that_is_required_and_cannot_be_had_is_an_error_with_a_way_out():
    with pytest.raises(SandboxError, match="--sandbox best"):
        isolate(Sandbox.REQUIRE)


@pytest.mark.parametrize("demand", [Sandbox.BEST, Sandbox.OFF])
def test_a_process_of_its_own_is_announced_as_no_more_than_that(demand):
    isolation = isolate(demand)

    assert isolation.tier == "process"
    assert isolation.probes == PROBES
    assert isolation.probes["files and network closed"] == "no"
