"""Every executor gives the same entries; a process that is lost over one submission costs no other."""

import multiprocessing
import os
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.classroom.executors import Executor, Processes, Serial, processes_that_fit
from grader.classroom.executors.executor import TRIES
from grader.classroom.terms import Terms
from grader.errors import SandboxError
from grader.intake import Bundle, alone, discover, read
from tests.classroom.conftest import hand_in, terms_of
from tests.classroom.terms_that_fail import Deadly, Endless, Refused, Undrawn


@pytest.fixture
def bundles(folder: Path) -> list[Bundle]:
    return [read(path) for path in discover(folder)]


def entries(executor: Executor, terms: Terms, bundles: list[Bundle]) -> dict[str, Any]:
    """Return every entry without what the clock says."""
    return {bundle.id: packed.entry | {"duration_s": 0} for bundle, packed in executor.run(terms, bundles)}


def of_kind(kind: type[Terms], folder: Path, **more: Any) -> Terms:
    """Return terms of a small assignment that fail."""
    usual = terms_of(folder)
    return kind(document=usual.document, sha256=usual.sha256, seed=usual.seed, tier=usual.tier, **more)


@pytest.mark.slow
@pytest.mark.parametrize("drawn", ["here", "by the first of them"])
def test_processes_give_what_this_process_gives(drawn: str, terms: Terms, bundles: list[Bundle]):
    sent = terms.drawn() if drawn == "here" else terms

    here, there = entries(Serial(), terms, bundles), entries(Processes(3), sent, bundles)

    assert here == there
    assert [here[bundle.id]["score"] for bundle in bundles] == [1] * len(bundles)


SIGNALS = """import os, signal
import numpy as np
heard = []
signal.signal(signal.SIGINT, lambda *_: heard.append(1))

def relu_forward(x):
    before = len(heard)
    os.kill(os.getpid(), signal.SIGINT)
    return np.maximum(x, 0) * (len(heard) - before), x
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a process sends itself a signal")
def test_student_code_gets_its_own_signals_though_those_who_grade_are_deaf_to_ctrl_c(terms: Terms, tmp_path: Path):
    hand_in(tmp_path / "signals", SIGNALS)
    bundle = read(alone(tmp_path / "signals"))

    here, there = entries(Serial(), terms, [bundle]), entries(Processes(2), terms, [bundle])

    assert here == there
    assert here[bundle.id]["score"] == 1


@pytest.mark.slow
def test_whoever_stops_listening_ends_all_processes_and_takes_their_folders_away(
    terms: Terms, bundles: list[Bundle], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    here = tmp_path / "temporary"
    here.mkdir(0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(here))

    with closing(Processes(2).run(terms.drawn(), iter(bundles))) as results:
        next(results)
        there = list(here.rglob("*"))

    assert multiprocessing.active_children() == []
    assert len(there) > 1
    assert list(here.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("times", "status"), [(TRIES - 1, "passed"), (TRIES, "errored")])
def test_a_submission_that_ends_its_process_is_tried_again_before_it_is_an_error_of_ours(
    tmp_path: Path, bundles: list[Bundle], times: int, status: str
):
    counted = tmp_path / "counted"

    found = entries(Processes(2), of_kind(Deadly, tmp_path, counted=counted, times=times), bundles)

    assert {name: entry["status"] for name, entry in found.items()} == {bundle.id: "passed" for bundle in bundles} | {"student1": status}
    assert len(counted.read_text()) == TRIES
    if status == "errored":
        reason = found["student1"]["tasks"][0]["checks"][0]["reason"]
        assert f"the process that graded it was lost {TRIES} times" in reason


@pytest.mark.slow
def test_cases_are_drawn_again_where_the_process_that_draws_them_is_lost(tmp_path: Path, bundles: list[Bundle]):
    counted = tmp_path / "counted"

    found = entries(Processes(2), of_kind(Undrawn, tmp_path, counted=counted, times=TRIES - 1), bundles)

    assert found.keys() == {bundle.id for bundle in bundles}
    assert len(counted.read_text()) == TRIES


@pytest.mark.slow
def test_where_cases_cannot_be_drawn_the_run_ends_with_why(tmp_path: Path, bundles: list[Bundle]):
    with pytest.raises(SandboxError, match=f"the process that draws the cases was lost {TRIES} times"):
        entries(Processes(2), of_kind(Undrawn, tmp_path, counted=tmp_path / "counted", times=TRIES), bundles)

    assert multiprocessing.active_children() == []


def without_end(folder: Path) -> None:
    """Draw cases for ever, in a process that can be killed."""
    list(Processes(2).run(of_kind(Endless, folder), iter(())))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="what is killed here has children that are to be found")
def test_nothing_runs_on_where_the_run_is_killed_while_cases_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    here = tmp_path / "temporary"
    here.mkdir(0o711)
    monkeypatch.setenv("TMPDIR", str(here))
    killed = multiprocessing.get_context("spawn").Process(target=without_end, args=(tmp_path,))
    killed.start()
    deadline = time.monotonic() + 20
    while True:
        started = psutil.Process(killed.pid).children(recursive=True)
        if list(here.iterdir()) and any(child.cpu_times().user > 0.2 for child in started):  # it has been told what to do
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)

    killed.kill()
    killed.join()

    assert psutil.wait_procs(started, timeout=20)[1] == []
    assert list(here.iterdir()) == []


@pytest.mark.slow
def test_where_there_is_no_such_tier_the_run_ends_with_why(tmp_path: Path, bundles: list[Bundle]):
    with pytest.raises(SandboxError, match="no jail here"):
        entries(Processes(1), of_kind(Refused, tmp_path), bundles)

    assert multiprocessing.active_children() == []


def test_a_fault_of_ours_in_one_submission_stops_no_other(terms: Terms, bundles: list[Bundle], monkeypatch: pytest.MonkeyPatch):
    def entry(result: Any) -> Any:
        if result.id == "student1" and result.standing != "errored":
            raise ZeroDivisionError("of ours")
        return {"id": result.id, "status": result.standing.value, "why": [t.checks[0].reason for t in result.tasks if t.checks]}

    monkeypatch.setattr("grader.classroom.terms.entry", entry)

    found = entries(Serial(), terms.drawn(), bundles)

    assert [found[bundle.id]["status"] for bundle in bundles] == ["partial", "errored", *["partial"] * 3]
    assert "ZeroDivisionError: of ours" in found["student1"]["why"][0]


@pytest.mark.parametrize(("free_gb", "processes"), [(0.1, 1), (3, 2), (1000, 8)])
def test_no_more_processes_than_cores_and_memory(free_gb: float, processes: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(8), raising=False)
    memory = psutil.virtual_memory()._replace(available=int(free_gb * 2**30))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)

    assert processes_that_fit(1024) == processes
