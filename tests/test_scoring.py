"""Points are exact fractions, what errored counts neither for nor against, and standings follow a table."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import CheckResult, Standing, TaskResult, Verdict
from grader.scoring import decimal, part_points, part_standing, scored, standing, totals

PASSED, FAILED, ERRORED, SKIPPED = Verdict.PASSED, Verdict.FAILED, Verdict.ERRORED, Verdict.SKIPPED


def checks(*verdicts: Verdict) -> list[CheckResult]:
    return [CheckResult(id=f"c{i}", title="", part="forward", verdict=v) for i, v in enumerate(verdicts)]


def weighted(points: Fraction, *pairs: tuple[Verdict, int]) -> list[CheckResult]:
    """Score checks of these verdicts and weights."""
    return scored(checks(*(v for v, _ in pairs)), {f"c{i}": w for i, (_, w) in enumerate(pairs)}, points)


@pytest.mark.parametrize(
    ("points", "shown"), [(Fraction(3), "3"), (Fraction(1, 2), "0.5"), (Fraction(2, 3), "0.6667"), (Fraction(99_999, 100_000), "1")]
)
def test_points_are_shown_with_at_most_four_places_and_whole_ones_without(points: Fraction, shown: str):
    assert str(decimal(points)) == shown


def test_points_are_divided_in_the_ratio_of_the_weights():
    assert part_points(10, {"forward": 4, "backward": 6}) == {"forward": 4, "backward": 6}
    assert part_points(10, {"forward": 1, "backward": 2}) == {"forward": Fraction(10, 3), "backward": Fraction(20, 3)}
    assert part_points(3, {"forward": 0.5}) == {"forward": 3}


def test_points_written_as_decimals_are_exact():
    assert part_points(0.1, {"forward": 0.2, "backward": 0.1}) == {"forward": Fraction(2, 30), "backward": Fraction(1, 30)}


@given(
    points=st.floats(0, 10000).map(lambda n: round(n, 3)),
    weights=st.fixed_dictionaries({"forward": st.floats(0.01, 10000), "backward": st.floats(0, 10000)}),
)
def test_the_parts_add_up_to_the_points(points: float, weights: dict[str, float]):
    assert sum(part_points(points, weights).values()) == Fraction(str(points))


@given(verdicts=st.lists(st.tuples(st.sampled_from(Verdict), st.integers(0, 60)), min_size=1, max_size=8), points=st.fractions(0, 100))
def test_nothing_is_earned_but_by_passing(verdicts: list[tuple[Verdict, int]], points: Fraction):
    results = weighted(points, *verdicts)

    for result in results:
        assert result.score == (result.max_score if result.verdict is PASSED else 0)
        assert result.max_score == 0 or result.verdict is not ERRORED
    assert sum(r.max_score for r in results) <= points
    if any(w for _, w in verdicts) and all(v is not ERRORED for v, _ in verdicts):
        assert sum(r.max_score for r in results) == points


def test_what_errored_counts_neither_for_nor_against():
    results = weighted(Fraction(6), (PASSED, 2), (ERRORED, 3), (FAILED, 1))

    assert [(r.score, r.max_score) for r in results] == [(2, 2), (0, 0), (0, 1)]


def test_a_check_that_did_not_pass_earns_the_share_that_it_is_credited_with_and_no_other():
    credited = scored(
        checks(FAILED, FAILED, PASSED), {"c0": 2, "c1": 1, "c2": 1}, Fraction(8), {"c0": Fraction(1, 4), "c2": Fraction(1, 4)}
    )

    assert [(r.score, r.max_score) for r in credited] == [(1, 4), (0, 2), (2, 2)]


def test_what_was_skipped_counts_against():
    results = weighted(Fraction(5), (FAILED, 4), (SKIPPED, 1))

    assert [(r.score, r.max_score) for r in results] == [(0, 4), (0, 1)]


def test_checks_without_weight_bear_no_points():
    assert [(r.score, r.max_score) for r in weighted(Fraction(5), (PASSED, 0), (PASSED, 1))] == [(0, 0), (5, 5)]
    assert [(r.score, r.max_score) for r in weighted(Fraction(5), (PASSED, 0))] == [(0, 0)]
    assert weighted(Fraction(5)) == []


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], Standing.MISSING),
        ([PASSED, PASSED], Standing.PASSED),
        ([PASSED, FAILED], Standing.PARTIAL),
        ([PASSED, SKIPPED], Standing.PARTIAL),
        ([FAILED, SKIPPED], Standing.FAILED),
        ([SKIPPED, SKIPPED], Standing.FAILED),
        ([PASSED, ERRORED], Standing.ERRORED),
        ([FAILED, ERRORED], Standing.ERRORED),
    ],
)
def test_a_part_stands_by_its_checks(verdicts: list[Verdict], expected: Standing):
    assert part_standing(weighted(Fraction(1), *((v, 1) for v in verdicts))) is expected


def test_a_part_is_not_partial_for_a_check_without_points():
    contract_alone = weighted(Fraction(4), (PASSED, 0), (FAILED, 4))
    worth_nothing = weighted(Fraction(0), (PASSED, 1), (FAILED, 1))

    assert part_standing(contract_alone) is Standing.FAILED
    assert part_standing(worth_nothing) is Standing.PARTIAL


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("passed passed", "passed"),
        ("passed failed", "partial"),
        ("passed missing", "partial"),
        ("partial failed", "partial"),
        ("partial partial", "partial"),
        ("failed failed", "failed"),
        ("failed missing", "failed"),
        ("missing missing", "missing"),
        ("missing", "missing"),
        ("passed errored", "errored"),
        ("missing errored", "errored"),
        ("passed partial failed missing", "partial"),
    ],
)
def test_parts_sum_up_to_a_task_and_tasks_to_a_submission(parts: str, expected: str):
    assert standing(Standing(part) for part in parts.split()) == expected


def task(score: Fraction, of: Fraction) -> TaskResult:
    return TaskResult(id="t", title="", standing=Standing.PARTIAL, score=score, max_score=of, parts={})


def test_thirds_add_up_exactly():
    third = Fraction(1, 3)

    assert totals([task(third, third)] * 3) == (1, 1)
    assert [(each, type(each)) for each in totals([])] == [(0, Fraction)] * 2
