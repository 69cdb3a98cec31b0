"""How exceptions and return values of students are put into words, whatever they do to prevent it."""

import decimal
import fractions
import sys

import numpy as np
import pytest

from grader.worker import wire
from grader.worker.calls import MAX_TEXT, MAX_TRACE, acceptable, failure, words
from grader.worker.conventions.adapter import Unusable
from grader.worker.loading import install


class Raises:
    """Its text cannot be had."""

    def __str__(self):
        raise SystemExit(1)


class Sly(str):
    """A text that is none when it is cut."""

    def __getitem__(self, index):
        return object()


class Returns:
    """Its text is of a class of its own."""

    def __str__(self):
        return Sly("a text")


class Nameless(type):
    """Classes that do not tell their names."""

    @property
    def __name__(cls):
        raise ValueError("no name")


class NamelessError(Exception, metaclass=Nameless):
    """An exception whose class fights every question."""


class SilentError(Exception):
    """An exception whose text cannot be had."""

    __str__ = Raises.__str__


class LongError(Exception):
    """An exception with a long name."""


LongError.__name__ = "N" * 5000


def raised(error):
    """Return the description of an exception that was raised here, in no file of a student."""
    try:
        raise error
    except BaseException as caught:  # noqa: BLE001 - as the worker does
        return failure(caught, {})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("text", "text"),
        (12, "12"),
        (None, "None"),
        ("x" * 9999, "x" * MAX_TEXT),
        (Returns(), "a text"),
        (Raises(), "<its text raised SystemExit>"),
    ],
)
def test_words_are_found_for_everything(value, text):
    got = words(value)

    assert (got, type(got)) == (text, str)


@pytest.mark.parametrize(
    ("error", "described"),
    [
        (Unusable("dx is None"), {"kind": "returned", "text": "dx is None"}),
        (MemoryError("8 GB"), {"kind": "memory", "text": "8 GB"}),
        (np._core._exceptions._ArrayMemoryError((2**40,), np.dtype("f8")), {"kind": "memory"}),
        (SystemExit(), {"kind": "exit", "text": "sys.exit(None)"}),
        (SystemExit(3), {"kind": "exit", "text": "sys.exit(3)"}),
        (SystemExit("x" * 500), {"kind": "exit", "text": f"sys.exit({'x' * 80})"}),
        (SystemExit(Raises()), {"kind": "exit", "text": "sys.exit(<its text raised SystemExit>)"}),
        (ValueError("no"), {"kind": "exception", "text": "ValueError: no", "trace": "ValueError: no"}),
        (NotImplementedError(), {"kind": "exception", "text": "NotImplementedError"}),
        (KeyboardInterrupt(), {"kind": "exception", "text": "KeyboardInterrupt"}),
        (SilentError(), {"kind": "exception", "text": "SilentError: <its text raised SystemExit>"}),
        (LongError("no"), {"kind": "exception", "text": f"{'N' * 100}: no"}),
        (ValueError("x" * 9999), {"kind": "exception", "text": f"ValueError: {'x' * MAX_TEXT}"}),
        (NamelessError(), {"kind": "exception", "text": "an exception that cannot be shown", "trace": ""}),
    ],
)
def test_an_exception_becomes_a_failure_of_its_kind(error, described):
    assert raised(error).items() >= described.items()


@pytest.fixture
def student(forgotten):
    """A module of a student."""
    files = {
        "layers.py": "import helper, json\n"
        "def wrong(): return helper.divide(0)\n"
        "def through(): return json.loads('{')\n"
        "def deep(n): return deep(n + 1)\n"
        "def loop(): raise ValueError('x' * 9000)\n",
        "helper.py": "def divide(x):\n    return 1 / x\n",
    }
    return install(files).load("layers.py"), files


def described(student, name, *arguments):
    module, files = student
    try:
        getattr(module, name)(*arguments)
    except BaseException as error:  # noqa: BLE001 - as the worker does
        return failure(error, files)


def test_a_trace_holds_the_students_frames_and_lines_only(student):
    trace = described(student, "wrong")["trace"]

    assert trace.splitlines()[0] == '  File "layers.py", line 2, in wrong'
    assert "def wrong(): return helper.divide(0)" in trace
    assert '  File "helper.py", line 2, in divide\n    return 1 / x\n' in trace
    assert trace.endswith("ZeroDivisionError: division by zero")
    assert __file__ not in trace


def test_a_trace_leaves_out_the_libraries_that_a_student_calls(student):
    trace = described(student, "through")["trace"]

    assert "layers.py" in trace
    assert "json" not in trace.replace("json.loads('{')", "").partition("JSONDecodeError")[0]


def test_a_recursion_is_shown_by_its_last_frames(student):
    failed = described(student, "deep", 0)

    assert failed["text"].startswith("RecursionError: maximum recursion depth exceeded")
    assert 'File "layers.py", line 4, in deep' in failed["trace"]
    assert len(failed["trace"].splitlines()) < 30


def test_a_trace_is_cut_at_its_beginning(student):
    trace = described(student, "loop")["trace"]

    assert len(trace) <= MAX_TRACE
    assert trace.endswith("xxx")


def test_a_trace_that_cannot_be_made_is_left_out(student, monkeypatch):
    module, files = student
    monkeypatch.setitem(module.__dict__, "__loader__", None)
    monkeypatch.setattr("linecache.checkcache", lambda filename: sys.exit())

    got = described((module, files), "wrong")

    assert got == {"kind": "exception", "text": "ZeroDivisionError: division by zero", "trace": ""}


@pytest.mark.parametrize("value", [1, -1.5, True, np.float32(1), np.int64(3), np.bool_(True), np.float64("nan")])
def test_a_number_is_taken_as_an_array_without_axes(value):
    array = acceptable("out", value)

    assert (type(array), array.shape) == (np.ndarray, ())
    np.testing.assert_array_equal(array, value)


@pytest.mark.parametrize("code", sorted(wire.DTYPES))
def test_an_array_of_any_real_dtype_is_taken_as_it_is(code):
    array = np.zeros((2, 0, 3), code)

    assert acceptable("out", array) is array


@pytest.mark.parametrize(
    ("code", "native"), [(">f8", "<f8"), (">f4", "<f4"), (">i2", "<i2"), (np.longdouble, "<f8")], ids=["f8", "f4", "i2", "long double"]
)
def test_another_byte_order_or_precision_is_brought_to_one_that_travels(code, native):
    array = acceptable("out", np.array([1, -2], code))

    np.testing.assert_array_equal(array, np.array([1, -2], native), strict=True)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "out is None"),
        ([1.0, 2.0], "out is of type list, not a number or a NumPy array"),
        ((1.0,), "out is of type tuple"),
        ({}, "out is of type dict"),
        ("1.0", "out is of type str"),
        (1j, "out is of type complex"),
        ((x for x in "ab"), "out is of type generator"),
        (fractions.Fraction(1, 2), "out is of type Fraction"),
        (decimal.Decimal(1), "out is of type Decimal"),
        (np.ma.masked_array([1.0]), "out is of type MaskedArray"),
        (type("Sub", (np.ndarray,), {})((1,)), "out is of type Sub"),
        (type("float64", (np.float64,), {})(1.0), "out is of type float64"),
        (type("T" * 200, (), {})(), f"out is of type {'T' * 60}, not"),
        (np.array([None]), "out has dtype object, not a real number"),
        (np.array([1j]), "out has dtype complex128"),
        (np.array(["a"]), "out has dtype <U1"),
        (np.zeros(1, "f8,f8"), "out has dtype "),
        (np.datetime64("2026-01-01"), "out has dtype datetime64"),
        (10**30, "out is a number that NumPy cannot hold"),
        (-(2**64), "out is a number that NumPy cannot hold"),
        (np.broadcast_to(0.0, (1 << 16, 1 << 16)), "far too large"),
        (np.zeros(wire.MAX_PAYLOAD // 32 + 1), "far too large"),
        (np.zeros((1,) * 9), "far too large"),
    ],
)
def test_what_is_no_array_of_numbers_is_unusable(value, sentence):
    with pytest.raises(Unusable, match=sentence):
        acceptable("out", value)
