"""What the page of a class counts is what there is, in one pass."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from grader import messages
from grader.model import Failure, FailureKind
from grader.report.class_figures import FEWEST, ClassFigures, counted
from grader.text import clean

Results = dict[str, Any]


def figures(submissions: list[Results]) -> ClassFigures:
    """Return the figures of some submissions; they can be looked at once only."""
    return counted(iter(submissions), lambda id: f"students/{id}.html")


def found(**slots: Any) -> Results:
    """Return a finding."""
    slots = {"what": "dw is wrong.", "where": "", "got": None, "expected": None, "cause": None, "case": {}, "table": None, **slots}
    return {"next_step": None, "worked": None, "trace": "", **slots}


def task(name: str, score: float, *findings: Results, diagnoses: dict[str, str] | None = None, of: float = 10) -> Results:
    """Return a task of one part; where points are lost, one check says why."""
    status = "passed" if score == of else "partial" if score else "failed"
    check = {"id": "value", "title": "the values", "part": "forward", "status": "passed" if score == of else "failed", "law": False}
    return {
        "id": name,
        "title": name.title(),
        "score": score,
        "max_score": of,
        "status": status,
        "parts": {"forward": status},
        "diagnoses": [{"id": id, "message": message} for id, message in (diagnoses or {}).items()],
        "checks": [check | {"score": score, "max_score": of, "reason": "", "findings": list(findings)}],
        "notes": [],
        "graded": {},
    }


def submission(id: str, *tasks: Results, sha256: str = "", status: str = "partial", **more: Any) -> Results:
    """Return a submission whose files are its own."""
    points = {key: sum(task[key] for task in tasks) for key in ("score", "max_score")}
    made = {"id": id, "sha256": sha256 or id, "status": status, "tasks": list(tasks), "notes": [], "duration_s": 1.0, "translations": {}}
    return made | points | more


def names(rows: list[Any]) -> str:
    return " ".join(row.id for row in rows)


def test_scores_are_counted_by_tenths_and_as_the_policy_left_them() -> None:
    late = {"score": 4.9, "max_score": 10, "adjustments": []}
    made = figures([submission("a", task("relu", 10)), submission("b", task("relu", 10), final=late), submission("c", task("relu", 0))])

    assert made.histogram == [1, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    assert made.median == 49
    assert [row.earned for row in made.rows] == [None, 10, None]


def test_more_than_full_marks_are_in_the_last_tenth() -> None:
    bonus = {"score": 12, "max_score": 10, "adjustments": []}

    assert figures([submission("a", task("relu", 10), final=bonus)]).histogram[-1] == 1


def test_the_difficulty_of_a_task_is_the_mean_share_of_its_points_where_they_were_decided() -> None:
    ours, hidden = (task("relu", 0) | {"status": status} for status in ("errored", "hidden"))

    (item,) = figures(
        [submission("a", task("relu", 10)), submission("b", task("relu", 5)), submission("c", ours), submission("d", hidden)]
    ).items

    assert item.difficulty == 0.75
    assert (item.counts, item.of) == ({"passed": 1, "partial": 1, "errored": 1, "hidden": 1}, 4)


def graded(*scores: float, id: str = "a", **more: Any) -> Results:
    return submission(id, *(task(f"task{place}", score) for place, score in enumerate(scores)), **more)


def test_discrimination_is_the_correlation_of_a_task_with_the_rest() -> None:
    made = figures([graded(i % 11, i % 11, 10 - i % 11) for i in range(FEWEST + 2)])

    assert [item.discrimination for item in made.items] == [None, None, pytest.approx(-1)]  # of the first two the rest is always 10


def test_discrimination_is_not_told_of_few_nor_of_who_handed_in_nothing() -> None:
    few = [graded(i % 11, i % 7) for i in range(FEWEST - 1)]

    assert [item.discrimination for item in figures(few).items] == [None, None]
    assert [item.discrimination for item in figures([*few, graded(0, 0, status="missing")]).items] == [None, None]
    assert all(item.discrimination is not None for item in figures([*few, graded(3, 4)]).items)


def test_causes_are_counted_by_their_id_and_out_of_who_handed_the_task_in() -> None:
    said = found(cause="db is summed over axis 1.")
    one = task("affine", 4, said, diagnoses={"wrong_axis": "db is summed over axis 1."})
    other = task("affine", 2, diagnoses={"wrong_axis": "db is summed over axis 0."})
    absent = task("affine", 0) | {"status": "missing"}

    made = figures([submission("a", one), submission("b", other), submission("c", task("affine", 10)), submission("d", absent)])

    assert [(cause.task, cause.said, names(cause.rows), cause.of) for cause in made.causes] == [
        ("Affine", "db is summed over axis 1.", "a b", 3)
    ]
    assert made.unexplained == 0


def test_a_cause_without_an_id_is_counted_by_its_sentence_once_a_submission() -> None:
    said = found(cause="It is right but for the noise.")

    made = figures([submission("a", task("relu", 3, said, said))])

    assert [(cause.said, names(cause.rows)) for cause in made.causes] == [("It is right but for the noise.", "a")]


@pytest.mark.parametrize(("diagnosis", "unexplained"), [("carried_forward", 0), ("own_gradient", 1)])
def test_what_follows_from_another_mistake_is_no_misconception(diagnosis: str, unexplained: int) -> None:
    made = figures([submission("a", task("net", 3, diagnoses={diagnosis: "It follows."}))])

    assert (made.causes, made.unexplained) == ([], unexplained)


def test_the_same_wrong_numbers_make_a_group_and_another_number_does_not() -> None:
    wrong = [found(where="dw[0, 1]", got=0.25), found(where="db[0]", got=7)]
    other = [found(where="dw[0, 1]", got=0.2500001), found(where="db[0]", got=7)]

    made = figures([*(submission(id, task("conv", 2, *wrong)) for id in "abc"), submission("d", task("conv", 2, *other))])

    assert [(group.task, group.entries, names(group.rows)) for group in made.numbers] == [("Conv", "db[0] = 7, dw[0, 1] = 0.25", "a b c")]


@pytest.mark.parametrize("got", [0.0, 1.0, -1.0, "nan", "inf", None])
def test_numbers_that_many_get_for_many_reasons_make_no_group(got: Any) -> None:
    assert figures([submission(id, task("conv", 2, found(where="dw[0]", got=got))) for id in "ab"]).numbers == []


def test_the_same_files_make_one_group_and_their_numbers_no_second() -> None:
    wrong = found(where="dw[0]", got=0.25)

    made = figures([submission(id, task("conv", 2, wrong), sha256="f" * 64) for id in "ab"] + [submission("c", task("conv", 10))])

    assert [names(group.rows) for group in made.files] == ["a b"]
    assert made.numbers == []


def test_who_handed_in_nothing_is_not_alike() -> None:
    assert figures([submission(id) | {"sha256": ""} for id in "ab"]).files == []


def test_the_slowest_come_first() -> None:
    made = figures([submission(str(i), task("relu", 10), duration_s=float(i)) for i in range(20)])

    assert names(made.slowest) == "19 18 17 16 15 14 13 12"


LIMITS = {"memory_mb": 1024.0, "call_seconds": 2.0, "task_seconds": 20.0}


@pytest.mark.parametrize(
    ("kind", "text", "stopped"),
    [
        (FailureKind.TIMEOUT, "call", True),
        (FailureKind.TIMEOUT, "task", True),
        (FailureKind.MEMORY, "", True),
        (FailureKind.DIED, "exit status 0", True),
        (FailureKind.LOAD, "it did not finish within 10 s", True),
        (FailureKind.EXCEPTION, "ValueError: forward did not return within 2 s, and was stopped.", False),
        (FailureKind.LOAD, "SyntaxError: invalid syntax", False),
        (FailureKind.RETURNED, "it returned None", False),
    ],
)
def test_a_call_that_did_not_end_by_itself_is_told_by_how_it_is_said(kind: FailureKind, text: str, stopped: bool) -> None:
    what = str(messages.failed_call("forward", Failure(kind=kind, text=clean(text)), LIMITS))

    made = figures([submission(id, task("conv", 0, found(what=what))) for id in "ab"])

    assert [(stop.task, stop.what, names(stop.rows)) for stop in made.stops] == ([("Conv", what, "a b")] if stopped else [])


def test_the_name_of_a_roster_stands_in_the_row() -> None:
    rows = figures([submission("a", student={"name": "김민수"}), submission("b")]).rows

    assert [row.name for row in rows] == ["김민수", ""]


ABSENT = {"status": "missing", "notes": [str(messages.NOTHING_HANDED_IN)], "sha256": sha256().hexdigest()}


def test_who_handed_in_nothing_is_in_the_table_and_in_no_figure() -> None:
    present = [graded(i % 11, i % 7, id=f"s{i}") for i in range(FEWEST - 1)] + [graded(10, 10, id="full")]
    nothing = task("task0", 0) | {"status": "missing"}

    alone, among = figures(present), figures([*present, *(submission(id, nothing, **ABSENT) for id in "ab")])

    assert [row.id for row in among.rows if not row.handed_in] == ["a", "b"]
    assert not any(row.unloaded for row in among.rows)
    assert replace(among, rows=[]) == replace(alone, rows=[])


def test_what_was_handed_in_and_is_of_no_use_is_a_submission() -> None:
    made = figures([submission("a", status="missing", notes=["a: no Python file in this folder."])])

    assert (made.handed_in, made.rows[0].unloaded, made.median) == (1, True, 0)
