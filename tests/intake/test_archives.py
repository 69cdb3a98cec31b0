"""Archives as students make them: on a Mac, on Windows, on GitHub, with tar."""

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.hostile.notebooks import notebook
from benchmarks.hostile.zips import zipped
from grader.intake import read
from grader.intake.tarred import MAX_UNPACKED

SOURCE = "def relu_forward(x):\n    return x\n"


def tarred(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def test_a_zip_from_a_mac_has_its_shadow_files_passed_over(tmp_path: Path):
    entries = [("hw1/", b""), ("hw1/layers.py", SOURCE.encode()), ("__MACOSX/hw1/._layers.py", b"\0\5\x16\7"), ("hw1/.DS_Store", b"\0")]
    (tmp_path / "kim.zip").write_bytes(zipped(entries))

    bundle = read(tmp_path / "kim.zip")

    assert (bundle.id, dict(bundle.files), bundle.notes) == ("kim.zip", {"hw1/layers.py": SOURCE}, ())


def test_a_zip_from_an_old_tool_of_windows_has_folders(tmp_path: Path):
    (tmp_path / "kim.ZIP").write_bytes(zipped([("hw1/common/util.py", SOURCE.encode())]).replace(b"hw1/common/util", b"hw1\\common\\util"))

    bundle = read(tmp_path / "kim.ZIP")

    assert (list(bundle.files), bundle.notes) == (["hw1/common/util.py"], ())


def test_a_zip_from_github_keeps_its_folder_and_leaves_out_what_nobody_wrote(tmp_path: Path):
    names = ("hw1-main/.github/x.py", "hw1-main/layers.py", "hw1-main/README.md", "hw1-main/venv/lib/x.py", "hw1-main/data/cifar.bin")
    (tmp_path / "kim.zip").write_bytes(zipped([(name, SOURCE.encode()) for name in names]))

    bundle = read(tmp_path / "kim.zip")

    assert (list(bundle.files), bundle.notes) == (["hw1-main/layers.py"], ())


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tgz"])
def test_a_tar_of_any_format_packed_or_not_is_read(form: int, suffix: str, tmp_path: Path):
    long = f"{'folder-with-a-long-name/' * 6}layers.py"
    files = {"./a.py": SOURCE, "././b/c.py": "", long: "x = 1\n", "data.bin": "\0" * 5000, "z.py": "y = 2\n"}
    data = tarred({name: text.encode() for name, text in files.items()}, form)
    (tmp_path / f"kim{suffix}").write_bytes(data if suffix == ".tar" else gzip.compress(data))

    bundle = read(tmp_path / f"kim{suffix}")

    assert dict(bundle.files) == {"a.py": SOURCE, "b/c.py": "", long: "x = 1\n", "z.py": "y = 2\n"}
    assert bundle.notes == ()


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_in_korean_are_names(form: int, tmp_path: Path):
    name = f"{'과제' * 30}/합성곱.py"
    (tmp_path / "kim.tar").write_bytes(tarred({name: SOURCE.encode()}, form))
    (tmp_path / "kim.zip").write_bytes(zipped([(name, SOURCE.encode())]))

    tar, zip_ = read(tmp_path / "kim.tar"), read(tmp_path / "kim.zip")

    assert dict(tar.files) == dict(zip_.files) == {name: SOURCE}


def test_a_tar_that_a_browser_unpacked_is_read_under_its_old_name(tmp_path: Path):
    (tmp_path / "kim.tar.gz").write_bytes(tarred({"a.py": SOURCE.encode()}))

    assert list(read(tmp_path / "kim.tar.gz").files) == ["a.py"]


def test_a_tar_is_unpacked_up_to_its_bound(tmp_path: Path):
    fits = tarred({"data.bin": bytes(MAX_UNPACKED - 3 * 512 - 10240), "a.py": SOURCE.encode()})
    (tmp_path / "kim.tgz").write_bytes(gzip.compress(fits, 1))

    assert list(read(tmp_path / "kim.tgz").files) == ["a.py"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_notebook_with_images_is_read_from_a_zip(method: int, tmp_path: Path):
    images = random.Random(1).randbytes(3 << 20).hex()  # does not pack well
    (tmp_path / "kim.zip").write_bytes(zipped([("net.ipynb", notebook("x = 1", metadata={"images": images}))], method))

    assert list(read(tmp_path / "kim.zip").files) == ["net.py"]


def test_the_same_files_have_the_same_hash_however_they_are_handed_in(tmp_path: Path):
    (tmp_path / "kim").mkdir()
    (tmp_path / "kim" / "a.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "kim.zip").write_bytes(zipped([("a.py", SOURCE.encode())]))
    (tmp_path / "kim.tar").write_bytes(tarred({"a.py": SOURCE.encode()}))

    assert len({read(tmp_path / name).sha256 for name in ("kim", "kim.zip", "kim.tar")}) == 1


def test_files_beyond_the_two_hundredth_of_an_archive_are_not_read(tmp_path: Path):
    (tmp_path / "kim.zip").write_bytes(zipped([(f"m{i:03}.py", b"") for i in range(201)]))
    (tmp_path / "kim.tar").write_bytes(tarred({f"m{i:03}.py": b"" for i in range(201)}))

    for name in ("kim.zip", "kim.tar"):
        bundle = read(tmp_path / name)
        assert (len(bundle.files), bundle.notes) == (200, ("More than 200 Python files; the rest was not read.",))
