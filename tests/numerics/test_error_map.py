"""A map says where in an array the wrong entries are, and what they have in common."""

import numpy as np
import pytest

from grader import messages
from grader.numerics.error_map import PLANES, SIDE, common, planes


def wrong_at(shape: tuple[int, ...], *places: tuple[object, ...]) -> np.ndarray:
    wrong = np.zeros(shape, dtype=bool)
    for place in places:
        wrong[place] = True
    return wrong


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (wrong_at((2, 3, 4), (0, 2, 1), (1, 2, 3)), "all in the last row."),
        (wrong_at((2, 3, 4), (0, 1, 1), (1, 1, 3)), "all in row 1."),
        (wrong_at((3, 4), (0, 3), (2, 3)), "all in the last column."),
        (wrong_at((3, 4), (0, 0), (2, 0)), "all in column 0."),
        (wrong_at((2, 3, 4, 4), (1, 0), (1, 2)), "all in dx[1]."),
        (wrong_at((2, 3, 4, 4), (0, 2), (1, 2)), "all in dx[:, 2]."),
        (wrong_at((9,), (4,)), "all in dx[4]."),
        (wrong_at((4, 5), (0,), (3,), (slice(None), 0)), "all at the border."),
        (wrong_at((4, 5), (0,), (3,), (slice(None), 4)), "all at the border."),
        (wrong_at((2, 4, 5), (0, 0), (1, 3), (0, 1, 0), (1, 2, 4)), "all at the border."),
        (wrong_at((4, 5), (0, 0), (1, 1)), "entries are wrong."),
    ],
)
def test_what_wrong_entries_have_in_common_is_said(wrong: np.ndarray, said: str):
    sentence = messages.wrong_where("dx", int(wrong.sum()), wrong.size, common(wrong))

    assert sentence.startswith(f"{wrong.sum()} of {wrong.size} ")
    assert sentence.endswith(said)


def test_of_a_large_plane_the_part_around_the_worst_entry_is_drawn():
    (plane,), more = planes("dx", wrong_at((100, 40), (60, 39)), (60, 39))

    assert more == 0
    assert (len(plane["rows"]), len(plane["rows"][0])) == (SIDE, SIDE)
    assert plane["rows"][60 - plane["top"]][39 - plane["left"]] == "1"
    assert "".join(plane["rows"]).count("1") == 1


def test_a_row_of_entries_is_a_plane_of_its_own():
    assert planes("db", wrong_at((4,), (2,)), (2,)) == ([{"label": "db", "top": 0, "left": 0, "rows": ["0010"]}], 0)


def test_of_many_planes_those_with_wrong_entries_are_drawn():
    drawn, more = planes("dx", wrong_at((4, 5, 2, 3), (3, 1, 0, 2), (2, 4, 1, 1)), (3, 1, 0, 2))

    assert [(plane["label"], plane["rows"]) for plane in drawn] == [("dx[2, 4]", ["000", "010"]), ("dx[3, 1]", ["001", "000"])]
    assert len(drawn) + more == 20


def test_of_few_planes_all_are_drawn():
    drawn, more = planes("dx", wrong_at((PLANES, 2, 3), (3, 1, 2)), (3, 1, 2))

    assert ([plane["label"] for plane in drawn], more) == ([f"dx[{n}]" for n in range(PLANES)], 0)


def test_there_is_an_end_to_the_planes():
    drawn, more = planes("x", np.ones((9, 2, 2), dtype=bool), (8, 0, 0))

    assert (len(drawn), more) == (PLANES, 3)
