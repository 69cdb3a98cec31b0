"""A folder or a file becomes texts in memory, whatever lies in it; what is left out is said."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from grader.errors import IntakeError
from grader.intake import collector, folder, read

SOURCE = "def relu_forward(x):\n    return x\n"


def put(root: Path, *paths: str, text: str = SOURCE) -> Path:
    """Write files below a folder, and return it."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_a_folder_is_read_with_all_python_files_below_it(tmp_path: Path):
    put(tmp_path / "kim", "layers.py", "common/util.py", "common/__init__.py", "README.md", "notes.txt")

    bundle = read(tmp_path / "kim")

    assert bundle.id == "kim"
    assert sorted(bundle.files) == ["common/__init__.py", "common/util.py", "layers.py"]
    assert bundle.files["layers.py"] == SOURCE
    assert bundle.notes == ()


def test_a_lone_file_is_a_submission(tmp_path: Path):
    put(tmp_path, "kim.py", "lee.py")

    bundle = read(tmp_path / "kim.py")

    assert (bundle.id, dict(bundle.files), bundle.notes) == ("kim.py", {"kim.py": SOURCE}, ())


def test_the_folder_here_has_the_name_that_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(put(tmp_path / "kim", "a.py"))

    assert read(Path()).id == "kim"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("kim lee.py", "kim lee.py"),
        ("kim  lee.py", "kim \\x20lee.py"),
        (" kim.py", "\\x20kim.py"),
        ("kim\tlee.py", "kim\\x09lee.py"),
        ("kim\nlee.py", "kim\\x0alee.py"),
        ("kim\u00a0lee.py", "kim\\xa0lee.py"),
        ("kim\u202elee.py", "kim\\u202elee.py"),
        (f"{'김' * 80}.py", f"{'김' * 80}.py"),
        (f"{'k' * 252}.py", f"{'k' * 252}.py"),
    ],
)
def test_names_that_the_file_system_tells_apart_are_told_apart(name: str, shown: str, tmp_path: Path):
    assert read(put(tmp_path, name) / name).id == shown


def test_a_folder_whose_name_ends_with_blanks_shows_them(tmp_path: Path):
    assert read(put(tmp_path / "kim  ", "a.py")).id == "kim \\x20"


def test_where_nothing_is_nothing_can_be_read(tmp_path: Path):
    put(tmp_path, "notes.txt")

    with pytest.raises(IntakeError, match=r"none\.py: no such file or folder\.$"):
        read(tmp_path / "none.py")
    with pytest.raises(
        IntakeError,
        match=r"notes\.txt: not a \.py file, a notebook, an archive \(\.zip, \.tar\.gz, \.tar\) or a folder; hand in one of these\.$",
    ):
        read(tmp_path / "notes.txt")


def test_a_folder_without_python_is_empty_with_a_note(tmp_path: Path):
    put(tmp_path / "kim", "notes.txt")

    bundle = read(tmp_path / "kim")

    assert (dict(bundle.files), bundle.notes) == ({}, ("kim: no Python file in this folder.",))


def test_a_file_that_is_not_utf8_is_left_out_with_the_byte(tmp_path: Path):
    put(tmp_path, "right.py")
    (tmp_path / "latin.py").write_bytes("# größe".encode("latin-1"))

    bundle = read(tmp_path)

    assert list(bundle.files) == ["right.py"]
    assert bundle.notes == ("latin.py: not UTF-8 text (byte 4); save it as UTF-8 and hand it in again.",)


def test_symbolic_links_are_not_followed(tmp_path: Path):
    elsewhere = put(tmp_path / "elsewhere", "answer.py", "deep/answer.py")
    kim = put(tmp_path / "kim", "layers.py")
    (kim / "stolen.py").symlink_to(elsewhere / "answer.py")
    (kim / "folder").symlink_to(elsewhere)
    (kim / "loop").symlink_to(kim)
    (kim / "nowhere.py").symlink_to(tmp_path / "none")

    bundle = read(kim)

    assert list(bundle.files) == ["layers.py"]
    assert bundle.notes == ("nowhere.py: left out, it is a symbolic link.", "stolen.py: left out, it is a symbolic link.")


def test_a_lone_link_is_not_followed(tmp_path: Path):
    put(tmp_path, "answer.py")
    (tmp_path / "kim.py").symlink_to(tmp_path / "answer.py")

    assert read(tmp_path / "kim.py").files == {}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_hang(tmp_path: Path):
    os.mkfifo(put(tmp_path, "right.py") / "pipe.py")

    inside, alone = read(tmp_path), read(tmp_path / "pipe.py")

    assert list(inside.files) == ["right.py"]
    assert inside.notes == alone.notes == ("pipe.py: left out, it is not a regular file.",)


def test_a_folder_called_py_is_a_folder(tmp_path: Path):
    assert list(read(put(tmp_path, "layers.py/inner.py")).files) == ["layers.py/inner.py"]


def test_a_file_that_is_too_large_is_left_out(tmp_path: Path):
    put(tmp_path, "right.py")
    put(tmp_path, "full.py", text="#" * collector.MAX_FILE_BYTES)
    put(tmp_path, "large.py", text="#" * (collector.MAX_FILE_BYTES + 1))

    bundle = read(tmp_path)

    assert sorted(bundle.files) == ["full.py", "right.py"]
    assert bundle.notes == ("large.py: left out, it is larger than 1 MB.",)


def test_a_submission_that_is_too_large_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(collector, "MAX_TOTAL_BYTES", 2 * len(SOURCE))

    bundle = read(put(tmp_path, "a.py", "b.py", "c.py", "d.py"))

    assert list(bundle.files) == ["a.py", "b.py"]
    assert [note.partition(":")[0] for note in bundle.notes] == ["c.py", "d.py"]


def test_files_beyond_the_two_hundredth_are_not_read(tmp_path: Path):
    put(tmp_path, *(f"m{i:03}.py" for i in range(collector.MAX_FILES + 1)))

    bundle = read(tmp_path)

    assert (len(bundle.files), max(bundle.files)) == (200, "m199.py")
    assert bundle.notes == ("More than 200 Python files; the rest was not read.",)


def test_a_folder_with_very_many_entries_is_not_walked_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folder, "MAX_ENTRIES", 3)

    bundle = read(put(tmp_path, "a.py", "b/b.py", "b/c.txt", "d/e.py"))

    assert list(bundle.files) == ["a.py"]
    assert bundle.notes == ("More than 3 entries; the rest was not read.",)


def test_folders_deeper_than_eight_are_not_read(tmp_path: Path):
    eight = "/".join("abcdefgh")
    put(tmp_path, f"{eight}/deepest.py")
    just = read(tmp_path)
    put(tmp_path, f"{eight}/i/beyond.py")

    beyond = read(tmp_path)

    assert list(just.files) == list(beyond.files) == [f"{eight}/deepest.py"]
    assert just.notes == ()
    assert beyond.notes == (f"{eight}: folders deeper than 8 are not read.",)


def test_what_no_student_wrote_is_passed_over(tmp_path: Path):
    passed_over = ("__pycache__/a.py", ".git/a.py", ".hidden.py", "venv/a.py", "node_modules/a.py", "b/site-packages/a.py")

    bundle = read(put(tmp_path, "layers.py", *passed_over))

    assert (list(bundle.files), bundle.notes) == (["layers.py"], ())


@pytest.mark.parametrize("name", ["a\nb.py", "a\x1b[31m.py", "a\u202eb.py", "a\u200bb.py", b"a\xff.py"])
def test_a_name_that_cannot_be_shown_is_left_out(name: str | bytes, tmp_path: Path):
    os.close(os.open(os.path.join(os.fsencode(tmp_path), os.fsencode(name)), os.O_CREAT | os.O_WRONLY))  # noqa: PTH118 - bytes

    bundle = read(tmp_path)

    assert bundle.files == {}
    (note,) = bundle.notes
    assert note.endswith(": left out, its name holds characters that cannot be shown.")
    assert note.isprintable()


@pytest.mark.parametrize(("first", "twin"), [("Layers.py", "layers.py"), ("Common/a.py", "common/a.py"), ("a.py", "\uff41.py")])
def test_of_names_that_many_systems_take_for_one_the_first_is_read(first: str, twin: str, tmp_path: Path):
    bundle = read(put(tmp_path, first, twin))

    assert list(bundle.files) == [first]
    assert bundle.notes == (f"{twin}: left out, its name is the same as {first} on many systems.",)


def test_byte_order_marks_and_line_ends_are_no_part_of_the_text(tmp_path: Path):
    (tmp_path / "windows.py").write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\r\n")
    (tmp_path / "old.py").write_bytes(b"x = 1\ry = 2\r")

    bundle = read(tmp_path)

    assert set(bundle.files.values()) == {"x = 1\ny = 2\n"}


def test_the_same_code_has_the_same_hash_on_every_system(tmp_path: Path):
    (tmp_path / "unix").mkdir()
    (tmp_path / "windows").mkdir()
    (tmp_path / "unix" / "a.py").write_bytes(b"x = 1\n")
    (tmp_path / "windows" / "a.py").write_bytes(b"\xef\xbb\xbfx = 1\r\n")

    unix, windows = read(tmp_path / "unix"), read(tmp_path / "windows")

    assert unix.sha256 == windows.sha256


def test_a_folder_that_cannot_be_opened_is_left_out_with_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path, "a.py", "closed/b.py")
    opened = os.open

    def closed(path: Any, *arguments: Any, **options: Any) -> int:  # root, who runs tests in containers, may open everything
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", closed)
    bundle = read(tmp_path)
    monkeypatch.undo()

    assert list(bundle.files) == ["a.py"]
    assert bundle.notes == ("closed: the folder was left out, Permission denied.",)


def test_notes_are_few(tmp_path: Path):
    for i in range(40):
        (tmp_path / f"m{i}.py").write_bytes(b"\xff")

    assert len(read(tmp_path).notes) == 20


def test_nothing_is_written_and_nothing_is_run(tmp_path: Path):
    kim = put(tmp_path / "kim", "layers.py", text="raise SystemExit('run')")
    before = sorted((p, p.stat().st_mtime_ns) for p in tmp_path.rglob("*"))

    read(kim)

    assert sorted((p, p.stat().st_mtime_ns) for p in tmp_path.rglob("*")) == before
    shutil.rmtree(kim)
