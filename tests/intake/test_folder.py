"""What changes places while it is read is not read, with or without descriptors for folders."""

import os
from pathlib import Path

import pytest

from grader.intake import opened, read
from grader.intake.names import LeftOutError
from grader.intake.opened import hold


@pytest.fixture(params=[True, False], ids=["held", "by path"])
def kim(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A submission on a system that can hold folders open, and on one that cannot, such as Windows."""
    monkeypatch.setattr(opened, "HELD", request.param and opened.HELD)
    (tmp_path / "kim" / "sub").mkdir(parents=True)
    (tmp_path / "kim" / "a.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "kim" / "sub" / "b.py").write_text("y = 1\n", encoding="utf-8")
    (tmp_path / "secret.py").write_text("SECRET = 1\n", encoding="utf-8")
    return tmp_path / "kim"


def test_a_folder_is_read_either_way(kim: Path):
    (kim / "link.py").symlink_to(kim / "a.py")

    bundle = read(kim)

    assert dict(bundle.files) == {"a.py": "x = 1\n", "sub/b.py": "y = 1\n"}
    assert bundle.notes == ("link.py: left out, it is a symbolic link.",)


@pytest.mark.parametrize("exchange", ["link", "file"])
def test_a_file_exchanged_between_look_and_opening_is_left_out(exchange: str, kim: Path, monkeypatch: pytest.MonkeyPatch):
    look = os.stat

    def exchanged(path: object, *arguments: object, **options: object) -> os.stat_result:
        found = look(path, *arguments, **options)  # type: ignore[arg-type, call-overload]
        if str(path).endswith("a.py"):
            (kim / "a.py").rename(kim / "gone")
            (kim / "a.py").symlink_to(kim.parent / "secret.py") if exchange == "link" else (kim / "a.py").write_text("SECRET = 1")
        return found

    monkeypatch.setattr(os, "stat", exchanged)
    with hold(kim) as folder, pytest.raises((LeftOutError, OSError)), folder.file("a.py") as file:
        file.read()


def test_a_folder_exchanged_for_a_link_is_not_entered(kim: Path):
    if not opened.HELD:
        pytest.skip("a path can only be looked at before")
    (kim / "sub" / "b.py").unlink()
    (kim / "sub").rmdir()

    with hold(kim) as folder:
        (kim / "sub").symlink_to(kim.parent)
        with pytest.raises(OSError, match="Not a directory"):
            folder.folder("sub")


def test_a_held_folder_stays_the_one_it_was(kim: Path):
    if not opened.HELD:
        pytest.skip("a path can only be looked at before")

    with hold(kim) as folder, folder.folder("sub") as sub:
        (kim / "sub").rename(kim / "elsewhere")
        (kim / "sub").symlink_to(kim.parent)
        assert sub.names(9) == [("b.py", False)]
        with sub.file("b.py") as file:
            assert file.read() == b"y = 1\n"
