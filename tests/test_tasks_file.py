"""What tasks.yaml may hold; where it does not, all mistakes are said at once, with line and path."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from grader import assignment
from grader.errors import AssignmentError
from grader.policy import Amount, Late, Policy
from grader.policy_file import EXAMPLE
from grader.tasks_file import schema
from grader.worker.conventions import CONVENTIONS
from reference import askable
from tests.support import tasks

RELU = "id: relu, title: ReLU, points: 5"
Mistakes = Callable[[str], list[str]]


@pytest.fixture
def mistakes(tmp_path: Path) -> Mistakes:
    """Load a text that must be refused, and return the lines of the message without the path."""
    file = tmp_path / "tasks.yaml"

    def load(text: str) -> list[str]:
        file.write_text(text, encoding="utf-8")
        with pytest.raises(AssignmentError) as caught:
            assignment.load(file)
        first, *rest = str(caught.value).splitlines()
        assert not rest or (len(rest) > 1 and first == f"{len(rest)} mistakes in the assignment:")
        lines = rest or [first]
        assert all(line.startswith(f"{file}") for line in lines)
        return [line.removeprefix(f"{file}, ").removeprefix(f"{file}: ") for line in lines]

    return load


def test_the_schema_accepts_the_bundled_assignment_and_completes_every_convention_there_is():
    document = yaml.safe_load(assignment.bundled().read_text(encoding="utf-8"))

    Draft202012Validator.check_schema(schema())

    Draft202012Validator(schema()).validate(document)
    assert schema()["properties"]["conventions"]["items"]["enum"] == list(CONVENTIONS)


@pytest.mark.parametrize(
    "wrong", [{"title": 3}, {"grades": 1}, {"tasks": []}, {"purity": "maybe"}, {"seed": -1}, {"regularisation": 2}, {"id": "a b"}]
)
def test_the_schema_refuses_what_the_grader_refuses(wrong: dict[str, Any], mistakes: Mistakes):
    document = yaml.safe_load(assignment.bundled().read_text(encoding="utf-8")) | wrong

    with pytest.raises(ValidationError):
        Draft202012Validator(schema()).validate(document)

    assert len(mistakes(yaml.safe_dump(document))) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (tasks(RELU, head="grades: 3"), "line 3, grades: there is no such key here."),
        (tasks(RELU, head="purity: maybe"), "line 3, purity: should be 'note' or 'mark', but is 'maybe'."),
        (tasks(RELU, head="seed: -1"), "line 3, seed: should be greater than or equal to 0, but is -1."),
        (tasks(RELU, head="seed: true"), "line 3, seed: should be a valid integer, but is True."),
        (tasks(RELU, head="limits: {memory_mb: 1}"), "line 3, limits.memory_mb: should be greater than or equal to 256, but is 1."),
        (tasks(RELU, head="limits:\n  memory: 1"), "line 4, limits.memory: there is no such key here."),
        (tasks(RELU, head="regularisation: 2"), "line 3, regularisation: should be 1, 0.5 or 'either', but is 2."),
        (tasks(RELU, head="1: 2"), "line 3, [1]: Keys should be strings, but is 1."),
        (
            tasks("id: relu, title: R, points: -2"),
            "line 4, tasks[0].points (task relu): should be greater than or equal to 0, but is -2.",
        ),
        (
            tasks("id: relu, title: R, points: .nan"),
            "line 4, tasks[0].points (task relu): should be less than or equal to 10000, but is nan.",
        ),
        (tasks("id: relu, title: R, points: '5'"), "line 4, tasks[0].points (task relu): should be a valid number, but is '5'."),
        (
            tasks("id: my relu, layer: relu, title: R, points: 5"),
            "line 4, tasks[0].id (task my relu): must be letters, digits, - and _, beginning with a letter, but is 'my relu'.",
        ),
        (tasks("id: relu, points: 5"), "line 4, tasks[0].title (task relu): must be given."),
        (tasks("title: R, points: 5"), "line 4, tasks[0].id: must be given."),
        (tasks(RELU, RELU), "line 5, tasks[1].id (task relu): this id was used before, in line 4."),
        (f"id: a\ntitle: A\ntasks: [{{{RELU}}}, {{{RELU}}}]\n", "line 3, tasks[1].id (task relu): this id was used before, in line 3."),
        (tasks(f"{RELU}, points: 6"), "line 4, tasks[0].points: stands here a second time, first in line 4."),
        (tasks(RELU, head="seed: 1\nseed: 2"), "line 4, seed: stands here a second time, first in line 3."),
        (tasks("id: Relu, title: R, points: 5"), "line 4, tasks[0].id (task Relu): there is no layer Relu; did you mean relu?"),
        (
            tasks("id: a, layer: convd2, title: R, points: 5"),
            "line 4, tasks[0].layer (task a): there is no layer convd2; did you mean conv2d?",
        ),
        (
            tasks(f"{RELU}, parts: {{forward: 0, backward: 0}}"),
            "line 4, tasks[0].parts (task relu): at least one part must have a weight above 0.",
        ),
        (
            tasks(f"{RELU}, parts: {{forward: .inf}}"),
            "line 4, tasks[0].parts.forward (task relu): should be less than or equal to 10000, but is inf.",
        ),
        (
            tasks("id: output_size, title: S, points: 1, parts: {backward: 1}"),
            "line 4, tasks[0].parts (task output_size): output_size has no backward; leave out parts.",
        ),
        (
            tasks("id: output_size, title: S, points: 1, parts: {forward: 0}"),
            "line 4, tasks[0].parts (task output_size): output_size has nothing but forward, whose weight must be above 0.",
        ),
        (
            tasks(f"{RELU}, activation: sigmoid"),
            "line 4, tasks[0].activation (task relu): relu has no activation; leave it out.",
        ),
        (
            tasks(f"{RELU}, inexact_output_size: floor"),
            "line 4, tasks[0].inexact_output_size (task relu): relu has no inexact_output_size; leave it out.",
        ),
        (
            tasks(f"{RELU}, names: {{forward: [my-relu]}}"),
            "line 4, tasks[0].names.forward[0] (task relu): must be a Python name, such as my_affine, but is 'my-relu'.",
        ),
        (
            tasks(f"{RELU}, conventions: [lecture]"),
            ("line 4, tasks[0].conventions (task relu): none of the accepted conventions spells relu; "
        f"{', '.join(name for name, known in CONVENTIONS.items() if 'relu' in known)} would."),
        ),
        (
            tasks(RELU, head="conventions: [functions]"),
            ("line 5, tasks[0].id (task relu): none of the accepted conventions spells relu; "
        f"{', '.join(name for name, known in CONVENTIONS.items() if 'relu' in known)} would."),
        ),
        (tasks(RELU, head="banned: {calls: [np.]}"), "line 3, banned.calls[0]: must be a dotted Python name, such as os.system, but is 'np.'."),
        (tasks(RELU, head="banned:\n  imports: scipy"), "line 4, banned.imports: should be a valid list, but is 'scipy'."),
        (tasks(RELU, head="banned: {verdict: error}"), "line 3, banned.verdict: should be 'note' or 'fail', but is 'error'."),
        (tasks(RELU, head="limits: 3"), "line 3, limits: must be a mapping (key: value), but is 3."),
        (tasks(RELU, head="limits: {call_seconds: 1e-9}"), "line 3, limits.call_seconds: should be a valid number, but is '1e-9' (YAML reads 1e-9 as text; write 1.0e-9)."),
        (tasks("id: relu, title: '', points: 1"), "line 4, tasks[0].title (task relu): must not be empty, but is ''."),
        ("id: a\ntitle: A\ntasks: []\n", "line 3, tasks: must not be empty."),
        ("id: a\ntitle: A\ntasks: 3\n", "line 3, tasks: should be a valid list, but is 3."),
        ("id: a\ntitle: A\n", "line 1, tasks: must be given."),
        ("", "line 1: an assignment is a mapping with id, title and tasks"),
        ("- a\n", "line 1: an assignment is a mapping with id, title and tasks"),
        ("id: &x a\ntitle: *x\n", "line 1: anchors and aliases (& and *) are not accepted; write the value out"),
        ("id: [1\n", "line 2: not YAML: did not find expected ',' or ']'"),
        ("id: a\n---\nid: b\n", "line 2: not YAML: but found another document"),
        ("id: 2026-13-01\n", "line 1: not YAML: month must be in 1..12"),
        ("id: !!python/name:os.system\n", "line 1: not YAML: could not determine a constructor for the tag 'tag:yaml.org,2002:python/name:os.system'"),
        ("[" * 3000, "line 2: not YAML: did not find expected node content"),
    ],
    ids=itertools.count(),
)  # fmt: skip
def test_a_mistake_is_said_in_one_line_with_its_place(text: str, message: str, mistakes: Mistakes):
    assert mistakes(text) == [message]


def test_a_layer_like_no_other_is_answered_with_all_there_are(mistakes: Mistakes):
    (said,) = mistakes(tasks("id: zzzz, title: R, points: 5"))

    listed = said.partition("there are ")[2].rstrip(".").split(", ")
    assert listed == [*askable()]
    assert {"affine", "conv2d", "output_size", "own_net"} < set(listed)


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file(mistakes: Mistakes):
    said = mistakes(
        tasks(
            "id: relu, title: R, points: -1, colour: red",
            "id: sigmoide, title: '', points: 5",
            "id: relu, points: 5, points: 5",
            "7",
            head="seeds: 1\npurity: maybe",
        ).replace("{7}", "7")
    )

    places = [line.partition(": ")[0] for line in said]
    assert places == [
        "line 3, seeds",
        "line 4, purity",
        "line 6, tasks[0].colour (task relu)",
        "line 6, tasks[0].points (task relu)",
        "line 7, tasks[1].id (task sigmoide)",
        "line 7, tasks[1].title (task sigmoide)",
        "line 8, tasks[2].id (task relu)",
        "line 8, tasks[2].points",
        "line 8, tasks[2].title (task relu)",
        "line 9, tasks[3]",
    ]


GROUPED = (f"{RELU}, group: acts", "id: tanh, title: Tanh, points: 5, group: acts")
LATE = "policy: {due: 2026-11-30T23:59:00+09:00, late: {per_day: 10 %}}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (tasks(RELU, head="policy: {due: soon}"), f"line 3, policy.due: should be a time, such as {EXAMPLE}, but is 'soon'."),
        (
            tasks(RELU, head="policy:\n  due: 2026-11-30T23:59:00"),
            f"line 4, policy.due: needs its offset from UTC, as in {EXAMPLE}, but is 2026-11-30 23:59:00.",
        ),
        (tasks(RELU, head="policy: {due: 2026-11-30}"), f"line 3, policy.due: should be a time, such as {EXAMPLE}, but is 2026-11-30."),
        (tasks(RELU, head="policy: {late: {per_day: 1}}"), "line 3, policy: late needs due."),
        (tasks(RELU, head=f"policy: {{extensions: {{kim: '{EXAMPLE}'}}}}"), "line 3, policy: extensions need due."),
        (
            tasks(RELU, head=LATE.replace("10 %", "ten")),
            "line 3, policy.late.per_day: should be a share, such as 10 %, or points, such as 2, but is 'ten'.",
        ),
        (tasks(RELU, head=LATE.replace("10 %", "120 %")), "line 3, policy.late.per_day: should be 100 % at most, but is '120 %'."),
        (tasks(RELU, head=LATE.replace("10 %", "1, per_hour: 1")), "line 3, policy.late: per_day and per_hour exclude each other."),
        (tasks(RELU, head=LATE.replace("per_day: 10 %", "floor: 5")), "line 3, policy.late: needs per_day, per_hour or at_most_days."),
        (
            tasks(RELU, head="policy: {due: 9999-12-01T00:00:00+09:00, late: {at_most_days: 40}}"),
            "line 3, policy: at_most_days after the last due is later than the year 9999; name an earlier due.",
        ),
        (
            tasks(RELU, head=f"policy: {{due: {EXAMPLE}, extensions: {{Kim: {EXAMPLE}, kim: {EXAMPLE}}}}}"),
            "line 3, policy.extensions: has an id twice, however it is spelt.",
        ),
        (
            tasks(f"{GROUPED[0]}, bonus: true", f"{GROUPED[1]}, bonus: true"),
            "line 4, tasks[0].bonus (task relu): every task is a bonus, so the maximum is 0; leave one that is none.",
        ),
        (tasks(RELU, head="policy: {drop: {acts: 1}}"), "line 3, policy.drop.acts: no task has the group acts."),
        (
            tasks(*GROUPED, head="policy: {best_of: {acts: 2}}"),
            "line 3, policy.best_of.acts: the group acts has 2 tasks; this must be less.",
        ),
        (
            tasks(*GROUPED, head="policy: {drop: {acts: 0}}"),
            "line 3, policy.drop.acts: should be greater than or equal to 1, but is 0.",
        ),
        (
            tasks(GROUPED[0], GROUPED[1].replace("5", "6"), head="policy: {drop: {acts: 1}}"),
            "line 3, policy.drop.acts: the tasks of the group acts must be worth the same points, so that it is plain which are the lowest.",
        ),
        (
            tasks(*GROUPED, head="policy: {drop: {acts: 1}, best_of: {acts: 1}}"),
            "line 3, policy.best_of.acts: the group acts has a drop already.",
        ),
        (
            tasks(f"{GROUPED[0]}, bonus: true", GROUPED[1], head="policy: {drop: {acts: 1}}"),
            "line 5, tasks[0].bonus (task relu): a task of a group with drop or best_of cannot be a bonus.",
        ),
        (
            tasks(f"{RELU}, visibility: after_due_date"),
            "line 4, tasks[0].visibility (task relu): after_due_date needs policy.due.",
        ),
        (
            tasks(f"{RELU}, visibility: after_due_date", head=LATE),
            "line 5, tasks[0].visibility (task relu): after_due_date needs policy.late.at_most_days: until then what it shows could be handed in.",
        ),
        (
            tasks(f"{RELU}, visibility: never"),
            "line 4, tasks[0].visibility (task relu): should be 'visible', 'hidden', 'after_due_date' or 'after_published', but is 'never'.",
        ),
    ],
)
def test_a_wrong_policy_is_told_with_line_path_and_why(text: str, message: str, mistakes: Mistakes):
    assert mistakes(text) == [message]


@pytest.mark.parametrize("due", ["2026-11-30T23:59:00+09:00", "2026-11-30 23:59:00 +09:00", "'2026-11-30T23:59+09:00'"])
def test_a_policy_is_read_as_it_was_written_and_kept_checked(due: str, tmp_path: Path):
    head = f"""policy:
  due: {due}
  extensions: {{kim: 2026-12-02T23:59:00+09:00}}
  late: {{per_hour: 1.5 %, grace_minutes: 15, at_most_days: 2, floor: 3}}
  drop: {{acts: 1}}
  published: true"""
    file = tmp_path / "tasks.yaml"
    file.write_text(tasks(f"{GROUPED[0]}, visibility: hidden", GROUPED[1], "id: affine, title: A, points: 1, bonus: true", head=head))
    read, kept = (assignment.load(file, tmp_path / "cache").policy for _ in range(2))
    time = datetime.fromisoformat(EXAMPLE)

    assert read == kept
    assert read == Policy(
        due=time,
        extensions={"kim": time + timedelta(days=2)},
        late=Late(rate=Amount.read("1.5 %"), unit="hour", grace=timedelta(minutes=15), at_most=timedelta(days=2), floor=Amount.read("3")),
        drop={"acts": 1},
        published=True,
        groups={"relu": "acts", "tanh": "acts"},
        bonus=frozenset({"affine"}),
        visibility={"relu": "hidden"},
    )
