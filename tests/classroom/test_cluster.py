"""A Dask cluster gives what this process gives, whichever of its workers die; one that is not like the others gets no work."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import Client, LocalCluster

from grader.classroom import terms as terms_of_a_run
from grader.classroom.executors import Cluster, Serial, cluster, desk
from grader.classroom.executors.executor import TRIES
from grader.classroom.terms import Terms
from grader.errors import SandboxError
from grader.intake import Bundle, discover, read
from tests.classroom.conftest import RELU, hand_in
from tests.classroom.terms_that_fail import Deadly, Refused, Telling
from tests.classroom.test_executors import entries, of_kind


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers of one thread each, as processes of their own."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, memory_limit=None, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as here,
        Client(here, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture
def address(client: Client) -> str:
    client.wait_for_workers(2)
    return str(client.scheduler.address)


@pytest.fixture
def bundles(tmp_path: Path) -> list[Bundle]:
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(10):
        hand_in(folder / f"student{number}", f"{RELU}# {number}\n")
    return [read(one) for one in discover(folder)]


def call_yourself(version: str) -> None:
    terms_of_a_run.VERSION = version


def serving() -> list[str]:
    return list(desk._desks)


@contextlib.contextmanager
def worker_of_another_version(address: str, folder: Path) -> Iterator[int]:
    """Have a further worker join; give its process."""
    (folder / "older.py").write_text("from grader.classroom import terms\n\nterms.VERSION = '0.0.1'\n")
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([*command, "--preload", str(folder / "older.py")], env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process.pid
        finally:
            process.kill()


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_nothing(client: Client, address: str, terms: Terms, bundles: list[Bundle]):
    drawn = terms.drawn()
    victim, pid = next(iter(client.run(os.getpid).items()))
    found: dict[str, Any] = {}

    for bundle, packed in Cluster(address).run(drawn, bundles):
        if not found:
            os.kill(pid, signal.SIGKILL)
        assert bundle.id not in found
        found[bundle.id] = packed.entry | {"duration_s": 0}

    assert found == entries(Serial(), drawn, bundles)
    assert victim not in client.nthreads()


@pytest.mark.slow
def test_a_submission_that_ends_its_workers_is_an_error_of_ours_and_takes_no_other_along(
    address: str, tmp_path: Path, bundles: list[Bundle]
):
    counted = tmp_path / "counted"

    found = entries(Cluster(address), of_kind(Deadly, tmp_path, counted=counted, times=TRIES), bundles)

    assert {name: entry["status"] for name, entry in found.items()} == {one.id: "passed" for one in bundles} | {"student1": "errored"}
    assert len(counted.read_text()) == TRIES
    assert f"the worker that graded it was lost {TRIES} times" in found["student1"]["tasks"][0]["checks"][0]["reason"]


@pytest.mark.slow
def test_a_worker_of_another_version_that_joins_later_gets_no_work(client: Client, address: str, tmp_path: Path, bundles: list[Bundle]):
    told: list[str] = []
    with worker_of_another_version(address, tmp_path) as pid:

        def class_that_goes_on() -> Iterator[Bundle]:
            """Hand in until the worker that joined was refused."""
            yield bundles[0]
            client.wait_for_workers(3)
            while not told:
                yield bundles[1]
            yield from bundles[2:]

        by = {
            packed.entry["process"]
            for _, packed in Cluster(address, tell=told.append).run(of_kind(Telling, tmp_path), class_that_goes_on())
        }

    assert len(told) == 1
    assert f"gets no work: it has nablagrade 0.0.1, not {terms_of_a_run.VERSION}" in told[0]
    assert by
    assert pid not in by


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["version", "jail"])
def test_where_every_worker_is_refused_the_run_ends_with_why(
    fault: str, client: Client, address: str, tmp_path: Path, bundles: list[Bundle], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0.1)
    if fault == "version":
        client.run(call_yourself, "0.0.1")
    kind, why = {"version": (Telling, "it has nablagrade 0.0.1"), "jail": (Refused, "it cannot grade: no jail here")}[fault]

    try:
        with pytest.raises(SandboxError, match="No worker of the cluster can grade") as raised:
            entries(Cluster(address), of_kind(kind, tmp_path), bundles)
    finally:
        client.run(call_yourself, terms_of_a_run.VERSION)

    for worker in client.nthreads():
        assert f"The worker {worker} gets no work: {why}" in str(raised.value)


@pytest.mark.slow
def test_whoever_stops_listening_leaves_nothing_on_the_workers(client: Client, address: str, terms: Terms, bundles: list[Bundle]):
    with closing(Cluster(address).run(terms.drawn(), iter(bundles))) as results:
        next(results)
        served = client.run(serving)

    assert sum(map(len, served.values())) >= 1
    # They end what they are at first, however long a busy machine takes for it.
    deadline = time.monotonic() + 30
    while any(client.run(serving).values()) or any(psutil.Process(pid).children() for pid in client.run(os.getpid).values()):
        assert time.monotonic() < deadline, "a worker serves a run that nobody listens to"
        time.sleep(0.05)


@pytest.mark.slow
def test_what_a_desk_started_outlives_the_thread_that_opened_it(terms: Terms, bundles: list[Bundle]):
    def opened_and_used() -> desk.Desk:
        opened = desk.Desk(terms.drawn(), 1)
        opened.grade(bundles[0])
        return opened

    others = set(psutil.Process().children())
    with ThreadPoolExecutor(1) as short:
        opened = short.submit(opened_and_used).result()
    with closing(opened):
        started = set(psutil.Process().children()) - others
        entry = opened.grade(bundles[1]).entry
        there_still = set(psutil.Process().children()) - others

    assert entry["tasks"][0]["score"] == 1
    assert len(started) == 1
    assert there_still == started
    assert not any(process.is_running() for process in started)


def test_a_desk_that_opens_when_its_run_is_over_is_closed(terms: Terms, bundles: list[Bundle]):
    desk.leave("over")
    desk.begin("over", terms.drawn(), 1)

    with pytest.raises(LookupError):
        desk.grade("over", bundles[0])


def test_a_worker_whose_jail_does_not_hold_says_so(monkeypatch: pytest.MonkeyPatch):
    def escaped(_: Any) -> None:
        raise SandboxError("The jail does not hold: read a file.")

    monkeypatch.setattr(desk, "self_test", escaped)

    assert desk.offer(desk.Tier.SECCOMP).no_jail == "The jail does not hold: read a file."
    assert desk.offer(desk.Tier.PROCESS).no_jail == ""


def test_a_run_whose_workers_another_run_has_taken_ends_with_why(tmp_path: Path, bundles: list[Bundle]):
    terms = of_kind(Telling, tmp_path)
    desk.begin("first", terms, 1)
    desk.begin("second", terms, 1)

    with pytest.raises(SandboxError, match="another run of the grader has taken the workers"):
        desk.grade("first", bundles[0])
    desk.leave("first")
    assert desk.grade("second", bundles[0]).entry["id"] == bundles[0].id
    desk.leave("second")
    with pytest.raises(LookupError):
        desk.grade("second", bundles[0])


def test_without_a_scheduler_or_dask_the_run_ends_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.1)
    terms = of_kind(Telling, tmp_path)

    with pytest.raises(SandboxError, match="no Dask scheduler answers there"):
        next(Cluster("tcp://127.0.0.1:9").run(terms, []))
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SandboxError, match=r"pip install 'nablagrade\[cluster\]'"):
        next(Cluster("local").run(terms, []))
