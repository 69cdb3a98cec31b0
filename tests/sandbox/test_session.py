"""A session makes all calls, and every call has an outcome: values, or a failure that names what happened."""

from functools import partial

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.model import Call, Case, Failure, FailureKind, Limits
from grader.sandbox.fork import ForkLauncher
from grader.sandbox.launch import Relaunching
from grader.sandbox.session import SPARE, Lost, Session
from grader.sandbox.survey import survey
from tests.sandbox.students import FOREVER, PATIENT, Ran, call, finished, relu, request, run, tell


def test_a_right_submission_gives_its_values(either):
    ran = run(either, relu())

    assert ran.kinds == [("ok", "ok")] * 4
    for n, outcome in enumerate(ran.outcomes):
        np.testing.assert_array_equal(outcome.forward.values["out"], [n + 1.0, 0.0])
        np.testing.assert_array_equal(outcome.backward.values["dx"], [3.0, 0.0])
    assert (ran.session.output, ran.session.failures, ran.session.lost_files) == ("", {}, {})


def test_no_calls_start_no_worker(launcher):
    assert run(launcher, "syntax error", calls=0).outcomes == []


def test_backward_is_asked_for_only_where_it_is_wanted(launcher):
    session = Session(launcher, PATIENT, request(relu()))

    outcomes = finished(session, [call(1, forward_only=True), call(2)])

    assert [o.backward is None for o in outcomes] == [True, False]


def test_another_forward_runs_in_between_where_it_is_wanted(launcher):
    session = Session(launcher, PATIENT, request(relu(top="seen = []", forward="seen.append(x[0])", backward=tell("seen"))))

    (outcome,) = finished(session, [call(1, between={"x": np.array([9.0])})])

    assert outcome.backward.warnings == ("UserWarning: [np.float64(1.0), np.float64(9.0)]",)


def test_arrays_reach_a_submission_in_the_order_of_memory_that_a_call_asks_for(launcher):
    tells = {"forward": tell("x.strides"), "backward": tell("dout.strides")}
    case = Case(number=0, title="", arrays={"x": np.ones((2, 3))}, options={}, dout=np.ones((2, 3)))

    plain, turned = finished(Session(launcher, PATIENT, request(relu(**tells))), [Call(case=case), Call(case=case, order="F")])

    assert plain.forward.warnings == plain.backward.warnings == ("UserWarning: (24, 8)",)
    assert turned.forward.warnings == turned.backward.warnings == ("UserWarning: (8, 16)",)


def test_a_session_keeps_its_worker_from_run_to_run_until_it_is_closed(launcher):
    session = Session(launcher, PATIENT, request(relu(top="seen = []", forward="seen.append(1)\n" + tell("len(seen)"))))

    told = [o.forward.warnings[0] for run_on in (session.run, session.run, partial(finished, session)) for o in run_on([call(1)])]
    afresh = finished(session, [call(1)])[0].forward.warnings[0]

    assert [*told, afresh] == [f"UserWarning: {n}" for n in (1, 2, 3, 1)]


def test_mutation_warnings_and_output_come_back(either):
    ran = run(either, relu(forward="x *= 0; print('한글')", backward="np.log(-1.0)"), calls=1)

    assert ran.outcomes[0].forward.mutated == ("x",)
    assert ran.outcomes[0].backward.warnings == ("RuntimeWarning: invalid value encountered in log",)
    assert ran.session.output == "한글\n"


def test_an_exception_comes_back_with_the_students_line(either):
    ran = run(either, relu(forward="raise ValueError('\\x1b[31m\\u202eno')"), calls=1)

    failure = ran.outcomes[0].forward.failure
    assert (failure.kind, failure.text) == (FailureKind.EXCEPTION, "ValueError: \\x1b[31m\\u202eno")
    assert 'File "layers.py", line 5, in relu_forward\n    raise ValueError' in failure.trace


@pytest.mark.parametrize(
    ("top", "text"),
    [
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("x = = 1", "SyntaxError: invalid syntax (layers.py, line 3)"),
    ],
)
def test_a_file_that_raises_fails_all_calls_with_its_words(top, text, launcher):
    ran = run(launcher, relu(top=top))

    assert ran.kinds == [("load",)] * 4
    assert ran.failure == ("load", text)
    assert (set(ran.session.failures), ran.session.lost_files) == ({"forward", "backward"}, {})


@pytest.mark.parametrize(("top", "text"), [("raise ValueError('no')", "ValueError: no"), ("sys.exit(0)", "sys.exit(0)")])
def test_a_statement_that_fails_is_told_and_the_rest_of_the_file_is_run(top, text, launcher):
    ran = run(launcher, relu(top=top))

    assert (ran.session.failures, ran.session.past) == ({}, [("layers.py", 3, text)])


def test_a_missing_backward_leaves_forward_to_be_judged(launcher):
    ran = run(launcher, relu() + "del relu_backward\n")

    assert ran.kinds == [("ok", "load")] * 4


def test_a_missing_forward_leaves_nothing(launcher):
    ran = run(launcher, relu() + "del relu_forward\n")

    assert ran.kinds == [("load",)] * 4


@pytest.mark.parametrize(
    ("top", "text"),
    [
        (FOREVER, "it did not finish within 0.5 s"),
        ("time.sleep(1000)", "it did not finish within 0.5 s"),
        ("os._exit(0)", "it ended the Python process (exit status 0)"),
        ("os._exit(3)", "it ended the Python process (exit status 3)"),
        ("os.kill(os.getpid(), 9)", "it ended the Python process (signal 9)"),
        ("os.abort()", "it ended the Python process (signal 6)"),
        (
            "[os.write(fd, b'garbage' * 9) for fd in (0, 3, 4, 5) if os.path.exists(f'/proc/self/fd/{fd}')]",
            "it wrote to the connection of the grader",
        ),
    ],
)
def test_a_file_that_hangs_or_ends_the_process_is_tried_once(top, text, launcher):
    ran = run(launcher, relu(top=top), limits=Limits(load_seconds=0.5))

    assert ran.kinds == [("load",)] * 4
    assert ran.failure == ("load", text)
    assert ran.session.lost_files == {"layers.py": ran.outcomes[0].forward.failure}


def test_a_file_that_hangs_only_when_it_is_loaded_again_fails_what_is_left(launcher, tmp_path):
    flag = tmp_path / "flag"
    top = f"if os.path.exists({str(flag)!r}):\n    {FOREVER}\nopen({str(flag)!r}, 'w').close()"

    ran = run(launcher, relu(top=top, forward="if x[0] == 2: os._exit(1)"), limits=Limits(load_seconds=0.5))

    assert ran.kinds == [("ok", "ok"), ("died",), ("load",), ("load",)]


FORWARD = "def relu_forward(x): return x, x\n"


def two_files(launcher, backward, **limits):
    """Run a session whose parts are in two files."""
    asked = request(FORWARD, **{"other.py": backward})
    asked["parts"]["backward"]["path"] = "other.py"
    session = Session(launcher, Limits(**limits), asked)
    return Ran(session, finished(session, [call(1), call(2)]))


@pytest.mark.parametrize("top", [FOREVER, "import os; os._exit(3)"])
def test_a_file_of_backward_that_is_lost_leaves_forward_to_be_judged(top, launcher):
    ran = two_files(launcher, f"{top}\ndef relu_backward(dout, x): return dout\n", load_seconds=0.4)

    assert ran.kinds == [("ok", "load")] * 2
    assert set(ran.session.lost_files) == {"other.py"}


def test_parts_may_be_in_two_files(launcher):
    assert two_files(launcher, "def relu_backward(dout, x): return dout\n").kinds == [("ok", "ok")] * 2


def test_a_name_that_is_no_function_is_a_failure_in_words(launcher):
    ran = two_files(launcher, "relu_backward = 'later'\n")

    assert ran.outcomes[0].backward.failure.text == "TypeError: relu_backward is no function but later"


@pytest.mark.parametrize("part", ["forward", "backward"])
def test_a_part_that_is_known_to_be_lost_is_not_run(part, launcher, tmp_path):
    known = Failure(kind=FailureKind.LOAD, text="it was tried before")
    session = Session(launcher, PATIENT, request(relu()), failures={part: known})

    (outcome,) = finished(session, [call(1)])

    assert outcome.stage(part).failure == known


KILL_PARENT = "os.kill(os.getppid(), 9); signal.pause()"


def test_a_submission_that_ends_the_launcher_is_tried_again_by_who_asks(zygote):
    with pytest.raises(SandboxError, match="ended while student code ran"):
        run(zygote, relu(forward=KILL_PARENT))


@pytest.mark.parametrize("place", ["top", "forward", "backward"])
def test_a_submission_that_ends_the_launcher_again_has_died(place, zygote):
    launcher = Relaunching(ForkLauncher)
    session = Session(launcher, PATIENT, request(relu(**{place: KILL_PARENT})), patient=False)

    outcomes = finished(session, [call(1)])

    launcher.close()
    assert Ran(session, outcomes).failure in [("died", "signal 9"), ("load", "it ended the Python process (signal 9)")]


def test_a_survey_is_made_in_a_worker(either):
    found = survey(either, PATIENT, {"layers.py": relu(top="raise SystemExit")}, {"task": ("relu", ["cs231n"])})

    assert found.tasks["task"].parts["forward"].name == "relu_forward"


def test_a_survey_reads_a_submission_of_megabytes(launcher):
    files = {f"f{n}.py": "# 한글\n" * 50_000 for n in range(8)} | {"layers.py": relu()}

    found = survey(launcher, PATIENT, files, {"task": ("relu", ["cs231n"])})

    assert set(found.tasks["task"].parts) == {"forward", "backward"}


def test_a_survey_that_takes_too_long_is_lost(launcher):
    many = {"layers.py": "".join(f"def relu_forwar{n}(x): pass\n" for n in range(20_000))}

    with pytest.raises(Lost) as lost:
        survey(launcher, Limits(load_seconds=0.01), many, {"task": ("relu", ["cs231n"])})

    assert lost.value.failure.kind is FailureKind.LOAD


def test_results_larger_than_the_grader_will_keep_end_their_function(launcher):
    ran = run(launcher, relu(forward="return np.zeros(1 << 20), x"), calls=9)

    kept = sum(outcome.forward.values["out"].nbytes for outcome in ran.outcomes if outcome.forward.values)
    assert ran.failure == ("excess", "it returned far more than was asked for")
    assert ran.kinds[-1] == ("not run",)
    assert kept < 2 * SPARE
