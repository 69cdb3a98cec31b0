"""Student code that is imported in this process is forgotten again after the test."""

import linecache
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy.fft  # noqa: F401 - what is compiled can be loaded once in a process: not by a test that forgets it again
import pytest


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Undo what loading a submission does to this process: modules, the finder, source lines."""
    modules, finders, path, lines = dict(sys.modules), list(sys.meta_path), list(sys.path), dict(linecache.cache)
    yield
    sys.modules.clear()
    sys.modules.update(modules)
    sys.meta_path[:], sys.path[:] = finders, path
    linecache.cache.clear()
    linecache.cache.update(lines)


@pytest.fixture
def lenient() -> Iterator[None]:
    """Let a SyntaxWarning in student code be a warning, as it is in a worker."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A launcher's temporary folder, in which workers make their own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
