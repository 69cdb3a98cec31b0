"""The hash of a submission changes with its names and texts, and with nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from grader.intake import Bundle

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
FILES = st.dictionaries(TEXTS, TEXTS, max_size=4)


def hashed(files: dict[str, str], name: str = "kim", notes: tuple[str, ...] = ()) -> str:
    return Bundle(id=name, files=files, notes=notes).sha256


@given(one=FILES, other=FILES)
def test_two_submissions_have_one_hash_only_if_they_are_equal(one: dict[str, str], other: dict[str, str]):
    assert (hashed(one) == hashed(other)) == (one == other)


@given(files=FILES)
def test_order_name_and_notes_do_not_matter(files: dict[str, str]):
    backwards = dict(reversed(list(files.items())))

    assert hashed(files) == hashed(backwards, "lee", ("a note",))


def test_a_text_cannot_pose_as_a_name():
    assert len({hashed({"ab": "c"}), hashed({"a": "bc"}), hashed({"a": "b", "c": ""}), hashed({"a": "", "b": "c"})}) == 4


def test_the_hash_stays_what_it_was():
    assert hashed({"layers.py": "x = 1\n"}) == "ed19a3e3ee9bd67c5936795f74e4a9f009a56e5524a07ffb0abe9723fec310f1"
