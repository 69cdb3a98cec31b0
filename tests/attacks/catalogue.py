"""Which attacks there are, at which tiers and as whom they are tried, and what each must give."""

import json
import platform
from pathlib import Path
from typing import NamedTuple

from grader.worker.jail import Tier

HERE = Path(__file__).parent
_DOCUMENT = json.loads((HERE / "expected.json").read_text())
ATTACKS = sorted(path.name for path in (HERE / "submissions").iterdir() if path.is_dir())
LIMITS: dict[str, str] = _DOCUMENT["limits"]
WITHIN_PYTHON = frozenset(_DOCUMENT["asks nothing of the system"])


class Setting(NamedTuple):
    """A tier, and whether the grader runs as root there."""

    tier: Tier
    root: bool

    @property
    def name(self) -> str:
        short = {Tier.LANDLOCK: "landlock", Tier.SECCOMP: "seccomp", Tier.PROCESS: "process"}[self.tier]
        return f"{short}-{'root' if self.root else 'user'}"


# Without a jail an attack has the rights of the grader: never root's, on a machine that others use.
SETTINGS = (
    Setting(Tier.LANDLOCK, True),
    Setting(Tier.LANDLOCK, False),
    Setting(Tier.SECCOMP, True),
    Setting(Tier.SECCOMP, False),
    Setting(Tier.PROCESS, False),
)
# A jail and a user decide what the system grants; for what asks nothing of it, one setting with a jail and the one without will do.
OF_PYTHON = (Setting(Tier.LANDLOCK, False), Setting(Tier.PROCESS, False))
FIGHTS = [(attack, setting) for attack in ATTACKS for setting in (OF_PYTHON if attack in WITHIN_PYTHON else SETTINGS)]


def of_this_machine(attack: str) -> bool:
    """Whether the numbers of system calls that an attack uses are those of this machine."""
    numbers = any("syscall(" in path.read_text() for path in (HERE / "submissions" / attack).rglob("*.py"))
    return not numbers or platform.machine() == "x86_64"


def expected(attack: str, tier: Tier) -> set[str]:
    """Return the verdicts that are right: OK (full marks), WRONG (it runs and earns nothing), ERR (an error that names the cause)."""
    wanted = _DOCUMENT["attacks"][attack]
    return set((wanted if isinstance(wanted, str) else wanted.get(tier.value, wanted["else"])).split("|"))


def faults(attack: str, tier: Tier, told: dict[str, object]) -> list[str]:
    """Return what a tier promised and did not keep.

    Without a jail only this is promised: no verdict is won, the neighbour is graded, the grader lives. It lives if it has answered.
    """
    verdict, wanted = str(told["verdict"]), expected(attack, tier)
    violations = list(map(str, told["violations"]))  # type: ignore[call-overload]
    if tier is Tier.PROCESS:
        won = [f"{verdict}, not {'|'.join(sorted(wanted))}"] if verdict in {"OK", "PART", "OURS"} - wanted else []
        return won + [v for v in violations if v.startswith("the neighbour")]
    return ([] if verdict in wanted else [f"{verdict}, not {'|'.join(sorted(wanted))}: {told['said']}"]) + violations
