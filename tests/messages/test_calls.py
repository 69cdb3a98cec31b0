"""What a student raised is told in one line, and what to do about it."""

import pytest

from grader import messages
from grader.model import Failure, FailureKind
from tests.messages.said.calls import LIMITS


@pytest.mark.parametrize("kind", FailureKind)
@pytest.mark.parametrize("text", ["", "\n", "one\ntwo", "x" * 2000])
def test_what_a_student_raised_stays_one_line(kind: FailureKind, text: str):
    said = messages.failed_call("backward", Failure(kind=kind, text=text), LIMITS)

    assert len(said.splitlines()) == 1
    assert said.endswith((".", "?"))


def test_a_file_that_raised_something_else_is_to_be_traced():
    traced, bare = (Failure(kind=FailureKind.LOAD, text="ValueError: no", trace=trace) for trace in ("line 3", ""))

    assert messages.mend_loading(traced) == messages.READ_TRACE
    assert messages.mend_loading(bare) is None


def test_long_words_of_a_student_are_cut():
    said = messages.failed_call("forward", Failure(kind=FailureKind.EXCEPTION, text="x" * 1000), LIMITS)

    assert said == f"forward raised {'x' * 240} ..."
