"""Text from outside can be shown anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import clean, one_line


@given(st.text(), st.integers(1, 50))
def test_cleaned_text_can_be_shown_anywhere(text: str, limit: int):
    shown = clean(text, limit)

    assert all(c in "\n\t" or c.isprintable() or c.isspace() for c in shown)
    shown.encode()  # no half characters
    assert one_line(text, limit).splitlines() in ([], [one_line(text, limit)])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\ud800b", "a\\ud800b"),
        ("a\r\nb", "a\\x0d\nb"),
        ("김하늘 ñ 😀", "김하늘 ñ 😀"),
    ],
)
def test_what_cannot_be_seen_becomes_an_escape(text: str, shown: str):
    assert clean(text) == shown


def test_long_text_is_cut_and_says_so():
    assert clean("x" * 12, 10) == "xxxxxxxxxx ... (2 more characters)"
    assert one_line(" a \n\t b ") == "a b"
