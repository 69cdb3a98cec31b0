"""Texts in a log stay in their lines, and command nothing."""

import pytest

from grader.report.lines import in_lines, line, lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a  b\n\tc\r", "a b c"),
        ("::error::x", "\\::error::x"),
        (" \t::error::x", "\\::error::x"),
        ("a::b", "a::b"),
        ("a ##[error]x", "a ##\\[error]x"),
        ("##x[0]", "##x[0]"),
        ("\x1b[2J\u202e", "\\x1b[2J\\u202e"),
    ],
)
def test_a_line_is_visible_and_no_command(text: str, shown: str):
    assert line(text) == shown
    assert line(shown) == shown


def test_lines_are_kept_with_what_they_begin_with():
    assert lines("a\n  b\n\n  ::c\r\nd\x0be\n\n") == ["a", "  b", "", "\\  ::c\\x0d", "d\\x0be"]


def test_all_texts_of_a_document_become_lines_but_traces():
    document = {"a\nb": ["c\nd", 1, None, True, {"trace": "e\n  f\x07\n"}]}

    assert in_lines(document) == {"a b": ["c d", 1, None, True, {"trace": "e\n  f\\x07"}]}
