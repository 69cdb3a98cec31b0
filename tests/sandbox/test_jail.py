"""What honest code needs works in a jail, and what the jail promises holds, whoever started it."""

import ast
import os
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from grader.errors import SandboxError
from grader.sandbox.fork import ForkLauncher
from grader.worker.jail import Tier
from tests.sandbox.students import jailed_launcher, relu, run, tell

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is a jail on Linux only")
USEFUL = (
    "argparse, bz2, collections, csv, dataclasses, decimal, fractions, functools, gzip, hashlib, itertools, json, logging, lzma, math, "
    "pathlib, pickle, random, statistics, string, tempfile, textwrap, threading, time, typing, unittest, urllib.request, zipfile, zlib"
)


@pytest.fixture(scope="module", params=[Tier.LANDLOCK, Tier.SECCOMP])
def jailed(request):
    made = jailed_launcher(request.param)
    yield made
    made.close()


@pytest.fixture(scope="module")
def with_files():
    made = jailed_launcher(Tier.LANDLOCK)
    yield made
    made.close()


def told(launcher, expression):
    """Evaluate an expression in a jail."""
    ran = run(launcher, relu(forward=tell(expression)), calls=1)
    assert ran.kinds == [("ok", "ok")], ran.outcomes
    return ran.told


def test_right_code_is_right_in_a_jail(jailed):
    ran = run(jailed, relu(), calls=3)

    assert ran.kinds == [("ok", "ok")] * 3


def test_the_standard_library_and_numpy_can_be_imported(jailed):
    ran = run(jailed, relu(top=f"import {USEFUL}\nimport numpy.testing, numpy.ma, numpy.polynomial, numpy.lib.format"), calls=1)

    assert ran.kinds == [("ok", "ok")], ran.outcomes


def test_modules_that_nobody_loaded_beforehand_are_read_from_the_standard_library(with_files):
    ran = run(with_files, relu(top="import turtledemo, xml.dom.minidom, asyncio, numpy.f2py"), calls=1)

    assert ran.kinds == [("ok", "ok")], ran.outcomes


def test_threads_work(jailed):
    assert told(jailed, "[(t := __import__('threading').Thread(target=print)).start(), t.join()]") == "[None, None]"


def test_a_worker_has_three_descriptors_and_an_empty_environment(jailed):
    opened = "[fd for fd in range(64) if not __import__('contextlib').suppress(OSError).__exit__(*_tried(fd))]"
    source = relu(
        top="import os, sys\ndef _tried(fd):\n    try: os.dup2(fd, fd)\n    except OSError: return sys.exc_info()\n    return None, None, None",
        forward=tell(f"({opened}, dict(os.environ))"),
    )

    assert ast.literal_eval(run(jailed, source, calls=1).told) == ([0, 1, 2], {})


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root becomes somebody else")
def test_root_becomes_nobody(jailed):
    assert told(jailed, "os.getresuid() + os.getresgid() + tuple(os.getgroups())") == str((65534,) * 6)


def test_a_file_may_be_written_beside_the_code_and_read_again(with_files):
    assert told(with_files, "(np.save('kept.npy', x), np.load('kept.npy').tolist(), os.remove('kept.npy'))") == "(None, [1.0, -2.0], None)"


def test_temporary_files_work(with_files):
    assert told(with_files, "(f := __import__('tempfile').TemporaryFile(), f.write(b'12'), f.seek(0), f.read())[-1]") == "b'12'"


def test_output_may_be_thrown_away(with_files):
    assert told(with_files, "os.write(os.open(os.devnull, os.O_WRONLY), b'x')") == "1"


@pytest.mark.parametrize(
    "fill",
    [
        "for i in range(1 << 20): open(str(i), 'wb').write(bytes(4 << 20))",
        "for i in range(1 << 20): open(str(i), 'wb').close()",
    ],
    ids=["bytes", "files"],
)
def test_who_fills_the_folder_is_stopped_and_told_why(fill, with_files):
    ran = run(with_files, relu(forward=fill), calls=1)

    assert ran.outcomes[0].forward.failure.text == "it wrote more than 32 MB, or more than 256 files"


def test_the_folder_is_looked_at_however_busy_the_zygote_is(with_files):
    stop = threading.Event()

    def others():
        while not stop.is_set():
            with_files.start(1024).kill()

    busy = threading.Thread(target=others)
    busy.start()
    try:
        ran = run(with_files, relu(forward="for i in range(40): open(str(i), 'wb').write(bytes(1 << 20))\ntime.sleep(9)"), calls=1)
    finally:
        stop.set()
        busy.join()

    assert ran.failure[0] == "excess"


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "os.listdir('/')",
        "open('/proc/self/status')",
        "open('/tmp/x', 'w')",
        "os.mkdir('/tmp/a')",
        "os.symlink('/etc', 'a')",
        "os.link('/etc/passwd', 'a')",
        "os.truncate('/tmp', 0)",
        "os.open('/etc/passwd', os.O_RDONLY | os.O_TRUNC)",
        "os.open(np.__file__, os.O_RDONLY | os.O_TRUNC)",
        "os.open(np.__file__, 3)",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "__import__('socket').socket()",
        "__import__('socket').socketpair()",
        "os.kill(os.getppid(), 0)",
        "os.kill(-1, 0)",
        "os.sched_setaffinity(os.getppid(), {0})",
        "__import__('resource').prlimit(os.getppid(), 4)",
        "os.setpriority(os.PRIO_PROCESS, 0, 5)",
        "os.setuid(0)",
        "os.memfd_create('x')",
        "__import__('fcntl').fcntl(0, 8, os.getppid())",
        "__import__('fcntl').ioctl(0, 0x8901, b'aaaa')",
        "__import__('resource').setrlimit(4, (1 << 30, 1 << 30))",
    ],
)
def test_what_names_files_or_processes_outside_is_refused(attempt, jailed):
    (failure,) = (o.forward.failure for o in run(jailed, relu(top="import os", forward=attempt), calls=1).outcomes)

    assert failure, f"{attempt} was not refused"
    assert failure.text.startswith(("PermissionError", "ValueError: not allowed to raise", "OSError")), failure


def test_its_own_limits_and_signals_are_a_workers_own(jailed):
    assert told(jailed, "(os.kill(os.getpid(), 0), os.sched_getaffinity(0) == os.sched_getaffinity(os.getpid()))") == "(None, True)"


def test_what_was_installed_beside_the_standard_library_cannot_be_read(with_files):
    beside = Path(click.__file__).parent.parent
    (failure,) = (
        o.forward.failure for o in run(with_files, relu(forward=f"sys.path += [{str(beside)!r}]; import click"), calls=1).outcomes
    )

    assert failure, "click was imported"
    assert "ModuleNotFoundError" in failure.text or "PermissionError" in failure.text


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setattr("grader.sandbox.fork.find_spec", lambda name: None if name == "pyseccomp" else find_spec(name))
    made = ForkLauncher(Tier.LANDLOCK)

    with pytest.raises(SandboxError, match="No module named 'pyseccomp'"):
        made.start(1024)
    made.close()


@pytest.mark.parametrize("module", ["turtledemo", "tkinter", "idlelib"])
def test_what_was_not_loaded_where_no_file_opens_is_no_mistake_of_the_student(module):
    made = jailed_launcher(Tier.SECCOMP)

    failures = [
        run(made, source, calls=1).failure
        for source in (relu(top=f"import {module}"), relu(forward=f"import {module}"), relu(backward=f"import {module}"))
    ]

    made.close()
    assert failures == [("environment", f"{module} cannot be loaded in this jail, which opens no files; ask your instructor")] * 3


def test_a_module_that_does_not_exist_is_stood_in_for_in_every_jail(jailed):
    assert run(jailed, relu(top="import scypi"), calls=1).kinds == [("ok", "ok")]


def test_code_that_does_without_what_is_missing_is_right(jailed):
    assert run(jailed, relu(top="try: import torch, turtledemo\nexcept ImportError: pass"), calls=1).kinds == [("ok", "ok")]


HONEST = """
import contextvars, getpass, logging, os, shutil, sqlite3, ssl, tempfile
os.makedirs("logs/today", exist_ok=True)
logging.basicConfig(filename="logs/today/run.log", force=True)
logging.warning("begun")
with tempfile.TemporaryDirectory() as folder:
    shutil.copy("logs/today/run.log", folder)
    shutil.copystat("logs/today/run.log", folder)
np.save("large.npy", np.zeros(1 << 18))
os.rename("large.npy", "kept.npy"), os.remove("kept.npy"), shutil.rmtree("logs")
from concurrent.futures import ThreadPoolExecutor
def work():
    with ThreadPoolExecutor(24) as pool:
        barrier = threading.Barrier(24)
        return list(pool.map(lambda n: barrier.wait() >= 0, range(24)))
"""


def test_what_honest_code_does_besides_its_layer_works(with_files):
    ran = run(with_files, relu(top=HONEST, forward="assert all(work())"), calls=1)

    assert ran.kinds == [("ok", "ok")], ran.outcomes


def test_to_change_the_mode_of_a_file_seems_to_work_and_does_nothing(with_files, tmp_path):
    outside = tmp_path / "outside"
    outside.touch(0o640)
    tmp_path.chmod(0o755)

    assert told(with_files, f"(os.chmod({str(outside)!r}, 0o777), os.utime({str(outside)!r}, (1, 1)))") == "(None, None)"
    assert (outside.stat().st_mode & 0o777, outside.stat().st_mtime > 1) == (0o640, True)


HOG = """
def hold():
    for _ in range(5000):
        try: threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
        except RuntimeError: break
"""


def test_who_starts_threads_without_end_is_stopped_and_takes_none_from_a_neighbour(jailed):
    threading.stack_size(0)
    hog = threading.Thread(
        target=lambda: ended.append(run(jailed, relu(top=HOG, forward="threading.stack_size(32768); hold(); time.sleep(9)"), calls=1))
    )
    ended: list = []
    hog.start()
    pool = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as pool: list(pool.map(len, ['a'] * 8))"

    neighbours = [run(jailed, relu(forward=pool), calls=1).kinds for _ in range(8)]

    hog.join()
    assert neighbours == [[("ok", "ok")]] * 8
    assert ended[0].failure == ("excess", "it started more than 64 threads")
