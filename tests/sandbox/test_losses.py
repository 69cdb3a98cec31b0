"""What hangs, dies or takes all memory costs its own calls; the others go on, until it has happened twice."""

import pytest

from grader.model import Limits
from tests.sandbox.students import FOREVER, PATIENT, QUICK, relu, run


@pytest.mark.parametrize(
    "statement", [FOREVER, "time.sleep(1000)", "signal.pause()", "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); signal.pause()"]
)
def test_a_forward_that_never_returns_is_stopped_and_given_up_after_two_calls(statement, launcher):
    ran = run(launcher, relu(forward=statement), limits=QUICK)

    assert ran.kinds == [("timeout",), ("timeout",), ("not run",), ("not run",)]
    assert [o.forward.failure.text for o in ran.outcomes] == ["call", "call", *["it had failed twice to come back"] * 2]


def test_a_spawned_worker_that_never_returns_is_stopped_too(spawned):
    ran = run(spawned, relu(forward=f"if x[0] == 1:\n    {FOREVER}"), calls=2, limits=QUICK)

    assert ran.kinds == [("timeout",), ("ok", "ok")]


def test_a_call_that_hangs_does_not_touch_the_others(launcher):
    ran = run(launcher, relu(forward=f"if x[0] == 2:\n    {FOREVER}"), limits=QUICK)

    assert ran.kinds == [("ok", "ok"), ("timeout",), ("ok", "ok"), ("ok", "ok")]


def test_the_values_of_forward_are_kept_where_only_backward_hangs(launcher):
    ran = run(launcher, relu(backward=FOREVER), limits=QUICK)

    assert ran.kinds == [("ok", "timeout"), ("ok", "timeout"), ("ok", "not run"), ("ok", "not run")]
    assert [o.forward.values["out"][0] for o in ran.outcomes] == [1.0, 2.0, 3.0, 4.0]


def test_losses_of_forward_and_backward_are_counted_apart(launcher):
    ran = run(launcher, relu(forward="if x[0] == 2: os._exit(1)", backward="if x[0] in (1, 4): os._exit(2)"), calls=6)

    assert ran.kinds == [("ok", "died"), ("died",), ("ok", "ok"), ("ok", "died"), ("ok", "not run"), ("ok", "not run")]


def test_a_backward_that_was_given_up_does_not_hide_a_forward_that_hangs_later(launcher):
    ran = run(launcher, relu(forward="if x[0] > 2: os._exit(1)", backward="os._exit(2)"), calls=6)

    assert ran.kinds == [("ok", "died"), ("ok", "died"), ("died",), ("died",), ("not run",), ("not run",)]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("os._exit(0)", "exit status 0"),
        ("os._exit(7)", "exit status 7"),
        ("os.kill(os.getpid(), 9)", "signal 9"),
        ("os.kill(0, 9)", "signal 9"),
        ("os.abort()", "signal 6"),
        ("import ctypes; ctypes.string_at(0)", "signal 11"),
        ("os.execv('/bin/true', ['true'])", "exit status 0"),
    ],
)
@pytest.mark.parametrize("part", ["forward", "backward"])
def test_a_call_that_ends_the_process_is_told_how(part, statement, text, launcher):
    ran = run(launcher, relu(**{part: f"if x[0] == 1: {statement}"}), calls=2)

    assert ran.kinds == [("died",) if part == "forward" else ("ok", "died"), ("ok", "ok")]
    assert ran.failure == ("died", text)


@pytest.mark.parametrize("status", [0, 3])
def test_a_spawned_worker_that_exits_is_told_how(status, spawned):
    ran = run(spawned, relu(forward=f"os._exit({status})"), calls=1)

    assert ran.failure == ("died", f"exit status {status}")


@pytest.mark.parametrize("statement", ["sys.exit()", "sys.exit(0)", "exit(0)", "raise SystemExit(0)"])
def test_a_polite_exit_is_named_and_loses_no_worker(statement, launcher):
    top = "" if "exit(0)" not in statement or "." in statement else "from sys import exit"

    ran = run(launcher, relu(top=f"{top}\nseen = []", forward="seen.append(1)", backward=f"if len(seen) < 4: {statement}"))

    assert ran.kinds == [("ok", "exit")] * 3 + [("ok", "ok")]


@pytest.mark.parametrize(
    "bomb",
    [
        "hoard = []\nwhile True: hoard.append(np.ones(1 << 20))",
        "while True: HOARD.append(np.ones(1 << 20))",
        "np.ones(1 << 40)",
        "x = 'x' * (1 << 40)",
        "while True: HOARD.append(bytearray(50_000))",
    ],
)
def test_a_memory_bomb_is_told_as_such(bomb, launcher):
    ran = run(
        launcher,
        relu(top="HOARD = []", forward=f"if x[0] == 1:\n    {bomb.replace(chr(10), chr(10) + '    ')}"),
        calls=1,
        limits=Limits(call_seconds=10, memory_mb=300),
    )

    assert ran.failure[0] == "memory"


def test_memory_of_one_call_that_was_let_go_is_there_for_the_next(launcher):
    bomb = "if x[0] == 1:\n    hoard = []\n    while True: hoard.append(np.ones(1 << 20))"

    ran = run(launcher, relu(forward=bomb), limits=Limits(call_seconds=10, memory_mb=300))

    assert ran.kinds == [("memory",)] + [("ok", "ok")] * 3


@pytest.mark.slow
def test_a_bomb_that_is_too_slow_for_the_limit_is_told_as_one_all_the_same(launcher):
    slow = f"hoard = np.ones(25 << 20)\n{FOREVER}"

    ran = run(launcher, relu(forward=slow), calls=1, limits=Limits(call_seconds=1, memory_mb=380))

    assert ran.failure == ("memory", "call")


def test_a_spawned_worker_has_a_memory_limit_too(spawned):
    ran = run(spawned, relu(forward="np.ones(1 << 40)"), calls=1, limits=Limits(call_seconds=10, memory_mb=400))

    assert ran.failure[0] == "memory"


def test_all_calls_of_a_task_share_one_deadline(launcher):
    ran = run(launcher, relu(forward="time.sleep(0.15)"), calls=9, limits=Limits(call_seconds=10, task_seconds=0.4))

    failures = [o.forward.failure for o in ran.outcomes]
    assert failures[0] is None
    assert [f.text for f in failures if f and f.kind == "timeout"] == ["task"]
    assert (failures[-1].kind, failures[-1].text) == ("not run", "the time for this task was up")


def test_a_backward_that_uses_up_the_time_leaves_none_for_the_rest(launcher):
    ran = run(launcher, relu(backward=FOREVER), limits=Limits(call_seconds=10, task_seconds=0.3))

    assert ran.kinds == [("ok", "timeout"), ("not run",), ("not run",), ("not run",)]
    assert ran.failure == ("timeout", "task")


@pytest.mark.parametrize("statement", ["def f(n): return f(n + 1)\nf(0)", "x = []\nfor _ in range(100_000): x = [x]\nrepr(x)"])
def test_endless_recursion_is_an_exception_like_any_other(statement, launcher):
    ran = run(launcher, relu(forward=statement), calls=3)

    assert ran.kinds == [("exception",)] * 3
    assert ran.failure[1].startswith("RecursionError")


def test_recursion_without_a_limit_breaks_its_own_process_only(launcher):
    deep = "sys.setrecursionlimit(10**9)\nclass A:\n    def __getattr__(self, name): return getattr(self, name + '')\nA().x"

    ran = run(launcher, relu(forward=f"if x[0] == 1:\n    {deep.replace(chr(10), chr(10) + '    ')}"), calls=2, limits=PATIENT)

    assert ran.kinds == [("died",), ("ok", "ok")]
