"""Workers are started by both launchers, and what keeps one from starting is told in a sentence."""

import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.sandbox import command, fork, spawn
from grader.sandbox.fork import ForkLauncher
from grader.sandbox.launch import open_launcher
from grader.sandbox.process import Exit
from grader.sandbox.session import await_ready
from grader.sandbox.spawn import SpawnLauncher
from tests.sandbox.students import relu, run


def test_many_sessions_share_a_launcher(either):
    with ThreadPoolExecutor(4) as pool:
        ran = list(pool.map(lambda n: run(either, relu(forward=f"x = x * {n}"), calls=2), range(6)))

    assert [r.outcomes[1].forward.values["out"][0] for r in ran] == [2.0 * n for n in range(6)]


def test_nothing_stays_open(either):
    run(either, relu(), calls=1)
    before = _open(), threading.active_count()

    for statement in ("pass", "os._exit(1)", "os.write(3, b'garbage' * 9)"):
        run(either, relu(forward=statement), calls=3)

    assert _open() <= before[0]
    assert threading.active_count() <= before[1]


def _open() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_the_environment_of_a_worker_is_written_down_here(monkeypatch):
    monkeypatch.setenv("API_TOKEN", "secret")
    monkeypatch.setenv("PYTHONSTARTUP", "/evil.py")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")

    environment = command.environment()

    assert set(environment) == {
        "MALLOC_ARENA_MAX",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "PYTHONHASHSEED",
        "LANG",
        "LD_LIBRARY_PATH",
    } | ({"OPENBLAS_CORETYPE", "SYSTEMROOT"} & set(os.environ))


@pytest.mark.parametrize("found", [None, type("Spec", (), {"origin": None})])
def test_a_python_without_numpy_is_told_how_to_get_it(found, monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda _: found)

    with pytest.raises(SandboxError, match="pip install numpy"):
        command.command("fork", 3)


@pytest.mark.parametrize("signal_sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_zygote_is_an_error_of_the_grader(signal_sent, zygote):
    os.kill(zygote._zygote.pid, signal_sent)

    with pytest.raises(SandboxError, match=f"cannot be started: it ended with status -{signal_sent.value}"):
        zygote.start(1024)


def test_a_zygote_that_is_killed_takes_its_workers_along(zygote):
    process = zygote.start(1024)
    await_ready(process)

    zygote._zygote.kill()

    assert process.sock.recv(1) == b""
    assert process.kill() == Exit(-9, orphaned=True)


def test_a_zygote_that_cannot_begin_is_told_by_its_last_words(monkeypatch, tmp_path):
    script = tmp_path / "main.py"
    script.write_text("import sys\nsys.exit('numpy is broken here')\n", encoding="utf-8")
    monkeypatch.setattr(command, "MAIN", script)
    made = ForkLauncher()

    with pytest.raises(SandboxError, match="cannot be started: numpy is broken here"):
        made.start(1024)

    made.close()


@pytest.mark.slow
def test_a_zygote_that_answers_too_late_is_not_asked_again(monkeypatch):
    monkeypatch.setattr(fork, "START_SECONDS", 0.5)
    made = ForkLauncher()
    made._control.settimeout(20)
    made.start(1024).kill()
    made._control.settimeout(0.1)
    os.kill(made._zygote.pid, signal.SIGSTOP)
    with pytest.raises(SandboxError, match="cannot be started"):
        made.start(1024)
    os.kill(made._zygote.pid, signal.SIGCONT)

    with pytest.raises(SandboxError, match="cannot be started"):
        made.start(1024)

    made.close()


def test_a_zygote_that_does_not_hear_is_killed(monkeypatch):
    monkeypatch.setattr(fork, "END_SECONDS", 0.1)
    made = ForkLauncher()
    made.start(1024).kill()
    os.kill(made._zygote.pid, signal.SIGSTOP)

    made.close()

    assert made._zygote.returncode == -signal.SIGKILL


def test_a_closed_launcher_starts_nothing():
    made = ForkLauncher()
    made.close()

    with pytest.raises(SandboxError):
        made.start(1024)


def test_a_spawned_process_that_ends_at_once_is_an_error_of_the_grader(monkeypatch, tmp_path, spawned):
    script = tmp_path / "main.py"
    script.write_text("", encoding="utf-8")
    monkeypatch.setattr(command, "MAIN", script)

    with pytest.raises(SandboxError, match="cannot be started: it ended with status 0"):
        spawned.start(1024)

    assert spawned._running == {}


def test_somebody_else_who_connects_is_turned_away(spawned):
    alive = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    with alive, socket.create_server(("127.0.0.1", 0)) as server:
        stranger = socket.create_connection(server.getsockname())
        stranger.sendall(b"x" * 6)
        worker = socket.create_connection(server.getsockname())
        worker.sendall(b"secret")

        sock = spawn._accept(server, b"secret", alive)

    with sock, stranger, worker:
        assert sock.getpeername() == worker.getsockname()
        assert stranger.recv(1) == b""


def test_closing_ends_what_still_runs():
    made = SpawnLauncher()
    process = made.start(1024)
    await_ready(process)

    made.close()

    assert made._running == {}
    assert process.sock.recv(1) == b""
    process.sock.close()


def test_a_worker_ends_where_there_are_no_process_groups(spawned, monkeypatch):
    monkeypatch.delattr(os, "killpg")
    process = spawned.start(1024)

    assert process.kill().status == -signal.SIGKILL


@pytest.mark.parametrize(("platform", "kind"), [("linux", ForkLauncher), ("darwin", SpawnLauncher), ("win32", SpawnLauncher)])
def test_the_launcher_is_the_one_that_the_system_can_have(platform, kind, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)

    with open_launcher() as made:
        pass

    assert type(made._current) is kind


def test_a_launcher_ends_with_its_block_whatever_happens_in_it():
    with pytest.raises(ValueError, match="no"), open_launcher() as made:
        raise ValueError("no")

    assert made._current._zygote.returncode is not None


def test_the_zygote_ends_with_its_grader(tmp_path):
    code = "from grader.sandbox.fork import ForkLauncher; m = ForkLauncher(); p = m.start(1024); print(m._zygote.pid, p.pid); import os; os._exit(0)"

    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "TMPDIR": str(tmp_path)}
    ).stdout.split()

    gone = [_gone(int(pid)) for pid in told]
    assert gone == [True, True]


def _gone(pid: int) -> bool:
    """Whether a process that is ending has ended, seen by the pidfd, which is readable then."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    import select

    ready, _, _ = select.select([fd], [], [], 5)
    os.close(fd)
    return bool(ready)


def test_the_script_of_the_worker_is_where_the_launcher_looks():
    assert Path(command.MAIN).is_file()
