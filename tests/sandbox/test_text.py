"""Text from outside is shown as it is, or visibly escaped, and never more of it than asked for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import INVISIBLE, clean, one_line


@pytest.mark.parametrize("text", ["", "plain", "two\nlines\tand a tab", "한글 과제", "é – × ∂L/∂x", "🙂", "a\u00a0b"])
def test_what_can_be_shown_is_left_alone(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x00\x07\x1b[31m\r", "\\x00\\x07\\x1b[31m\\x0d"),
        ("\x7f\x85\x9b", "\\x7f\\x85\\x9b"),
        ("a\u202eb\u2066c\u200bd\u200fe\ufefff", "a\\u202eb\\u2066c\\u200bd\\u200fe\\ufefff"),
        ("\ud800 \udfff", "\\ud800 \\udfff"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\U000e0041", "\\ue0041"),
        ("\ue000\uffff", "\\ue000\\uffff"),
        ("\xad", "\\xad"),
    ],
    ids=["control", "C1", "bidi", "surrogates", "separators", "tags", "private", "soft hyphen"],
)
def test_what_cannot_be_seen_is_escaped(text, shown):
    assert clean(text) == shown


@given(st.text(alphabet=st.characters(), max_size=300) | st.text(alphabet=st.characters(categories=["Cs", "Cf", "Cc"]), max_size=300))
def test_cleaned_text_can_be_written_anywhere_and_cleaning_it_again_changes_nothing(text):
    shown = clean(text, 10_000)

    shown.encode("utf-8")
    assert not any(unicodedata.category(c) in INVISIBLE for c in shown if c not in "\n\t")
    assert clean(shown, 10_000) == shown


@pytest.mark.parametrize("length", [0, 1, 9, 10])
def test_text_up_to_the_limit_is_whole(length):
    assert clean("x" * length, 10) == "x" * length


def test_text_over_the_limit_is_cut_and_says_so():
    assert clean("x" * 25, 10) == "x" * 10 + " ... (15 more characters)"


@pytest.mark.parametrize("text", ["a  b\n\n c\t", " a b\r\nc", "a\u2028b\x1cc\x0b"])
def test_one_line_is_one_line(text):
    assert one_line(text) == "a b c"


@given(st.text(), st.integers(1, 50))
def test_one_line_holds_no_line_break_and_is_cut(text, limit):
    shown = one_line(text, limit)

    assert len(shown.splitlines()) <= 1
    assert len(shown) <= 6 * limit + 40
