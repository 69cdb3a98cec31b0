"""Text from outside is shown as it is, or visibly escaped, and never more of it than asked for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import INVISIBLE, MARKS, clean, one_line, visible

# Default_Ignorable_Code_Point of Unicode 15, with the blank of Braille.
IGNORABLE = [
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
    *(*range(0x2060, 0x2070), 0x2800, 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0, *range(0xFFF0, 0xFFF9)),
    *(*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)),
]
HARD = st.sampled_from("a\\🙂☺\u0300\u0301\u0489\u302e\ufe0e\ufe0f\u200d\u3164\u034f\u1160\u2800\ud800\x1b\n\t\u202e가\u1100\u1161")


@pytest.mark.parametrize(
    "text",
    [
        *("", "plain", "two\nlines\tand a tab", "한글 과제", "é – × ∂L/∂x", "🙂", "a\u00a0b"),
        unicodedata.normalize("NFD", "꽃을 든 뷁, Ångström, phở, ộ"),
        "ㅋㅋㅋ ㄱㄴㄷ ㅏㅑ",  # letters by themselves
        "\u1112\u119e\u11ab\u302e",  # Middle Korean, with its tone mark
        "❤\ufe0f ☺\ufe0f 🏳\ufe0f",
        "🇰🇷 👍🏽",
        "שָׁלוֹם नमस्ते ที่นี่ عَرَبِيّ",
    ],
)
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
        ("\U000e0041\U000e0100", "\\U000e0041\\U000e0100"),
        ("\ue000\uffff", "\\ue000\\uffff"),
        ("\xad", "\\xad"),
        ("한\u3164글\uffa0\u115f\u1160", "한\\u3164글\\uffa0\\u115f\\u1160"),
        ("a\u2800b\u034fc", "a\\u2800b\\u034fc"),
        ("a\ufe0f\ufe0e❤\ufe0f\ufe0f", "a\\ufe0f\\ufe0e❤\ufe0f\\ufe0f"),
        ("\u2800\ufe0f", "\\u2800\\ufe0f"),
        ("👩\u200d🔬", "👩\\u200d🔬"),
        ("e" + "\u0301" * 4 + "\u0316\u0489.", "e" + "\u0301" * 4 + "\\u0316\\u0489."),
        ("\U0010ffff\U000f0000", "\\U0010ffff\\U000f0000"),
    ],
    ids=[
        *("control", "C1", "bidi", "surrogates", "separators", "tags", "private", "soft hyphen"),
        *("fillers", "blanks", "selectors", "blank symbol", "joiner", "marks", "astral"),
    ],
)
def test_what_cannot_be_seen_is_escaped(text, shown):
    assert clean(text) == shown


def test_what_a_renderer_may_ignore_is_escaped():
    assert [hex(code) for code in IGNORABLE if not clean(f"a{chr(code)}b").isascii()] == []


@given(st.text(HARD, max_size=40) | st.text(max_size=40))
def test_no_mark_climbs_and_no_ignorable_is_left(text):
    shown = visible(text)

    runs = "".join("M" if unicodedata.category(c).startswith("M") else " " for c in shown).split()
    assert max(map(len, runs), default=0) <= MARKS
    hidden = [i for i, c in enumerate(shown) if ord(c) in IGNORABLE]
    assert all(shown[i] == "\ufe0f" and unicodedata.category(shown[i - 1]) == "So" for i in hidden)
    assert visible(shown) == shown


@given(st.text(HARD, max_size=40) | st.text(max_size=40))
def test_text_of_letters_and_punctuation_is_left_alone(text):
    if all(unicodedata.category(c)[0] in "LNPZS" and ord(c) not in IGNORABLE and c not in "\u2028\u2029" for c in text):
        assert visible(text) == text


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
    assert len(shown) <= 10 * limit + 40
