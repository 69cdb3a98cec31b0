"""Run a submission's files from memory, as the packages and lone files that their imports expect."""

import importlib.util
import linecache
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import InspectLoader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from grader.worker import cells, dialect
from grader.worker.obstacles import prepared
from grader.worker.standins import NOTEBOOKS_OWN, Clock, StandIn, StandInFinder

Passed = tuple[str, int, BaseException]  # a file, the line of a statement of it that failed, and what it raised
ROOT = "__submission__"  # the package that holds every file, so that relative imports work from a lone file too


class SourceFinder:
    """Finds modules among the sources of a submission. Comes last, so that nothing can stand in for NumPy.

    An absolute import is looked up in the folder of the file that is graded, in the folders above it, and then anywhere:
    `from common.util import im2col` works wherever the folder `common` is.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        """Take source texts by relative path, with / between folders."""
        self.files = files
        self.folders = {""} | {path.rsplit("/", i)[0] for path in files for i in range(1, path.count("/") + 1)}
        self.first = ""
        self.failed: list[Passed] = []

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """Return how to load a module, or None where no file answers to it."""
        del target
        if name == ROOT:
            return self._spec(name, "")
        last = name.rpartition(".")[2]
        if path is not None:
            within = [p[len(ROOT) + 1 :] for p in path if p.startswith(f"{ROOT}:")]
            # `from ..layers` of a file that was taken out of its folders means the `layers.py` that was handed in with it.
            lone = self._order() if within == [""] or within == [self.first] else []
            return next((s for folder in [*within, *lone] if (s := self._in(folder, name, last))), None)
        return next((s for folder in self._order() if (s := self._in(folder, name, last))), None)

    def _order(self) -> list[str]:
        above = [self.first.rsplit("/", i)[0] for i in range(1, self.first.count("/") + 1)]
        return [self.first, *above, *sorted(self.folders, key=lambda f: (f.count("/") + bool(f), f))]

    def _in(self, folder: str, name: str, last: str) -> ModuleSpec | None:
        place = f"{folder}/{last}" if folder else last
        if place in self.folders:
            return self._spec(name, place)
        file = f"{place}.py"
        return importlib.util.spec_from_loader(name, self._loader(file)) if file in self.files else None

    def _spec(self, name: str, folder: str) -> ModuleSpec:
        file = f"{folder}/__init__.py" if folder else "__init__.py"
        spec = ModuleSpec(name, self._loader(file), is_package=True)
        spec.submodule_search_locations = [f"{ROOT}:{folder}"]
        return spec

    def _loader(self, file: str) -> "SourceLoader":
        return SourceLoader(file, self.files.get(file, ""), self.failed)

    def answers(self, path: str, module: str) -> bool:
        """Whether a file has what the file at `path` imports, by its name with the dots before it."""
        self.first = path.rpartition("/")[0]
        inner = self.first.split("/") if self.first else []
        level = len(module) - len(module.lstrip("."))
        above = inner[: max(len(inner) - level + 1, 0)]
        places = [f"{ROOT}:{'/'.join(above)}"] if level else None
        for name in module.lstrip(".").split("."):
            spec = self.find_spec(name, places)
            if spec is None:
                return False
            places = spec.submodule_search_locations or []
        return True

    def load(self, path: str) -> ModuleType:
        """Run the file at `path`, and what it imports. Whatever it raises passes through."""
        self.first = path.rpartition("/")[0]
        name = ".".join((ROOT, *(part.replace(".", "_") for part in path.removesuffix(".py").split("/"))))
        if name in sys.modules:
            return sys.modules[name]
        for depth in range(name.count(".")):
            package = ".".join(name.split(".")[: depth + 1])
            if package not in sys.modules:
                folder = "/".join(path.split("/")[:depth])
                self._run(self._spec(package, folder))
        return self._run(importlib.util.spec_from_loader(name, self._loader(path)))

    def _run(self, spec: ModuleSpec | None) -> ModuleType:
        assert spec and spec.loader  # noqa: PT018 - every spec above has one
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[spec.name]
            raise
        return module


class SourceLoader(InspectLoader):
    """Compiles one source text; tracebacks show its lines by the path that the student knows."""

    def __init__(self, path: str, source: str, failed: list[Passed]) -> None:
        """Remember the text and what to call it; statements that fail are added to `failed`."""
        self.path, self.source, self.failed = path, source, failed

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave the making of the module to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the file."""
        module.__file__ = self.path
        # Without a time, so that no traceback looks for a file of this name where the grader happens to run.
        linecache.cache[self.path] = (len(self.source), None, self.source.splitlines(keepends=True), self.path)
        dialect.prepare(self.source)
        if NOTEBOOKS_OWN in self.source:
            module.__dict__[NOTEBOOKS_OWN] = StandIn(NOTEBOOKS_OWN)
        Clock.running += 1
        try:
            self.failed += [(self.path, *failed) for failed in cells.run(self.source, self.path, module)]
        finally:
            Clock.running -= 1

    def get_source(self, fullname: str) -> str:
        """Return the text, for the source lines of a traceback."""
        del fullname
        return self.source


def install(files: Mapping[str, str]) -> SourceFinder:
    """Make the files importable, after everything else; what they import and nobody has, is stood in for."""

    def may_fail(path: str, line: int) -> bool | None:
        return line in prepared(dialect.parsed(dialect.readable(files[path]))) if path in files else None

    finder: Any = SourceFinder(files)
    missing: Any = StandInFinder(may_fail)
    sys.meta_path += [finder, missing]
    found: SourceFinder = finder
    return found
