"""What `grader check` prints: the message first, then where to look."""

from typing import Any

import click
import pytest

from grader.report.figures import figure
from grader.report.terminal import render

Results = dict[str, Any]
FINDING = {
    "what": "db is wrong at 2 of 2 entries.",
    "where": "db[0]",
    "got": 4.123456,
    "expected": 8,
    "cause": "db is summed over the first sample only.",
    "next_step": "Work this input out by hand, it is small.",
    "case": {
        "number": 3,
        "title": "two samples",
        "failing": 11,
        "of": 18,
        "shapes": {"x": [2, 1, 3, 3], "b": [2]},
        "options": {"stride": 1},
        "dtype": "float32",
        "arrays": {},
    },
    "table": None,
    "worked": None,
    "trace": 'File "layers.py", line 3\n  raise ValueError\nValueError: no\n',
}


def check(name: str, status: str, *findings: Any, reason: str = "") -> Results:
    return {
        "id": f"conv2d.{name}",
        "title": f"{name} is right",
        "status": status,
        "findings": list(findings),
        "reason": reason,
        "part": "forward",
        "law": False,
    }


def task(status: str, *checks: Results, name: str = "conv2d", notes: tuple[str, ...] = ()) -> Results:
    graded = {"forward": "layers.py:3 conv", "backward": "layers.py:3 conv"} if checks else {}
    return {
        "id": name,
        "status": status,
        "score": 2.5,
        "max_score": 10,
        "graded": graded,
        "checks": list(checks),
        "notes": list(notes),
        "diagnoses": [],
    }


def printed(*tasks: Results, notes: tuple[str, ...] = ()) -> list[str]:
    """Return the lines for a submission, without colours."""
    submission = {"id": "kim", "notes": list(notes), "tasks": list(tasks), "score": 3.25, "max_score": 20}
    return click.unstyle(render({"submissions": [submission]})).splitlines()


def test_a_finding_is_said_with_place_cause_next_step_input_and_trace():
    lines = printed(task("partial", check("forward.value", "passed"), check("backward.db", "failed", FINDING)))

    assert lines == [
        "kim",
        "  next conv2d: Work this input out by hand, it is small.",
        "      partial  conv2d  2.5 / 10  layers.py:3 conv",
        "               ✗ db is wrong at 2 of 2 entries.",
        "                 db[0] is 4.123; it should be 8.",
        "                 db is summed over the first sample only.",
        "                 Work this input out by hand, it is small.",
        "                 wrong on 11 of 18 inputs; the smallest: two samples (x (2, 1, 3, 3), b (2,), stride=1, float32)",
        '                 | File "layers.py", line 3',
        "                 |   raise ValueError",
        "                 | ValueError: no",
        "3.25 of 20 points",
    ]


def test_a_finding_without_numbers_or_input_is_one_line():
    bare = FINDING | {"where": "", "got": None, "cause": None, "next_step": None, "case": {}, "trace": ""}

    lines = printed(task("failed", check("forward.contract", "failed", bare)))

    assert lines[3:-1] == ["               ✗ db is wrong at 2 of 2 entries."]


def test_float64_is_not_worth_a_word():
    case = FINDING["case"] | {"dtype": "float64", "options": {}}

    lines = printed(task("failed", check("backward.db", "failed", FINDING | {"case": case})))

    assert any(line.endswith("two samples (x (2, 1, 3, 3), b (2,))") for line in lines)


def test_our_error_is_marked_as_ours():
    lines = printed(task("errored", check("backward.dx", "errored", reason="The grader itself failed here.")))

    assert lines[1].split()[:2] == ["our", "error"]
    assert lines[2] == "               ! backward.dx is right: The grader itself failed here."


def test_checks_that_wait_share_a_line():
    waiting = [check("backward.dx", "skipped", reason="Not checked: why."), check("backward.dw", "skipped", reason="Not checked: other.")]

    lines = printed(task("failed", *waiting))

    assert lines[2] == "               – Not decided yet: backward.dx, backward.dw. Not checked: why."


def test_what_is_missing_shares_a_line_at_the_end():
    lines = printed(
        task("missing", name="relu"),
        task("passed", check("forward.value", "passed"), name="affine"),
        task(
            "missing",
            name="sigmoid",
            notes=("layers.py:9 sigmoid_backward: backward is not finished yet.", "layers.py, line 3: sigmoid_foward looks like ..."),
        ),
    )

    assert lines == [
        "kim",
        "  next sigmoid: layers.py:9 sigmoid_backward: backward is not finished yet.",
        "   full marks  affine  2.5 / 10  layers.py:3 conv",
        "not handed in  relu, sigmoid  0 / 20",
        "               note layers.py:9 sigmoid_backward: backward is not finished yet.",
        "               note layers.py, line 3: sigmoid_foward looks like ...",
        "3.25 of 20 points",
    ]


def test_long_rows_of_names_and_of_notes_are_cut_and_counted():
    names = [f"task{n}" for n in range(12)]
    waiting = [check(f"backward.law{n}", "skipped", reason="Not checked: why.") for n in range(6)]

    lines = printed(task("failed", *waiting), *(task("missing", name=name, notes=(f"{name}: not finished.", "Seen.")) for name in names))

    assert (
        "               – Not decided yet: backward.law0, backward.law1, backward.law2, backward.law3 and 2 more. Not checked: why."
        in lines
    )
    assert "not handed in  task0, task1, task2, task3 and 8 more  0 / 120" in lines
    assert lines[5:7] == ["               note task0: not finished.", "               note Seen."]
    assert lines.count("               note Seen.") == 1
    assert lines[-2] == "               note And 5 more like these."


def test_the_first_line_says_what_to_do_first():
    wrong = task("failed", check("backward.db", "failed", FINDING), name="second")
    right = task("passed", check("forward.value", "passed"), name="first")

    def first(*tasks: Results) -> str:
        return printed(*tasks)[1]

    assert first(right, wrong, task("missing", name="third")) == "  next second: Work this input out by hand, it is small."
    assert first(right, task("partial", notes=("relu_foward looks like ...",)), wrong) == "  next conv2d: relu_foward looks like ..."
    assert first(right, task("missing", name="third")) == "  next third: `grader explain third` says what it asks for."
    assert not first(right).startswith("  next")


def test_notes_stand_below_what_they_are_about():
    lines = printed(task("passed", check("forward.value", "passed"), notes=("db has shape (1, 2).",)), notes=("left.py: left out.",))

    assert lines[1] == "  note left.py: left out."
    assert lines[3] == "               note db has shape (1, 2)."


def test_every_status_of_a_task_has_its_words():
    statuses = ("passed", "partial", "failed", "errored")

    lines = printed(*(task(s, check("forward.value", "passed"), name=s) for s in statuses))

    assert [line.split("  ")[0].strip() or line[:13].strip() for line in lines[1:-1]] == ["full marks", "partial", "failed", "our error"]


@pytest.mark.parametrize(
    ("value", "shown"), [(1 / 3, "0.3333"), (1.0, "1"), (7, "7"), ("nan", "nan"), (-2e-9, "-2e-09"), ("(3, 2)", "(3, 2)"), (None, "·")]
)
def test_numbers_have_four_digits(value: object, shown: str):
    assert figure(value) == shown


def test_a_class_of_nobody_is_nothing():
    assert render({"assignment": {"title": "A course"}, "translations": {}, "submissions": []}) == ""


def test_in_korean_sentences_words_and_columns_are_korean():
    names = {"db is wrong at 2 of 2 entries.": "db: 틀렸어요.", "two samples": "샘플 둘", "conv2d": "not a sentence here"}
    tasks = [task("partial", check("backward.db", "failed", FINDING)), task("missing", name="relu", notes=("No.",))]
    submission = {"id": "kim", "notes": ["A note."], "tasks": tasks, "score": 3.25, "max_score": 20}
    submission["translations"] = {"ko": names}

    lines = click.unstyle(render({"assignment": {"title": "A course"}, "translations": {}, "submissions": [submission]}, "ko")).splitlines()

    assert lines[:7] == [
        "kim",
        "  다음 conv2d: Work this input out by hand, it is small.",
        "  참고 A note.",
        "    일부 정답  conv2d  2.5 / 10  layers.py:3 conv",
        "               ✗ db: 틀렸어요.",
        "                 db[0]의 값이 4.123인데, 8이어야 해요.",
        "                 db is summed over the first sample only.",
    ]
    assert lines[8] == "                 입력 18개 중 11개에서 틀림; 가장 작은 입력: 샘플 둘 (x (2, 1, 3, 3), b (2,), stride=1, float32)"
    assert lines[-3:] == ["       미제출  relu  0 / 10", "               참고 No.", "20점 중 3.25점"]
