"""How far student code is kept apart on this system: chosen by building a jail and trying to break out, and stated in every report.

What brings NumPy along is imported where it is used: the zygote should be warming up by then.
"""

import contextlib
import os
import platform
import secrets
import socket
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import SandboxError
from grader.sandbox.launch import can_fork, open_launcher
from grader.worker.jail import Tier

if TYPE_CHECKING:
    from grader.model import Isolation
    from grader.sandbox.process import Launcher

TEST_SECONDS = 10.0
JAILS = (Tier.LANDLOCK, Tier.SECCOMP)
UNTESTED = {"self-test": "not made, no jail was asked for"}


class Sandbox(StrEnum):
    """What the user demands: a jail or no run, the best there is, or none."""

    REQUIRE = "require"
    BEST = "best"
    OFF = "off"


@contextlib.contextmanager
def open_sandbox(demand: Sandbox) -> Iterator[tuple["Launcher", "Isolation"]]:
    """Start workers of the best tier that meets the demand and holds; end them all on the way out.

    One tier a run: it is announced, and never lowered on the way.

    Raises:
        SandboxError: A jail was required, and none holds; the message has the remedy.
    """
    reasons: dict[str, str] = {}
    for tier in _tiers(demand):
        with open_launcher(tier) as launcher:
            from grader.model import Isolation

            try:
                found = UNTESTED if demand is Sandbox.OFF else self_test(launcher)
            except SandboxError as error:
                reasons[tier] = f"not here: {error}"
                continue
            yield launcher, Isolation(tier=tier, probes={**reasons, **found})
            return
    raise SandboxError(f"Student code would run without a jail here: {_remedy(list(reasons.values()))}, or accept it with --sandbox best.")


def _tiers(demand: Sandbox) -> tuple[Tier, ...]:
    jails = JAILS if can_fork() else ()
    return {Sandbox.REQUIRE: jails, Sandbox.BEST: (*jails, Tier.PROCESS), Sandbox.OFF: (Tier.PROCESS,)}[demand]


def _remedy(reasons: list[str]) -> str:
    if not can_fork():
        return f"{platform.system()} has none; grade inside a Linux container"
    said = reasons[-1].rstrip(".")
    if "pyseccomp" in said:
        return "pyseccomp is missing; install it with: pip install pyseccomp"
    if "libseccomp" in said:
        return "libseccomp is missing; install it (apt install libseccomp2, dnf install libseccomp or apk add libseccomp)"
    said = said.rpartition("] ")[2]  # of an error of the kernel, its words
    return f"this kernel or container refuses seccomp filters ({said}); grade on a machine or in a container that allows them"


def self_test(launcher: "Launcher") -> dict[str, str]:
    """Have a worker try to break out, and say what came of each attempt; in a jail, every one must be refused.

    Raises:
        SandboxError: No worker can be had, or a jail does not hold.
    """
    from grader.worker.jail import landlock  # with ctypes, which a run without a jail should not wait for

    with _bait() as bait:
        found = _attempts(launcher, bait.targets)
        if launcher.tier is not Tier.PROCESS:
            escaped = [name for name, outcome in found.items() if not outcome.startswith("refused")] + bait.taken()
            if escaped:
                raise SandboxError(f"The jail ({launcher.tier}) does not hold: {', '.join(escaped)}.")
    version = {"Landlock": f"ABI {landlock.abi()}"} if launcher.tier is Tier.LANDLOCK else {}
    return {"kernel": f"{platform.system()} {platform.release()}", **version, **found}


def _attempts(launcher: "Launcher", targets: dict[str, Any]) -> dict[str, str]:
    from grader.model import Limits
    from grader.sandbox.process import Late
    from grader.sandbox.session import await_ready, expect
    from grader.worker import wire
    from grader.worker.wire import Kind

    memory_mb = Limits().memory_mb
    process = launcher.start(memory_mb)
    try:
        await_ready(process)
        process.send(Kind.PROBE, {"targets": targets, "memory_mb": memory_mb}, [], TEST_SECONDS)
        return {str(name): str(outcome) for name, outcome in expect(process, Kind.PROBED, TEST_SECONDS).meta.items()}
    except (Late, wire.Closed, wire.ProtocolError) as error:
        raise SandboxError(f"The self-test of the jail ({launcher.tier}) did not end.") from error
    finally:
        process.kill()


class _Bait:
    """What an escaped worker could get at: a secret, a folder to write into, two servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        secret = folder / "secret.txt"
        secret.write_text(secrets.token_hex(), encoding="ascii")
        folder.chmod(0o777)
        secret.chmod(0o666)
        self.network = socket.create_server(("127.0.0.1", 0))
        self.network.setblocking(False)
        self.targets: dict[str, Any] = {
            "file": str(secret), "folder": str(folder), "port": self.network.getsockname()[1], "pid": os.getpid(), "local": ""
        }  # fmt: skip
        self.local: socket.socket | None = None
        if hasattr(socket, "AF_UNIX"):
            self.targets["local"] = str(folder / "server")
            self.local = socket.socket(socket.AF_UNIX)
            self.local.bind(self.targets["local"])
            self.local.listen()
            self.local.setblocking(False)

    def taken(self) -> list[str]:
        """What happened although the worker may have said otherwise."""
        found = ["a file was written"] if (self.folder / "planted").exists() else []
        for server in filter(None, (self.network, self.local)):
            with contextlib.suppress(BlockingIOError):
                server.accept()[0].close()
                found.append("a server was reached")
        return found

    def close(self) -> None:
        for server in filter(None, (self.network, self.local)):
            server.close()


@contextlib.contextmanager
def _bait() -> Iterator[_Bait]:
    with tempfile.TemporaryDirectory(prefix="nablagrade-") as folder:
        bait = _Bait(Path(folder))
        try:
            yield bait
        finally:
            bait.close()
