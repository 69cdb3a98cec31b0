"""A path is taken only if it can be the name of a file of a submission on every system."""

import pytest

from grader.intake.names import LeftOutError, checked, folded, matters

PARTS = "d/" * 9


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("a.py", "a.py"),
        ("./a//b.py", "a/b.py"),
        ("d/" * 8 + "a.py", "d/" * 8 + "a.py"),
        ("과제 1/합성곱.py", "과제 1/합성곱.py"),
        ("console.py", "console.py"),
    ],
)
def test_ordinary_paths_are_taken(path: str, same: str):
    assert checked(path) == same


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/a.py", "its path is absolute"),
        ("C:a.py", "its name holds a colon, as a drive does"),
        ("a\\b.py", "its name holds a backslash"),
        ("a/../b.py", "its path leaves the submission"),
        (PARTS + "a.py", "folders deeper than 8 are not read"),
        ("가" * 85 + ".py", "its name is too long"),
        ("a\x7f.py", "its name holds characters that cannot be shown"),
        ("a\u2066.py", "its name holds characters that cannot be shown"),
        ("\ud800.py", "its name holds characters that cannot be shown"),
        ("a/NUL.tar.py", "its name stands for a device on Windows; rename it"),
        ("com1 .py", "its name stands for a device on Windows; rename it"),
    ],
)
def test_others_are_left_out_with_the_reason(path: str, reason: str):
    with pytest.raises(LeftOutError) as caught:
        checked(path)

    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [("A.py", "a.py"), ("\uff21/x.py", "a/x.py"), ("a./x.py", "a/x.py"), ("a /x.py", "a/x.py"), ("STRASSE.py", "straße.py")],
)
def test_twins_fold_to_one(one: str, other: str):
    assert folded(one) == folded(other)


def test_only_code_that_was_handed_in_matters():
    assert all(map(matters, ["a.py", "A.PY", "b/c.ipynb", "../../x.py", "/x.py", "a\x00.py"]))
    assert not any(
        map(matters, ["a.txt", ".a.py", ".git/a.py", "b/__pycache__/a.py", "__MACOSX/a.py", "a.ipynb_checkpoints/.b.ipynb", "a.py/"])
    )
