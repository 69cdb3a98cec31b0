"""What an assignment bans is a note, or costs the task its points."""

from pathlib import Path

import click
import pytest

from grader import messages
from grader.model import Standing, Verdict
from grader.report import junit, scores, terminal
from grader.report.results import Results, to_results
from grader.sandbox.process import Launcher
from tests.support import AFFINE, RELU, course, grade

ASKED = ("id: affine, title: Affine, points: 10", "id: relu, title: ReLU, points: 5, parts: {forward: 2, backward: 3}")
FAIL = "banned: {verdict: fail}"
GUARDED = "\ndef plot():\n    try:\n        import scipy\n    except ImportError:\n        pass\n"
FILES = {"affine.py": AFFINE, "relu.py": RELU + GUARDED}


def graded(files: dict[str, str], head: str, folder: Path, launcher: Launcher, banks: Path) -> Results:
    """Grade one submission and return what results.json holds."""
    return to_results(grade([files], course(folder, *ASKED, head=head), launcher, banks))


def test_where_it_is_a_note_it_is_said_once_and_costs_nothing(tmp_path: Path, launcher: Launcher, banks: Path):
    (submission,) = graded({"layers.py": AFFINE + RELU + GUARDED}, "", tmp_path, launcher, banks)["submissions"]

    assert (submission["status"], submission["score"]) == ("passed", 15)
    assert submission["notes"] == ["layers.py, line 21: imports scipy, which this assignment asks to do without."]
    assert all("banned" not in c["id"] for t in submission["tasks"] for c in t["checks"])


def test_where_it_fails_the_task_that_uses_it_earns_nothing_and_says_why(tmp_path: Path, launcher: Launcher, banks: Path):
    (submission,) = grade([FILES], course(tmp_path, *ASKED, head=FAIL), launcher, banks).submissions

    affine, relu = submission.tasks
    assert (affine.standing, affine.score) == (Standing.PASSED, 10)
    assert (relu.standing, relu.score, relu.max_score) == (Standing.FAILED, 0, 5)
    assert relu.parts == {"forward": Standing.FAILED, "backward": Standing.FAILED}
    assert {c.id: (c.max_score, c.verdict) for c in relu.checks if c.max_score} == {
        "relu.forward.banned": (2, Verdict.FAILED),
        "relu.backward.banned": (3, Verdict.FAILED),
    }
    assert [c.id for c in relu.checks][:2] == ["relu.forward.banned", "relu.forward.contract"]
    assert all(c.verdict is Verdict.PASSED for c in relu.checks if c.id.rpartition(".")[2] != "banned")
    assert all("banned" not in c.id for c in affine.checks)
    assert submission.notes == ()


def test_every_report_shows_it(tmp_path: Path, launcher: Launcher, banks: Path):
    results = graded(FILES, FAIL, tmp_path, launcher, banks)

    said = messages.earns_nothing("forward", [("relu.py", 12, "imports", "scipy")])
    printed = click.unstyle(terminal.render(results))
    assert f"✗ {said}" in printed
    assert messages.WITHOUT_BANNED in printed
    assert f'message="{said} (0 of 2 points)" type="relu.forward.banned"' in "".join(junit.render(results))
    assert "".join(scores.render(results)).splitlines()[1] == "student0,partial,10,15,10,0,process"


def test_a_wrong_forward_earns_nothing_more_for_the_gradient_that_fits_it(tmp_path: Path, launcher: Launcher, banks: Path):
    wrong = AFFINE.replace("@ w + b,", "@ w - b,").replace("dout.sum(axis=0)", "-dout.sum(axis=0)") + "\neval('1')\n"

    (submission,) = graded({"layers.py": wrong}, FAIL, tmp_path, launcher, banks)["submissions"]

    affine = submission["tasks"][0]
    assert (affine["score"], affine["max_score"]) == (0, 10)
    assert [d["id"] for d in affine["diagnoses"]] == ["own_gradient"]


@pytest.mark.parametrize("head", ["", FAIL])
def test_what_no_graded_code_imports_is_nobodys_business(head: str, tmp_path: Path, launcher: Launcher, banks: Path):
    files = {"layers.py": AFFINE + RELU, "compare_with_torch.py": "import torch\nimport layers\n"}

    (submission,) = graded(files, head, tmp_path, launcher, banks)["submissions"]

    assert (submission["status"], submission["notes"]) == ("passed", [])


def test_an_instructor_may_ban_functions_of_numpy(tmp_path: Path, launcher: Launcher, banks: Path):
    head = "banned: {imports: [], calls: [numpy.maximum], verdict: fail}"

    (submission,) = graded({"layers.py": AFFINE + RELU}, head, tmp_path, launcher, banks)["submissions"]

    assert [t["score"] for t in submission["tasks"]] == [0, 0]  # one file
    assert submission["tasks"][1]["checks"][0]["findings"][0]["what"] == messages.earns_nothing(
        "forward", [("layers.py", 14, "uses", "numpy.maximum")]
    )


def test_a_name_from_a_string_is_shown_and_does_nothing(tmp_path: Path, launcher: Launcher, banks: Path):
    source = AFFINE + RELU + "\ndef unused():\n    return __import__('torch.\\x1b[31m\\n<b>')\n"

    (submission,) = graded({"layers.py": source}, "", tmp_path, launcher, banks)["submissions"]

    assert [c for note in submission["notes"] for c in note if not c.isprintable()] == []
    assert submission["notes"][0].startswith("layers.py, line 20: imports torch.")


def test_a_submission_has_few_notes_of_it(tmp_path: Path, launcher: Launcher, banks: Path):
    modules = ["torch", "jax", "scipy", "sklearn", "autograd", "socket", "ctypes", "subprocess", "keras", "cupy"]
    imports = "def unused():\n" + "".join(f"    import {m}\n" for m in modules)

    (submission,) = graded({"affine.py": imports + AFFINE, "relu.py": imports + RELU}, "", tmp_path, launcher, banks)["submissions"]

    assert (submission["score"], sum("asks to do without" in note for note in submission["notes"])) == (15, 8)
