"""Hostile folders and lone files."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.hostile.hostile import GOOD, SECRET, Hostile, outside


def _folder(name: str, add: Callable[[Path, Path], None], note: str, left: Iterable[str] = ("good.py",)) -> Hostile:
    """Something hostile beside a file that is right; `add` gets the submission and the folder around it."""

    def build(root: Path) -> Path:
        kim = root / "kim"
        kim.mkdir()
        (kim / "good.py").write_bytes(GOOD)
        add(kim, root)
        return kim

    return Hostile(f"folder: {name}", build, frozenset(left), note)


def _lone_link(root: Path) -> Path:
    (root / "kim.py").symlink_to(outside(root))
    return root / "kim.py"


def _lone_link_to_archive(root: Path) -> Path:
    (root / "kim.zip").symlink_to(outside(root))
    return root / "kim.zip"


def _lone_hard_link(root: Path) -> Path:
    (root / "kim.py").hardlink_to(outside(root))
    return root / "kim.py"


def _sparse(kim: Path, root: Path) -> None:
    del root
    with (kim / "x.py").open("wb") as file:
        file.truncate(1 << 40)


def _deep(kim: Path, root: Path) -> None:
    del root
    deep = kim.joinpath(*"abcdefghijkl")
    deep.mkdir(parents=True)
    (deep / "x.py").write_bytes(GOOD)


def _link_to_folder(kim: Path, root: Path) -> None:
    (kim / "x.py").symlink_to(outside(root).parent)


def _stale(kim: Path, root: Path) -> None:
    del root
    (kim / "__pycache__").mkdir()
    (kim / "__pycache__" / "good.py").write_bytes(SECRET)
    (kim / "x.py").write_bytes(b"\xa4")


def _named(name: bytes) -> Callable[[Path, Path], None]:
    def add(kim: Path, root: Path) -> None:
        del root
        os.close(os.open(os.fsencode(kim) + b"/" + name, os.O_CREAT | os.O_WRONLY))

    return add


def _holding(data: bytes) -> Callable[[Path, Path], None]:
    def add(kim: Path, root: Path) -> None:
        del root
        (kim / "x.py").write_bytes(data)

    return add


FOLDERS = (
    _folder("a link to a file", lambda kim, root: (kim / "x.py").symlink_to(outside(root)), "x.py: left out, it is a symbolic link."),
    _folder("a link to a folder, named as a file", _link_to_folder, "x.py: left out, it is a symbolic link."),
    _folder("a link to itself", lambda kim, _: (kim / "x.py").symlink_to("x.py"), "x.py: left out, it is a symbolic link."),
    _folder("a hard link", lambda kim, root: (kim / "x.py").hardlink_to(outside(root)), "x.py: left out, it is a hard link"),
    _folder("a named pipe", lambda kim, _: os.mkfifo(kim / "x.py"), "x.py: left out, it is not a regular file."),
    _folder("a terabyte of holes", _sparse, "x.py: left out, it is larger than 1 MB."),
    _folder("folders too deep", _deep, "a/b/c/d/e/f/g/h: folders deeper than 8 are not read."),
    _folder("a name that is no UTF-8", _named(b"\xff.py"), "\\udcff.py: left out, its name holds characters"),
    _folder("a name that reads backwards", _named("a\u202eyp.py".encode()), "a\\u202eyp.py: left out, its name holds characters"),
    _folder("a line break in a name", _named(b"a\nb.py"), "a b.py: left out, its name holds characters"),
    _folder("a backslash in a name", _named(b"a\\x.py"), "a\\x.py: left out, its name holds a backslash."),
    _folder("a stream of Windows", _named(b"good.py:x.py"), "good.py:x.py: left out, its name holds a colon"),
    _folder("twins", _named(b"GOOD.py"), "good.py: left out, its name is the same as GOOD.py", ["GOOD.py"]),
    _folder("NUL characters", _holding(b"x = 1\0\n"), "x.py: left out, it holds NUL characters"),
    _folder(
        "a coding cookie", _holding("# -*- coding: utf-7 -*-\n# 합성곱".encode("cp949")), "x.py: not UTF-8 text (byte 26); save it as UTF-8"
    ),
    _folder("another source in a cache", _stale, "x.py: not UTF-8 text"),
    Hostile("file: a link", _lone_link, frozenset(), "kim.py: left out, it is a symbolic link."),
    Hostile("file: a link named as an archive", _lone_link_to_archive, frozenset(), "kim.zip: left out, it is a symbolic link."),
    Hostile("file: a hard link", _lone_hard_link, frozenset(), "kim.py: left out, it is a hard link"),
)
