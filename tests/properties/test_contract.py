"""The contract: as many values as asked for, of the right shape and dtype, all finite."""

from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.model import Answer, Array, Failure, FailureKind, Outcome, Stage
from grader.properties import contract
from grader.properties.property import Blocked
from grader.text import clean
from reference import catalogue
from tests.support import case_of, evidence, expected

AFFINE = catalogue()["affine"]
RIGHT = {"out": np.ones((2, 3)), "dx": np.ones((2, 4)), "dw": np.ones((4, 3)), "db": np.ones(3)}
ANSWER = Answer(values={name: expected(a) for name, a in RIGHT.items()})
CASE = case_of(np.ones((2, 3)), x=np.ones((2, 4)), w=np.ones((4, 3)), b=np.ones(3))


def judge(**changed: Any) -> Any:
    """Judge an outcome that is right but for some arrays, and return what was found of forward and backward."""
    values = {**RIGHT, **changed}
    forward, backward = {"out": values.pop("out")}, values
    judged = contract.judge(evidence(AFFINE, CASE, ANSWER, Outcome(forward=Stage(values=forward), backward=Stage(values=backward))))
    return judged["forward.contract"], judged["backward.contract"]


def failed(kind: FailureKind, text: str = "ValueError: no", trace: str = "", *, refusal: str | None = None) -> Any:
    """Judge a forward that failed."""
    answer = Answer(refusal=refusal) if refusal else ANSWER
    stage = Stage(failure=Failure(kind=kind, text=text, trace=trace))
    return contract.judge(evidence(AFFINE, CASE, answer, Outcome(forward=stage)))


def test_what_was_asked_for_passes():
    assert judge() == (None, None)


@pytest.mark.parametrize(
    ("name", "array", "what", "where"),
    [
        ("out", np.ones((3, 2)), "out has shape (3, 2); it must have shape (2, 3).", "out.shape"),
        ("dx", np.ones((4, 2)), "dx has shape (4, 2); it must have the shape of x, (2, 4).", "dx.shape"),
        ("dw", np.ones((3, 4)), "dw has shape (3, 4); it must have the shape of w, (4, 3).", "dw.shape"),
        ("db", np.ones((3, 1)), "db has shape (3, 1); it must have the shape of b, (3,).", "db.shape"),
        ("db", np.array(1.0), "db has shape (); it must have the shape of b, (3,).", "db.shape"),
        ("dx", np.ones((0, 4)), "dx has shape (0, 4); it must have the shape of x, (2, 4).", "dx.shape"),
    ],
)
def test_a_wrong_shape_is_named_beside_the_right_one(name: str, array: Array, what: str, where: str):
    finding = judge(**{name: array})[name != "out"]

    assert (finding.what, finding.where) == (what, where)
    assert (finding.got, finding.expected) == (str(array.shape), str(RIGHT[name].shape))
    assert finding.next_step == messages.return_shape(name, RIGHT[name].shape)


def test_a_leading_axis_of_length_one_is_no_wrong_shape():
    assert judge(db=np.ones((1, 3)), out=np.ones((1, 2, 3))) == (None, None)


@pytest.mark.parametrize("dtype", ["i8", "u1", "?", "f2"])
def test_an_array_of_another_dtype_is_named(dtype: str):
    forward, backward = judge(out=np.ones((2, 3), dtype), dx=np.ones((2, 4), dtype))

    assert forward.what == f"out has dtype {np.dtype(dtype)}; it must be float64 or float32. Was it made with an integer dtype?"
    assert (backward.where, backward.got, backward.expected) == ("dx.dtype", str(np.dtype(dtype)), "float64")


def test_float32_is_no_wrong_dtype():
    assert judge(**{name: a.astype(np.float32) for name, a in RIGHT.items()}) == (None, None)


@pytest.mark.parametrize(("word", "shown"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_what_is_not_finite_is_counted_and_located(word: float, shown: str):
    dw = np.ones((4, 3))
    dw[2, 1] = dw[3, 0] = word

    _, finding = judge(dw=dw)

    assert finding.what == f"dw is not a finite number at 2 entries: it is {shown}."
    assert (finding.where, str(finding.got), finding.expected) == ("dw[2, 1]", shown, 1.0)
    assert finding.next_step == messages.OVERFLOW


def test_a_loss_that_is_not_finite_has_no_index():
    spec, case = catalogue()["softmax_loss"], case_of(np.ones(()), x=np.ones((1, 2)), y=np.array([0]))
    answer = Answer(values={"out": expected(0.7), "dx": expected([[0.5, -0.5]])})
    stages = Outcome(forward=Stage(values={"out": np.array(np.nan)}), backward=Stage(values={"dx": np.array([[0.5, -0.5]])}))

    finding = contract.judge(evidence(spec, case, answer, stages))["forward.contract"]

    assert (finding.where, finding.what) == ("out", "out is not a finite number at an entry: it is nan.")


def test_a_loss_in_half_precision_is_refused_and_a_whole_one_is_not():
    spec, case = catalogue()["softmax_loss"], case_of(np.ones(()), x=np.ones((1, 2)), y=np.array([0]))
    answer = Answer(values={"out": expected(1.0)})

    found = {
        dtype: contract.judge(evidence(spec, case, answer, Outcome(forward=Stage(values={"out": np.ones((), dtype)}))))["forward.contract"]
        for dtype in ("f2", "i8", "f4")
    }

    assert [dtype for dtype, finding in found.items() if finding] == ["f2"]


@pytest.mark.parametrize("kind", [k for k in FailureKind if k not in (FailureKind.NOT_RUN, FailureKind.ENVIRONMENT)])
def test_a_failure_of_whatever_kind_is_a_finding_with_the_trace(kind: FailureKind):
    finding = failed(kind, trace="  File layers.py, line 3")["forward.contract"]

    assert finding.what.startswith("forward") or kind is FailureKind.LOAD
    assert (finding.trace, finding.next_step) == ("  File layers.py, line 3", messages.READ_TRACE)
    assert finding.of_one_case == (kind is not FailureKind.LOAD)


def test_only_a_file_that_could_not_be_run_is_told_how_to_be_run():
    missing, text = "ModuleNotFoundError: No module named 'tqdm'", clean("ModuleNotFoundError: No module named 'tqdm'")

    loaded, called = (failed(kind, missing)["forward.contract"].next_step for kind in (FailureKind.LOAD, FailureKind.EXCEPTION))

    assert loaded == messages.mend_loading(Failure(kind=FailureKind.LOAD, text=text))
    assert called is None


@pytest.mark.parametrize("kind", [FailureKind.NOT_RUN, FailureKind.ENVIRONMENT])
def test_what_was_never_called_is_not_wrong(kind: FailureKind):
    assert isinstance(failed(kind)["forward.contract"], Blocked)


def test_backward_waits_for_a_forward_that_failed():
    judged = failed(FailureKind.EXCEPTION)

    assert judged["backward.contract"] == Blocked(messages.NEEDS_FORWARD)
    assert judged["forward.contract"].next_step is None  # there is no trace to read


def test_what_was_not_run_any_more_is_no_finding_of_its_own():
    judged = failed(FailureKind.NOT_RUN, "timeout")

    assert judged["forward.contract"] == Blocked("forward was not called any more: timeout.")


@pytest.mark.parametrize("kind", [FailureKind.EXCEPTION, FailureKind.RETURNED])
def test_an_error_or_none_refuses(kind: FailureKind):
    assert failed(kind, refusal="the filter does not fit") == {"forward.contract": None, "backward.contract": None}


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.DIED, FailureKind.EXIT, FailureKind.MEMORY, FailureKind.LOAD])
def test_a_hang_or_a_crash_refuses_nothing(kind: FailureKind):
    assert failed(kind, refusal="the filter does not fit")["forward.contract"] is not None


def test_an_answer_where_a_refusal_is_due_keeps_its_contract():
    stages = Outcome(forward=Stage(values={"out": np.ones(7)}), backward=Stage(values={"dx": np.ones(2)}))

    judged = contract.judge(evidence(AFFINE, CASE, Answer(refusal="no"), stages))

    assert judged == {"forward.contract": None, "backward.contract": None}
