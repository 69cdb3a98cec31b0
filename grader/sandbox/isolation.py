"""How far student code is kept apart on this system, as every report states it."""

from enum import StrEnum

from grader.errors import SandboxError
from grader.model import Isolation


class Sandbox(StrEnum):
    """What the user demands: a jail or no run, the best there is, or none."""

    REQUIRE = "require"
    BEST = "best"
    OFF = "off"


PROCESS = "process"
PROBES = {
    "separate process": "yes",
    "deadline for every call": "yes",
    "memory limit": "yes, on Linux",
    "files and network closed": "no",
}


def isolate(demand: Sandbox) -> Isolation:
    """Return the tier of this run.

    A tier is chosen once a run and announced; today there is one, a process of its own, which protects verdicts, grader and
    neighbours from crashes, hangs and patches, but hides no file and closes no network.

    Raises:
        SandboxError: A jail was required.
    """
    if demand is Sandbox.REQUIRE:
        raise SandboxError(
            "A jail was required, and this version has none: student code runs in a process of its own, which can read "
            "files and reach the network. Run inside a container, or accept it with --sandbox best."
        )
    return Isolation(tier=PROCESS, probes=PROBES)
