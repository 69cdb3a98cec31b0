"""A format is a module that is found by its name; a report needs no more of the submissions than one at a time."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.errors import ReportError
from grader.report import files
from grader.report.formats import NAMES, Options, load, summary

Results = dict[str, Any]
ROOT = Path(__file__).parents[3]


class Lazy(Sequence[Results]):
    """Submissions that are made when they are asked for, and counted while somebody holds them."""

    def __init__(self, submissions: list[Results]) -> None:
        self.submissions = submissions
        self.asked: list[int] = []

    def __len__(self) -> int:
        return len(self.submissions)

    def __getitem__(self, index: Any) -> Any:
        self.asked.append(index)
        return self.submissions[index]

    def __iter__(self) -> Iterator[Results]:
        return (self[i] for i in range(len(self)))


def test_a_format_is_there_because_its_module_is():
    modules = {path.stem for path in (ROOT / "grader" / "report" / "formats").glob("*.py")} - {"__init__"}

    assert {name.replace("-", "_") for name in NAMES} == modules
    assert set(files.USUAL) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_format_says_in_one_line_what_it_is_which_the_help_repeats(name: str):
    said = " ".join(CliRunner().invoke(main, ["report", "--help"]).output.split())

    assert 20 < len(summary(name)) <= 140
    assert summary(name).endswith(".")
    assert f" {name} {summary(name)}" in said


def test_the_documentation_has_the_limits_of_formats_that_there_are_each_once():
    rows = re.findall(r"^\| `([\w-]+)` \|", (ROOT / "docs" / "sinks.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert len(rows) == len(set(rows)) >= 10
    assert set(rows) <= set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "moodle"])
def test_every_format_is_made_of_submissions_that_are_loaded_when_they_are_needed(name: str, results: Results, made: Any):
    options = {"submission": "bias-summed"} if "submission" in load(name).TAKES else {}
    lazy = results | {"submissions": Lazy(results["submissions"])}

    assert made(name, lazy, **options) == made(name, results, **options)


@pytest.mark.parametrize("name", ["junit", "csv", "canvas"])
def test_what_grows_with_the_class_is_written_submission_by_submission(name: str, results: Results):
    lazy = Lazy(results["submissions"])
    ((_, pieces),) = load(name).files(results | {"submissions": lazy}, Options())

    head = 1 if name == "junit" else 2 if name == "canvas" else 1
    written = iter(pieces)
    for _ in range(head):
        next(written)
    before = len(lazy.asked)
    for number, _ in zip(range(3), written, strict=False):
        assert lazy.asked[before:] == list(range(number + 1))


def test_an_option_that_means_nothing_to_a_format_is_refused_before_anything_is_written(results: Results, tmp_path: Path):
    with pytest.raises(ReportError) as told:
        files.write(results, tmp_path, ["csv", "junit"], options=Options(worksheet=Path("w.csv")))

    assert str(told.value) == "--worksheet: means nothing to csv, junit; the formats that take it: moodle."
    assert list(tmp_path.iterdir()) == []


def test_an_option_that_means_something_to_one_of_several_formats_is_taken(results: Results, tmp_path: Path):
    files.write(results, tmp_path, ["csv", "gradescope"], options=Options(submission="bias-summed"))

    assert (tmp_path / "gradescope" / "results.json").exists()


@pytest.mark.parametrize(
    ("submission", "words"),
    [
        (None, "A report of one submission was asked for, and there are 8; name one with --submission ID."),
        ("nobody", "--submission nobody: the results hold no submission of this id."),
    ],
)
@pytest.mark.parametrize("name", ["gradescope", "prairielearn", "github", "github-classroom"])
def test_a_report_of_one_submission_wants_to_know_which(name: str, submission: str | None, words: str, results: Results):
    with pytest.raises(ReportError) as told:
        load(name).files(results, Options(submission=submission))

    assert str(told.value) == words


def test_the_score_after_the_policy_is_the_score_of_every_report(one: Results, made: Any):
    one["submissions"][0]["final"] = {"score": 30.5, "max_score": 50, "adjustments": []}

    assert ",30.5,50," in made("csv", one)["scores.csv"]
    assert '<property name="score" value="30.5"' in made("junit", one)["junit.xml"]
    assert made("canvas", one)["canvas.csv"].endswith(",30.5\n")
    assert '"score": 30.5' in made("gradescope", one)["gradescope/results.json"]
    assert '"score": 0.61' in made("prairielearn", one)["prairielearn/results.json"]
