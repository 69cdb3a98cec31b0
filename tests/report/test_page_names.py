"""Files are named for ids that anybody may have chosen."""

import re

import pytest

from grader.report.page_names import file_names


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["ann", "bob.2"], ["ann", "bob.2"]),
        (["ann", "Ann", "ann"], ["ann", "Ann-2", "ann-3"]),
        (["../../etc/passwd"], ["etc-passwd-"]),
        (["con", "aux.py"], ["_con-", "_aux.py-"]),
        (["", "...", "김하늘", "a/b", "a b"], ["", "", "", "a-b-", "a-b-"]),
        (["x" * 500], ["x" * 60 + "-"]),
        ([f"{'x' * 252}{i}.py" for i in range(3)], ["x" * 60 + "-"] * 3),
        (["kim lee.py", "kim \\x20lee.py", "kim-lee.py"], ["kim-lee.py-", "kim-x20lee.py-", "kim-lee.py"]),
    ],
)
def test_file_names_are_safe_and_no_two_alike(ids: list[str], expected: list[str]) -> None:
    names = file_names(ids)

    assert all(name.startswith(start) for name, start in zip(names, expected, strict=True))
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,80}", name) for name in names)
    assert len({name.casefold() for name in names}) == len(ids)
