"""Numbers are short, and differ wherever what they stand for does."""

import pytest

from grader.report import figures


@pytest.mark.parametrize(("score", "shown"), [(5, "5"), (0, "0"), (100, "100"), (6.1333, "6.13"), (132.25, "132.25"), (7.2, "7.2")])
def test_points_are_given_to_the_hundredth(score: float, shown: str) -> None:
    assert figures.hundredths(score) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1234567, "0.1235"),
        (8.0, "8"),
        (12345.678, "12346"),
        (1e-9, "1e-09"),
        ("nan", "nan"),
        (None, "·"),
        (True, "True"),
    ],
)
def test_figures_are_short(value: object, shown: str) -> None:
    assert shown == figures.figure(value)


def test_two_figures_never_look_alike_when_they_differ() -> None:
    assert figures.pair(0.333333, 0.333334) == ("0.333333", "0.333334")
    assert figures.pair(1.0, 1.0000001) == ("1", "1.0000001")
    assert figures.pair("nan", 0.5) == ("nan", "0.5")
