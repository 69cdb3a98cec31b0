"""Where no file can be opened, a part of Python that nobody loaded beforehand is missing, and that is no mistake of the student's."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder


class UnloadedError(ImportError):
    """A module of the standard library was not loaded before the jail was closed."""


class Unloaded(MetaPathFinder):
    """Comes after everything that could still find a module, and before the submission's own files, as the standard library does."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        """Find nothing. Raises UnloadedError for what belongs to Python, to NumPy, or to a torch that is there."""
        del path, target
        if (top := name.partition(".")[0]) in sys.stdlib_module_names or top == "numpy" or (top == "torch" and top in sys.modules):
            raise UnloadedError(f"{name} cannot be loaded in this jail, which opens no files; ask your instructor", name=name)
