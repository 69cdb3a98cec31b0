"""What GitHub Actions reads from a log and a summary: no more than it shows, and no command of a student."""

import re
from pathlib import Path
from typing import Any

import pytest

from grader.report.formats import github
from tests.report.formats.conftest import leaked
from tests.report.nasty import NASTY, everywhere

Results = dict[str, Any]


def parted(log: str) -> tuple[list[str], str]:
    """Return the commands of a log, and what stands in it where the runner obeys none, as the runner tells them apart."""
    commands, rest = log.split("::stop-commands::", 1)
    token, below = rest.split("\n", 1)
    assert below.count(f"::{token}::") == 1
    assert below.endswith(f"::{token}::\n")
    return commands.splitlines(), below.removesuffix(f"::{token}::\n")


def test_a_failed_check_is_an_error_where_the_code_is(one: Results, made: Any):
    commands, below = parted(made("github", one)["github/log.txt"])

    assert commands[0].startswith(
        "::error file=layers.py,line=20,title=conv2d::db differs from the right gradient at 2 of 2 entries. db is summed"
    )
    assert commands[-1] == "::notice title=bias-summed::36 of 54 points"
    assert "db[0] is 4; it should be 8." in below


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("sub", "file=sub/layers.py,line=20,"),
        ("./sub/", "file=sub/layers.py,line=20,"),
        ("{here}/sub", "file=sub/layers.py,line=20,"),
        ("sub/layers.py", "file=sub/layers.py,line=20,"),
        ("sub/handed-in.zip", ""),
    ],
)
def test_files_are_found_from_here_and_those_of_an_archive_not_at_all(
    path: str, place: str, one: Results, made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)

    commands, _ = parted(made("github", one, path=Path(path.format(here=tmp_path)))["github/log.txt"])

    assert commands[0].startswith(f"::error {place}title=conv2d::")


def test_our_error_is_a_warning_and_never_an_error(results: Results, made: Any):
    commands, _ = parted(made("github", results, submission="no-luck")["github/log.txt"])

    (warning,) = [command for command in commands if command.startswith("::warning ")]
    assert "::The grader itself failed here. This is not your mistake; no points are lost. G-17 happened." in warning
    assert not any("G-17" in command for command in commands if command.startswith("::error "))


@pytest.mark.parametrize("failing", [9, 10, 11, 40])
def test_of_a_kind_there_are_at_most_ten_and_the_last_counts_the_rest(failing: int, one: Results, made: Any):
    task = one["submissions"][0]["tasks"][2]
    task["checks"] = [task["checks"][3]] * failing
    one["submissions"][0]["tasks"] = [task]

    commands, _ = parted(made("github", one)["github/log.txt"])

    errors = [command for command in commands if command.startswith("::error ")]
    assert len(errors) == min(failing, 10)
    told = re.findall(r"::error title=bias-summed::(\d+) more of this kind", errors[-1])
    assert len(errors) - len(told) + sum(map(int, told)) == failing


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_no_text_of_a_student_is_a_command(text: str, one: Results, made: Any):
    harmless, nasty = (made("github", everywhere(one, said)) for said in ("word", text))

    commands, below = parted(nasty["github/log.txt"])
    assert [command.split(" ")[0] for command in commands] == [c.split(" ")[0] for c in parted(harmless["github/log.txt"])[0]]
    for command in commands:
        properties, _, message = command.removeprefix("::").partition("::")
        assert re.fullmatch(r"(error|notice) (\w+=[^,:]*)(,\w+=[^,:]*)*", properties)
        assert not re.search(r"%(?!25|0A|0D|3A|2C)", command)
        assert len(message) < 4000
    assert not re.search(r"(?m)^\s*::|##\[", below + nasty["github/summary.md"])


def test_a_submission_cannot_foresee_the_token_that_ends_what_it_says(one: Results, made: Any):
    first = re.findall(r"::stop-commands::(\w+)", made("github", one)["github/log.txt"])
    one["submissions"][0]["tasks"][3]["checks"][0]["findings"][0]["trace"] = f"::{first[0]}::\n::error::owned"

    log = made("github", one)["github/log.txt"]

    assert re.findall(r"::stop-commands::(\w+)", log) != first
    assert "owned" in parted(log)[1]


def test_a_summary_is_cut_between_blocks_before_github_refuses_it_whole(one: Results, made: Any, monkeypatch: pytest.MonkeyPatch):
    assert github.SUMMARY * 4 + 1000 <= 1024 * 1024
    monkeypatch.setattr(github, "SUMMARY", 8000)
    check = one["submissions"][0]["tasks"][3]["checks"][0]
    check["findings"] = [finding | {"trace": "한글 " * 200} for finding in check["findings"] * 20]

    shown = made("github", one)["github/summary.md"]

    assert 7000 < len(shown) < 8200
    assert shown.endswith("There is more to say than fits here; `index.html` says all of it.\n")
    assert shown.count("```") % 2 == 0


def test_nothing_of_a_hidden_task_is_in_the_log_or_the_summary(covered: Results, made: Any):
    texts = made("github", covered).values()

    assert [leaked(text) for text in texts] == [[], []]
    assert not any(str(covered["assignment"]["seed"]) in text for text in texts)
