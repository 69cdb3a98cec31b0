"""The jail inside a container, and on systems that lack one of its mechanisms: what holds there is used, and what does not is said."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.bait import HONEST
from tests.attacks.catalogue import HERE
from tests.attacks.helper import ROOT, reachable

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="containers are Linux")]


def _grader(profile: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": "/nonexistent",
        "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"],
    }
    if not reachable():
        environment["PYTHON_IS_IN_A_CLOSED_FOLDER"] = "yes"
    command = [sys.executable, str(HERE / "container.py"), profile, sys.executable, "-m", "grader", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def students(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "honest.py").write_text(HONEST.format(secret=""))
    shutil.copytree(HERE / "submissions" / "b11_programs", folder / "attack")
    return folder


@pytest.mark.parametrize(
    ("profile", "tier"), [("default", "landlock+seccomp"), ("without-landlock", "seccomp, no files"), ("without-seccomp", "process")]
)
def test_the_doctor_finds_the_best_tier_that_holds_in_a_container(profile, tier):
    ran = _grader(profile, "doctor")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"\nisolation: {tier}" in ran.stdout


@pytest.mark.parametrize(
    ("profile", "tier"), [("default", "landlock+seccomp"), ("without-pidfd", "landlock+seccomp"), ("without-landlock", "seccomp, no files")]
)
def test_a_class_is_graded_in_a_jail_inside_a_container(profile, tier, students, tmp_path):
    ran = _grader(
        profile, "grade", str(students), "--out", str(tmp_path / "out"), "--tasks", str(HERE / "tasks.yaml"), "--sandbox", "require"
    )

    assert ran.returncode == 0, ran.stderr
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["isolation"]["tier"] == tier
    assert {s["id"]: s["score"] for s in results["submissions"]} == {"attack": 0, "honest.py": 10}
    assert "ESCAPED" not in json.dumps(results)


def test_without_a_jail_grading_is_refused_in_one_sentence(students, tmp_path):
    ran = _grader("without-seccomp", "grade", str(students), "--out", str(tmp_path / "out"), "--sandbox", "require")

    assert ran.returncode == 2
    assert not (tmp_path / "out" / "results.json").exists()
    (said,) = ran.stderr.splitlines()
    assert said.startswith("grader: Student code would run without a jail here: this kernel or container refuses seccomp filters (")
    assert said.endswith("or accept it with --sandbox best.")


def test_without_a_jail_grading_goes_on_where_that_is_accepted(students, tmp_path):
    (students / "attack" / "layers.py").write_text("def affine_forward(x, w, b):\n    return x * 0, None\n")

    ran = _grader(
        "without-seccomp", "grade", str(students), "--out", str(tmp_path / "out"), "--tasks", str(HERE / "tasks.yaml"), "--sandbox", "best"
    )

    assert ran.returncode == 0, ran.stderr
    assert "isolation: process." in ran.stdout


@pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run(["unshare", "-r", "true"], check=False).returncode != 0, reason="no user namespaces here"
)
def test_a_class_is_graded_in_a_jail_where_root_knows_no_other_user(students, tmp_path):
    command = ["unshare", "-r", sys.executable, "-m", "grader", "grade", str(students), "--out", str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    ran = subprocess.run(
        [*command, "--tasks", str(HERE / "tasks.yaml")], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert ran.returncode == 0, ran.stderr
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["isolation"]["tier"] == "landlock+seccomp"
    assert {s["id"]: s["score"] for s in results["submissions"]} == {"attack": 0, "honest.py": 10}
