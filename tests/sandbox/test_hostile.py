"""Code that attacks its surroundings, in real workers: it reaches nothing of the grader's and leaves nothing behind."""

import ast
import os
from pathlib import Path

import numpy as np
import pytest

from grader.model import Limits
from grader.sandbox.process import MAX_OUTPUT
from grader.sandbox.session import Session
from tests.sandbox.students import FOREVER, PATIENT, QUICK, call, finished, relu, request, run, tell

EVERY_SOCKET = (
    "for fd in (0, *range(3, 64)):\n    try: sock = socket.socket(fileno=fd)\n    except OSError: continue\n    sock.sendall({data})\n"
)
FRAME = "b'NBG2' + b''.join(n.to_bytes(size, 'little') for n, size in zip((%d, 2, %d, %d), (4, 4, 4, 8)))"  # 2: the calls


DISTURBED = ("disturbed", "it wrote to the connection of the grader")


@pytest.mark.parametrize(
    "data",
    [
        "b'garbage' * 100",
        "os.urandom(999)",
        FRAME % (7, 2, 1 << 50),
        FRAME % (7, 2**32 - 1, 0),
        FRAME % (8, 2, 0) + " + b'{}'",
        FRAME % (7, 1 << 20, 0) + " + b'[' * (1 << 20)",
    ],
    ids=["garbage", "random", "petabyte", "gigabytes", "done", "brackets"],
)
@pytest.mark.parametrize("part", ["forward", "backward"])
def test_what_is_written_to_the_socket_is_a_fault_of_the_call_that_wrote_it(part, data, launcher):
    ran = run(launcher, relu(**{part: "if x[0] == 1:\n    " + EVERY_SOCKET.format(data=data).replace("\n", "\n    ")}), calls=2)

    assert ran.kinds == [("disturbed",) if part == "forward" else ("ok", "disturbed"), ("ok", "ok")]
    assert ran.failure == DISTURBED


def test_a_spawned_worker_that_writes_to_its_socket_is_found_out_too(spawned):
    ran = run(spawned, relu(forward=EVERY_SOCKET.format(data="b'garbage' * 100")), calls=1)

    assert ran.failure == DISTURBED


def test_a_flood_of_prints_is_kept_in_part_and_stops_nobody(either):
    session = Session(either, PATIENT, request(relu(forward="for _ in range(64): print('x' * (1 << 16))")))

    outcomes = finished(session, [call(1), call(2)])

    assert [o.backward.failure for o in outcomes] == [None, None]
    assert session.output.startswith("x" * 2000 + f" ... ({MAX_OUTPUT - 2000} more characters)")


def test_a_flood_without_end_is_a_hang(launcher):
    ran = run(launcher, relu(forward="while True: print('x' * (1 << 16))"), calls=1, limits=QUICK)

    assert ran.failure == ("timeout", "call")
    assert ran.session.output.startswith("xxx")


def test_output_that_is_no_text_is_shown_as_such(launcher):
    ran = run(launcher, relu(forward="os.write(1, b'\\xff\\x1b[2J'); os.write(2, b'!')"), calls=1)

    assert ran.session.output == "\ufffd\\x1b[2J!"


@pytest.mark.parametrize(
    "name", ["grader.casebank", "grader.engine", "grader.sandbox", "reference", "torch", "scipy", "pytest", "coverage", "pip"]
)
def test_nothing_but_numpy_and_the_standard_library_can_be_imported(name, either):
    ran = run(either, relu(forward=f"import {name}"), calls=1)

    assert ran.failure == ("exception", f"ModuleNotFoundError: No module named {name!r}")


def test_numpy_and_what_belongs_to_it_can_be_imported_late(either):
    late = "import numpy.linalg, numpy.fft, numpy.random, collections, itertools, functools, math, typing, dataclasses, pickle"

    ran = run(either, relu(forward=f"{late}\n{tell('np.linalg.norm([3, 4])')}"), calls=1)

    assert ran.told == "np.float64(5.0)"


def test_the_environment_is_empty(either, monkeypatch):
    monkeypatch.setenv("API_TOKEN", "secret")

    ran = run(either, relu(forward=tell("(dict(os.environ), os.getenv('API_TOKEN'), sys.argv, sys.stdin.read())")), calls=1)

    assert ran.told == repr(({}, None, [""], ""))


def test_no_secret_is_left_in_what_the_kernel_remembers_of_the_start(either, monkeypatch):
    monkeypatch.setenv("API_TOKEN", "secret")

    ran = run(either, relu(forward=tell("open('/proc/self/environ').read() + open('/proc/self/cmdline').read()")), calls=1)

    assert "secret" not in ran.told
    assert "API_TOKEN" not in ran.told


def test_a_forked_worker_holds_no_descriptors_but_its_own(launcher):
    ran = run(
        launcher,
        relu(
            forward=tell("[os.readlink(f'/proc/self/fd/{fd}').split(':')[0] for fd in sorted(map(int, os.listdir('/proc/self/fd')))[:-1]]")
        ),
        calls=1,
    )

    assert sorted(ast.literal_eval(ran.told)) == ["pipe", "pipe", "socket"]


def test_the_random_generators_start_alike_in_every_worker(either):
    told = [run(either, relu(forward="import random\n" + tell("(random.random(), np.random.rand())")), calls=1).told for _ in range(2)]

    assert told[0] == told[1]


def test_patches_stay_in_their_own_worker(launcher):
    patch = "np.maximum = lambda a, b: b * 0\nnp.allclose = np.array_equal = lambda *a, **k: True\nimport grader.worker.calls as c\nc.acceptable = lambda n, v: v"

    ran = run(launcher, relu(top=patch), calls=1)

    np.testing.assert_array_equal(ran.outcomes[0].forward.values["out"], [0.0, -0.0])
    assert np.maximum(1, 2) == 2
    assert run(launcher, relu(), calls=1).outcomes[0].forward.values["out"][0] == 1.0


@pytest.mark.parametrize(
    "fork",
    [
        "if os.fork() == 0: signal.alarm(30); signal.pause()",
        "if os.fork() == 0:\n    os.setsid()\n    signal.alarm(30)\n    signal.pause()",
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\n    signal.alarm(30)\n    signal.pause()",
        "import subprocess; subprocess.Popen(['/bin/sleep', '30'], start_new_session=True)",
    ],
    ids=["child", "session", "daemon", "subprocess"],
)
def test_what_a_worker_forks_ends_with_it(fork, launcher, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    # Whoever is left behind holds the writing end; the reader sees its end when the last of them is gone.
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    top = f"fd = os.open({str(fifo)!r}, os.O_WRONLY); os.set_inheritable(fd, True)"

    ran = run(launcher, relu(top=top, forward=fork.replace("start_new", "close_fds=False, start_new")), calls=1)

    assert ran.kinds == [("ok", "ok")]
    assert os.read(reader, 1) == b"", "EOF: nobody holds the other end"
    os.close(reader)


def test_what_a_spawned_worker_forks_into_its_group_ends_with_it(spawned, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)

    run(
        spawned,
        relu(top=f"fd = os.open({str(fifo)!r}, os.O_WRONLY)", forward="if os.fork() == 0: signal.alarm(30); signal.pause()"),
        calls=1,
    )

    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b"", "EOF: nobody holds the other end"
    os.close(reader)


def test_a_child_that_goes_on_as_if_it_were_the_worker_is_found_out_or_ends(launcher):
    ran = run(launcher, relu(forward="if x[0] == 1: os.fork()"), calls=3)

    assert len(ran.kinds) == 3
    assert {kind for kinds in ran.kinds for kind in kinds} <= {"ok", "died", "disturbed", "not run"}


def test_no_process_of_any_session_is_left_over(launcher):
    before = _children(launcher._zygote.pid)

    for misbehaviour in ("pass", "os._exit(0)", "os.kill(os.getpid(), 9)", FOREVER, "threading.Thread(target=signal.pause).start()"):
        run(launcher, relu(forward=misbehaviour), calls=1, limits=QUICK)

    assert _children(launcher._zygote.pid) == before == set()


def _children(pid: int) -> set[str]:
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def test_threads_that_are_left_running_end_with_the_worker(launcher):
    spin = f"def spin():\n    {FOREVER}\nthreading.Thread(target=spin, daemon=True).start()"

    ran = run(launcher, relu(top=spin), calls=2)

    assert ran.kinds == [("ok", "ok")] * 2


def test_a_student_cannot_stop_the_worker_from_being_ended(launcher):
    deaf = "for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}: signal.signal(s, signal.SIG_IGN)"

    ran = run(launcher, relu(top=deaf, forward="os.kill(os.getpid(), signal.SIGSTOP)"), calls=1, limits=QUICK)

    assert ran.failure == ("timeout", "call")


@pytest.mark.parametrize("statement", ["sys.stdout.close()", "sys.stdout = None", "sys.stdout = sys.stderr = 5"])
def test_a_student_who_breaks_the_interpreter_a_little_is_still_graded(statement, launcher):
    ran = run(launcher, relu(top=f"{statement}\n"), calls=2)

    assert ran.kinds == [("ok", "ok")] * 2


def test_limits_are_kept_in_the_worker(launcher):
    ran = run(
        launcher, relu(forward="import resource\n" + tell("resource.getrlimit(resource.RLIMIT_AS)")), calls=1, limits=Limits(memory_mb=512)
    )

    assert ran.told == repr((512 << 20, 512 << 20))
