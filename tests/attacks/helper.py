"""Arenas in processes of their own, as root and as an ordinary user."""

import json
import os
import secrets
import select
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from tests.attacks.catalogue import Setting

ROOT = Path(__file__).parents[2]
ANSWER_SECONDS = 60.0
HIGHEST_USER = 65533  # the ones below nobody are nobody's
READ_PAST_PERMISSIONS = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")


class Helper:
    """A running arena."""

    def __init__(self, setting: Setting, worker: int) -> None:
        """Start one; each has a user of its own, so that signals to all processes of a user reach no other arena."""
        command = [sys.executable, "-m", "tests.attacks.arena", setting.tier.value]
        if os.geteuid() == 0 and not setting.root:
            user = HIGHEST_USER - 4 * worker - 2 * (setting.name == "process-user") - (setting.name == "seccomp-user")
            capability = () if reachable() else READ_PAST_PERMISSIONS
            command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *capability, *command]
        # Nothing of this machine's own secrets: attacks print what they find in an environment.
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
        environment["NABLAGRADE_SECRET"] = secrets.token_hex(16)
        # Whatever an attack leaves behind goes with this folder, even where the arena itself fell over it.
        environment["TMPDIR"] = self._folder = tempfile.mkdtemp(prefix="attacks-")
        Path(self._folder).chmod(0o1777)
        self._process = subprocess.Popen(
            command,
            cwd="/",
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        told = self._answer()
        self.unavailable: str = told.get("unavailable", "")

    def fight(self, attack: str) -> dict[str, Any]:
        """Have one attack graded, and return what became of it."""
        assert self._process.stdin
        self._process.stdin.write(f"{attack}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        if not select.select([self._process.stdout], [], [], ANSWER_SECONDS)[0]:
            self._process.kill()
            raise TimeoutError("the arena does not answer")
        line = self._process.stdout.readline()
        if not line:
            raise EOFError(f"the arena is gone, with status {self._process.wait()}")
        told: dict[str, Any] = json.loads(line)
        return told

    def close(self) -> int:
        """End it; return its exit status."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        subprocess.run(["rm", "-rf", self._folder], check=True)  # shutil gives up on a thousand nested folders
        return self._process.returncode


def reachable() -> bool:
    """Whether an ordinary user can start this Python and import from it; in root's home it needs leave to."""
    wanted = (Path(sys.executable).resolve(), Path(os.__file__), Path(np.__file__), ROOT / "grader")
    return all(folder.stat().st_mode & 0o001 for path in wanted for folder in path.parents)
