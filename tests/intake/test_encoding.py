"""A file that says in which encoding of text it is written is read, as Python reads it; any other that is not UTF-8 is left out."""

import ast
from pathlib import Path

import pytest

from grader.intake import read
from grader.intake.encoding import ALLOWED, decoded

KOREAN = "# 합성곱\nname = '풀링'\n"


@pytest.mark.parametrize(
    ("cookie", "codec", "text"),
    [
        ("# -*- coding: cp949 -*-", "cp949", KOREAN),
        ("# -*- coding: euc-kr -*-", "euc-kr", KOREAN),
        ("# coding=MS949", "cp949", KOREAN),
        ("#!/usr/bin/python\n# vim: set fileencoding=uhc :", "cp949", KOREAN),
        ("\n  # coding: cp949", "cp949", KOREAN),
        ("# coding: cp949\n# coding: latin-1", "cp949", KOREAN),
        ("# coding: latin-1", "latin-1", "name = 'größe'\n"),
        ("# coding: ISO-8859-1", "latin-1", "name = 'größe'\n"),
        ("# coding: windows-1252", "cp1252", "name = '– ×'\n"),
        ("# coding: gbk", "gbk", "name = '卷积'\n"),
        ("# coding: shift_jis", "shift_jis", "name = '畳み込み'\n"),
        ("# coding: big5", "big5", "name = '卷積'\n"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_in_the_encoding_that_it_declares(cookie: str, codec: str, text: str, end: str, tmp_path: Path):
    source = f"{cookie}\n{text}"
    (tmp_path / "layers.py").write_bytes(source.replace("\n", end).encode(codec))

    bundle = read(tmp_path / "layers.py")

    assert (dict(bundle.files), bundle.notes) == ({"layers.py": source}, ())
    assert ast.parse(bundle.files["layers.py"]).body[-1].value.value in text  # what it declares does not matter to Python any more


@pytest.mark.parametrize(
    "cookie", ["utf-7", "idna", "punycode", "rot13", "hex", "base64", "unicode_escape", "utf-16", "mbcs", "utf-8", "no"]
)
def test_what_is_no_encoding_that_an_editor_saves_text_in_is_not_asked(cookie: str, tmp_path: Path):
    (tmp_path / "layers.py").write_bytes(f"# coding: {cookie}\n".encode() + KOREAN.encode("cp949"))

    bundle = read(tmp_path / "layers.py")

    assert bundle.files == {}
    assert bundle.notes == (f"layers.py: not UTF-8 text (byte {len(cookie) + 13}); save it as UTF-8 and hand it in again.",)


@pytest.mark.parametrize(
    "data",
    [
        b"# coding: cp949\n# \xff\xff\n",  # nor is it what it declares
        b"x = 1\n# coding: cp949\n# \xc7\xd5\n",  # below code
        b"\n\n# coding: cp949\n# \xc7\xd5\n",  # in the third line
        b"name = 'coding: cp949 \xc7\xd5'\n",
        b"\xef\xbb\xbf# coding: cp949\n# \xc7\xd5\n",  # its mark says UTF-8
    ],
)
def test_what_declares_nothing_that_holds_is_not_guessed(data: bytes):
    with pytest.raises(UnicodeDecodeError, match="utf-8"):
        decoded(data)


def test_utf8_is_utf8_whatever_it_declares():
    assert decoded(b"# coding: cp949\n" + KOREAN.encode()) == f"# coding: cp949\n{KOREAN}"


@pytest.mark.parametrize("codec", sorted(ALLOWED))
def test_no_encoding_that_is_read_hides_ascii(codec: str):
    plain = bytes(range(128))

    assert plain.decode(codec) == plain.decode("ascii")


def test_a_copy_in_utf8_has_the_same_hash(tmp_path: Path):
    for folder, codec in (("old", "cp949"), ("new", "utf-8")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_bytes(f"# coding: cp949\n{KOREAN}".encode(codec))

    assert read(tmp_path / "old").sha256 == read(tmp_path / "new").sha256
