"""Arenas, kept for the session, and the table at the end of a run."""

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.attacks.catalogue import LIMITS, SETTINGS, Setting
from tests.attacks.helper import Helper

collect_ignore = ["submissions"]  # one of them ships a conftest.py that ends pytest
HELD, NOT_HELD, NOT_PROMISED = "", " !", " ~"


class Arenas:
    """Arenas by setting, each started when a test first asks for it."""

    def __init__(self, worker: int) -> None:
        self._worker = worker
        self._open: dict[Setting, Helper] = {}

    def enter(self, setting: Setting) -> Helper:
        """Return a running arena, or skip the test where there is none."""
        if reason := _missing(setting):
            pytest.skip(reason)
        if setting not in self._open:
            self._open[setting] = Helper(setting, self._worker)
        helper = self._open[setting]
        if helper.unavailable:
            pytest.skip(helper.unavailable)
        return helper

    def anew(self, setting: Setting) -> Helper:
        """Return an arena in which nothing has been fought yet."""
        if setting in self._open:
            self.lose(setting)
        return self.enter(setting)

    def lose(self, setting: Setting) -> int:
        """End an arena, perhaps one that no longer answers, and forget it."""
        return self._open.pop(setting).close()

    def close(self) -> None:
        for helper in self._open.values():
            helper.close()


def _missing(setting: Setting) -> str:
    if sys.platform != "linux":
        return "the arena is made for Linux"
    if setting.root and os.geteuid() != 0:
        return "these tests do not run as root"
    if not setting.root and os.geteuid() == 0 and not shutil.which("setpriv"):
        return "setpriv (util-linux) is needed to become an ordinary user"
    return ""


@pytest.fixture(scope="session")
def arenas() -> Iterator[Arenas]:
    made = Arenas(int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))
    yield made
    made.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [r for outcome in ("passed", "failed", "xfailed") for r in terminalreporter.getreports(outcome) if r.when == "call"]
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for report in reports:
        for name, told in report.user_properties:
            if name == "attacked":
                rows.setdefault(told["attack"], {})[told["setting"]] = told
    if rows:
        _table(terminalreporter, rows)


def _table(reporter: Any, rows: dict[str, dict[str, dict[str, Any]]]) -> None:
    names = [s.name for s in SETTINGS if any(s.name in row for row in rows.values())]
    reporter.section("attacks: verdict by tier and user")
    reporter.write_line(f"{'':32}" + "".join(f"{name:>15}" for name in names) + "  held")
    for attack, row in sorted(rows.items()):
        cells = "".join(f"{_cell(row[name]) if name in row else '-':>15}" for name in names)
        held = "yes" if not any(told["faults"] for told in row.values()) else "NO"
        limit = f"  (known limit: {LIMITS[attack]})" if attack in LIMITS else ""
        reporter.write_line(f"{attack:32}{cells}  {held}{limit}")
    for name in names:
        told = [row[name] for row in rows.values() if name in row]
        leaks = sum(bool(t["violations"]) for t in told)
        beside = f", {leaks} took what is not promised here (~)" if name.startswith("process") else ""
        reporter.write_line(f"{name}: {sum(not t['faults'] for t in told)} of {len(told)} held{beside}")


def _cell(told: dict[str, Any]) -> str:
    return told["verdict"] + (NOT_HELD if told["faults"] else NOT_PROMISED if told["violations"] else HELD)
