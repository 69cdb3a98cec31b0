"""Read one submission: a folder, a .py file, a notebook or an archive, or several of them together."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from grader import messages
from grader.intake.bundle import Bundle
from grader.intake.collector import Collector, FullError
from grader.intake.disposable import Converted, Converter, LostError, shared
from grader.intake.folder import Walk
from grader.intake.handed_in import HandedIn, alone
from grader.intake.names import LeftOutError, UnreadableError, archive, suffix
from grader.intake.opened import hold
from grader.language import Sentence
from grader.text import Cleaned, clean, file_name, one_line

MAX_ARCHIVE_BYTES = 64 << 20
MAX_LOST = 2  # processes over the notebooks of one submission: each may take seconds to be given up


def read(given: HandedIn | Path, converter: Converter | None = None) -> Bundle:
    """Read one submission.

    What cannot be read is left out with a note; where nothing can, or nothing was handed in, the bundle is empty, with a note.

    Args:
        given: What was handed in; or the path of a folder, a .py file, a notebook (.ipynb), a .zip, .tar or .tar.gz.
        converter: What converts notebooks; by default the one of this process.

    Raises:
        IntakeError: There is no such path, it is none of these, or the process that converts notebooks cannot be had.
    """
    handed_in = given if isinstance(given, HandedIn) else alone(given)
    collector = Collector()
    with contextlib.suppress(FullError):
        for path in handed_in.paths:
            _read(path, handed_in.names.get(path, path.name), collector)
    with contextlib.suppress(FullError):
        _convert(collector, converter or shared())
    return Bundle(
        id=handed_in.id,
        files=collector.files,
        notes=tuple(collector.notes or ([] if collector.files else [_nothing(handed_in)])),
    )


def _read(path: Path, name: str, collector: Collector) -> None:
    shown = file_name(name)
    try:
        with collector.noting(shown):
            if path.is_dir():
                with hold(path) as folder:
                    Walk(collector).walk(folder)
            elif archive(name):
                with collector.whole():
                    _unpack(path, collector)
            elif suffix(name):
                _take(path, name, collector)
            elif not path.exists():  # it was a folder when it was found
                raise LeftOutError("it is no longer there")
    except UnreadableError as error:
        collector.note(f"{shown}: nothing of it was read, {error}.")


def _nothing(handed_in: HandedIn) -> Cleaned | Sentence:
    """Say that there is no code."""
    match handed_in.paths:
        case ():
            return messages.NOTHING_HANDED_IN
        case (path,) if path.is_dir():
            return clean(f"{handed_in.id}: no Python file in this folder.")
        case (path,) if archive(path.name):
            return clean(f"{handed_in.id}: no Python file in this archive.")
    return clean(f"{handed_in.id}: no Python file was handed in.")


def _take(path: Path, name: str, collector: Collector) -> None:
    def content(most: int) -> bytes:
        with hold(path.parent) as folder, folder.file(path.name) as file:
            return file.read(most)

    collector.take(name, content)


def _unpack(path: Path, collector: Collector) -> None:
    with hold(path.parent) as folder, folder.file(path.name) as file:
        if file.seek(0, 2) > MAX_ARCHIVE_BYTES:
            raise UnreadableError(f"it is larger than {MAX_ARCHIVE_BYTES >> 20} MB; hand in only your own files")
        file.seek(0)
        # Imported only when an archive comes: a quick check of a folder should not wait for what reads them.
        if archive(path.name) == ".zip":
            from grader.intake.zipped import unzip

            unzip(file, collector)
        else:
            from grader.intake.tarred import untar

            untar(file, collector)


def _convert(collector: Collector, converter: Converter) -> None:
    """Have the notebooks converted; a .py file of the same name counts more than what a notebook becomes or writes."""
    lost = 0
    for path, data in collector.notebooks.items():
        module = f"{path.removesuffix('.ipynb')}.py"
        with collector.noting(one_line(path, 120)):
            beside = collector.twin(module)
            if beside:
                raise LeftOutError(f"{one_line(beside, 120)} beside it is read instead")
            if lost >= MAX_LOST:
                raise LeftOutError("the notebooks before it cannot be read")
            try:
                converted = converter(data)
            except LostError:
                lost += 1
                raise
            _put(collector, path, module, converted)


def _put(collector: Collector, path: str, module: str, converted: Converted) -> None:
    shown = one_line(path, 120)
    for note in converted.notes:
        collector.note(shown + one_line(note))
    if converted.module:
        collector.take(module, _giving(converted.module))
        if module in collector.files:
            collector.note(f"{shown}: read as {one_line(module, 120)}; `# cell 1` in it is the first code cell.")
    elif not converted.files:
        raise LeftOutError("there is no code in it")
    folder = path.rpartition("/")[0]
    for name, text in converted.files.items():
        collector.take(f"{folder}/{name}" if folder and not name.startswith("/") else name, _giving(text))


def _giving(text: str) -> Callable[[int], bytes]:
    # Surrogates, which JSON may hold, are no UTF-8: what holds them is left out where it is decoded, as any file.
    data = text.encode("utf-8", "surrogatepass")
    return lambda most: data[:most]
