"""What `grader package` writes grades where the platform would run it: in a folder of its own, with an empty environment."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import packaging
from grader.cli import main
from grader.packaging.wheel import wheel

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "own-layers"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as pip would lay it out, without what it needs."""
    folder, held = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("wheel")
    name, data = wheel()
    (held / name).write_bytes(data)
    with zipfile.ZipFile(held / name) as archive:
        archive.extractall(folder)
    return folder


def ran(script: Path, root: Path, site: Path) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(site),
        "AUTOGRADER_ROOT": str(root),
        "AUTOGRADER_PYTHON": sys.executable,
    }
    return subprocess.run(["bash", script], check=False, env=env, cwd=root, capture_output=True, text=True, timeout=60)


def submit(root: Path, name: str, sample: str) -> None:
    (root / name).mkdir(parents=True)
    source = (EXAMPLE / "submissions" / sample / "layers.py").read_bytes()
    (root / name / "layers.py").write_bytes(source)


def test_the_archive_for_gradescope_grades_where_gradescope_unpacks_it(tmp_path: Path, site: Path):
    out, root = tmp_path / "autograder.zip", tmp_path / "autograder"
    said = CliRunner().invoke(main, ["package", "gradescope", "--tasks", str(EXAMPLE / "tasks.yaml"), "--out", str(out)])
    assert (said.exit_code, said.output) == (0, f"Written to {out}.\n")
    with zipfile.ZipFile(out) as archive:
        archive.extractall(root / "source")
    submit(root, "submission", "wrong-gradient")

    done = ran(root / "source" / "run_autograder", root, site)

    assert done.returncode == 0, done.stderr
    results = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert results["score"] == 12.5
    assert [test["name"] for test in results["tests"]] == ["Softsign", "A gate of your own"]


def test_the_folder_for_prairielearn_grades_where_prairielearn_has_it(tmp_path: Path, site: Path):
    packaging.write("prairielearn", EXAMPLE / "tasks.yaml", tmp_path / "grade")
    submit(tmp_path / "grade", "student", "right")
    options = json.loads((tmp_path / "grade" / "info.json").read_text(encoding="utf-8"))["externalGradingOptions"]
    script = tmp_path / options["entrypoint"].lstrip("/")

    done = ran(script, tmp_path / "grade", site)

    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "grade" / "results" / "results.json").read_text(encoding="utf-8"))
    assert (results["gradable"], results["score"]) == (True, 1)


def test_where_the_grader_fails_no_results_are_left_that_would_cost_points(tmp_path: Path, site: Path):
    packaging.write("gradescope", EXAMPLE / "tasks.yaml", tmp_path / "source")
    submit(tmp_path, "submission", "right")
    (tmp_path / "source" / "tasks.yaml").write_text("id: (", encoding="utf-8")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "results.json").write_text("{}", encoding="utf-8")

    done = ran(tmp_path / "source" / "run_autograder", tmp_path, site)

    assert done.returncode == 2
    assert not (tmp_path / "results" / "results.json").exists()


def test_a_bundle_takes_nothing_away_that_is_there(tmp_path: Path):
    said = CliRunner().invoke(main, ["package", "gradescope", "--tasks", str(EXAMPLE / "tasks.yaml"), "--out", str(tmp_path)])

    assert said.exit_code == 2
    assert "is there already" in said.output


def test_every_submission_of_a_bundle_meets_the_same_cases(tmp_path: Path):
    packaging.write("gradescope", EXAMPLE / "tasks.yaml", tmp_path / "a")
    packaging.write("gradescope", EXAMPLE / "tasks.yaml", tmp_path / "b")
    seeded = [(tmp_path / name / "run_autograder").read_text(encoding="utf-8") for name in "ab"]

    assert seeded[0] != seeded[1]  # a secret seed for each bundle
    assert all("$the_" not in path.read_text(encoding="utf-8") for path in (tmp_path / "a").glob("*[!l]") if path.is_file())
    assert (tmp_path / "a" / "setup.sh").stat().st_mode & 0o100


def test_the_wheel_holds_the_packages_the_course_and_what_pip_reads(site: Path):
    (about,) = site.glob("nablagrade-*.dist-info")

    assert (site / "grader" / "tasks.yaml").read_bytes() == (ROOT / "tasks.yaml").read_bytes()
    assert "Requires-Dist: numpy" in (about / "METADATA").read_text(encoding="utf-8")
    assert "grader = grader.cli:main" in (about / "entry_points.txt").read_text(encoding="utf-8")
    listed = {line.split(",")[0] for line in (about / "RECORD").read_text(encoding="utf-8").splitlines()}
    assert listed == {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
