"""What the user demanded is had, or nothing is run; a tier is what a self-test found, not what the system claims."""

import sys

import pytest

from grader.errors import SandboxError
from grader.sandbox import isolation, launch
from grader.sandbox.isolation import Sandbox, open_sandbox, self_test
from grader.sandbox.launch import open_launcher
from grader.sandbox.spawn import SpawnLauncher
from grader.worker import probes
from grader.worker.jail import Tier
from tests.sandbox.scripted import Scripted
from tests.sandbox.students import relu, run

linux = pytest.mark.skipif(sys.platform != "linux", reason="there is a jail on Linux only")
ATTEMPTS = {
    "read a file",
    "read a system file",
    "list a folder",
    "write a file elsewhere",
    "read another process",
    "signal another process",
    "limit another process",
    "connect to a network",
    "connect to a local socket",
    "start a process",
    "run a program",
    "exceed its memory",
}


@pytest.fixture
def broken(monkeypatch):
    """Name tiers that this system has not, and why."""
    why = {}
    tested = isolation.self_test

    def test(launcher):
        if launcher.tier in why:
            raise SandboxError(why[launcher.tier])
        return tested(launcher)

    monkeypatch.setattr(isolation, "self_test", test)
    return why


@linux
@pytest.mark.parametrize("demand", [Sandbox.REQUIRE, Sandbox.BEST])
def test_the_best_tier_is_taken_and_every_attempt_is_refused(demand):
    with open_sandbox(demand) as (launcher, found):
        assert (launcher.tier, found.tier) == (Tier.LANDLOCK, "landlock+seccomp")
        assert {name for name, outcome in found.probes.items() if outcome.startswith("refused (")} == ATTEMPTS
        assert found.probes["kernel"].startswith("Linux ")
        assert run(launcher, relu(), calls=1).kinds == [("ok", "ok")]


@linux
@pytest.mark.parametrize("demand", [Sandbox.REQUIRE, Sandbox.BEST])
def test_without_landlock_there_is_still_a_jail_that_opens_no_files(demand, broken):
    broken[Tier.LANDLOCK] = "OSError: Landlock: Function not implemented"

    with open_sandbox(demand) as (launcher, found):
        assert (launcher.tier, found.tier) == (Tier.SECCOMP, "seccomp, no files")
        assert found.probes["landlock+seccomp"] == "not here: OSError: Landlock: Function not implemented"
        assert {name for name, outcome in found.probes.items() if outcome.startswith("refused (")} >= ATTEMPTS


@linux
def test_without_any_jail_the_best_there_is_is_a_process_and_says_what_it_cannot_keep(broken):
    broken.update(dict.fromkeys(isolation.JAILS, "no"))

    with open_sandbox(Sandbox.BEST) as (launcher, found):
        assert (launcher.tier, found.tier) == (Tier.PROCESS, "process")
        assert {found.probes[name] for name in ("read a file", "connect to a network", "start a process")} == {"possible"}


@linux
@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("ModuleNotFoundError: No module named 'pyseccomp'.", "pip install pyseccomp"),
        ("RuntimeError: Unable to find libseccomp.", "apt install libseccomp2"),
        ("PermissionError: [Errno 1] Operation not permitted.", r"refuses seccomp filters \(Operation not permitted\)"),
    ],
)
def test_a_jail_that_is_required_and_cannot_be_had_is_an_error_with_the_remedy(reason, remedy, broken):
    broken.update(dict.fromkeys(isolation.JAILS, reason))

    with pytest.raises(SandboxError, match=f"{remedy}.*--sandbox best.$"), open_sandbox(Sandbox.REQUIRE):
        pass


def test_where_nothing_can_be_forked_there_is_no_jail(monkeypatch):
    monkeypatch.setattr(isolation, "can_fork", lambda: False)
    monkeypatch.setattr(launch, "can_fork", lambda: False)

    with (
        pytest.raises(SandboxError, match="has none; grade inside a Linux container, or accept it with --sandbox best"),
        open_sandbox(Sandbox.REQUIRE),
    ):
        pass
    with pytest.raises(SandboxError, match="only on Linux"), open_launcher(Tier.SECCOMP):
        pass
    with open_sandbox(Sandbox.BEST) as (launcher, found):
        assert isinstance(launcher._current, SpawnLauncher)
        assert found.tier == "process"
        assert found.probes["exceed its memory"].startswith("refused (")
        assert run(launcher, relu(), calls=1).kinds == [("ok", "ok")]


def test_with_the_sandbox_off_nothing_is_tried():
    with open_sandbox(Sandbox.OFF) as (launcher, found):
        assert (launcher.tier, found.tier, found.probes) == (Tier.PROCESS, "process", isolation.UNTESTED)


@linux
def test_a_jail_that_lets_something_through_is_none(monkeypatch, launcher):
    """The zygote of the tests has no jail: whoever claims that it had one is found out."""
    monkeypatch.setattr(launcher, "tier", Tier.LANDLOCK)

    with pytest.raises(
        SandboxError, match=r"The jail \(landlock\+seccomp\) does not hold: read a file, .*a file was written, a server was reached"
    ):
        self_test(launcher)


@pytest.mark.parametrize(
    "script", [lambda channel: None, lambda channel: channel.send(1, {}) or channel.receive()], ids=["at once", "half-way"]
)
def test_a_self_test_that_does_not_end_is_no_jail(script):
    with pytest.raises(SandboxError):
        self_test(Scripted(script))


def test_an_attempt_that_this_system_cannot_make_counts_as_refused(monkeypatch):
    monkeypatch.delattr(probes.os, "fork", raising=False)

    assert probes._outcome(probes._fork) == "refused (this system has no such call)"
