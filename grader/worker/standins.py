"""What is imported where a module is missing: an inert thing that takes part in an import, and in no number.

Names can be taken from it and called while a file is run, as plots at import do. Whatever would turn it into a value, a number, an
array, a truth, raises: a result built on it must not pass. In a graded call each use is a warning besides.
"""

import builtins
import dis
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from importlib.machinery import ModuleSpec
from opcode import opmap
from types import FrameType, ModuleType
from typing import Any, NoReturn

NOTEBOOKS_OWN = "get_ipython"  # stands in a notebook that was saved as a .py file, and needs no import there
OURS = ("check", "gradcheck")  # what a submission may call of the grader itself
IMPORTERS = ("importlib", "<frozen importlib")
PYTHON_2: Mapping[str, Any] = {
    "xrange": range,
    "unicode": str,
    "basestring": str,
    "long": int,
    "unichr": chr,
    "raw_input": input,
    "reduce": reduce,
    "izip": zip,
    "imap": map,
    "ifilter": filter,
    "cmp": lambda a, b: (a > b) - (a < b),
}


class MissingError(ModuleNotFoundError):
    """A graded call, or a number at import, needs a module that is not there."""


def _whole(a: Any, b: Any) -> Any:
    return a // b if isinstance(a, int) and isinstance(b, int) else a / b


def _passed_on(iterable: Any = (), *_: object, **__: object) -> Any:
    return iterable


# Modules that are not installed, but of which everything that courses use of them is known.
KNOWN: Mapping[str, Mapping[str, Any]] = {
    "past": {},
    "past.builtins": {**PYTHON_2, "range": range, "map": map, "filter": filter},
    "past.utils": {"old_div": _whole},
    "six": {"iteritems": lambda d: iter(d.items()), "itervalues": lambda d: iter(d.values()), "PY2": False, "PY3": True},
    "six.moves": {"xrange": range, "range": range, "zip": zip, "map": map, "filter": filter, "input": input, "reduce": reduce},
    "future": {},
    "future.utils": {"iteritems": lambda d: iter(d.items()), "itervalues": lambda d: iter(d.values())},
    "__builtin__": PYTHON_2,
    "tqdm": {"tqdm": _passed_on, "trange": lambda n, *_, **__: range(n)},
    "tqdm.auto": {"tqdm": _passed_on, "trange": lambda n, *_, **__: range(n)},
    "tqdm.notebook": {"tqdm": _passed_on, "trange": lambda n, *_, **__: range(n)},
    "numba": {"prange": range},
}


class Clock:
    """Whether a submission's file is being run, so that nothing is graded at this moment."""

    running = 0


class StandIn:
    """Something of a module that is missing."""

    __array_priority__ = 1e9

    def __init__(self, name: str) -> None:
        """Remember the dotted name."""
        object.__setattr__(self, "_name", name)

    def _used(self, name: str) -> "StandIn":
        if not Clock.running:
            warnings.warn(f"{self._name} is used, which is not installed here", stacklevel=3)
        return StandIn(name)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        module = self._name.partition(".")[0]
        raise MissingError(f"No module named '{module}': {self._name} has no value here", name=module)

    def __getattr__(self, name: str) -> "StandIn":
        """Return a stand-in for what the module would have."""
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self._name}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        """Take and forget."""

    def __setitem__(self, key: object, value: object) -> None:
        """Take and forget."""

    def __call__(self, *args: Any, **_: Any) -> Any:
        """Return a stand-in for the result; of a decorator, the function itself."""
        if len(args) == 1 and Clock.running and (isinstance(args[0], type) or hasattr(args[0], "__code__")):
            return args[0]  # as a decorator
        return self._used(f"{self._name}()")

    def __mro_entries__(self, bases: object) -> tuple[type, ...]:
        """Be no base at all."""
        return ()

    def __instancecheck__(self, value: object) -> bool:
        """Say that nothing was made by what is not there."""
        return False

    def __iter__(self) -> Iterator["StandIn"]:
        """Unpack into as many stand-ins as are asked for; in a graded call, refuse."""
        if not Clock.running:
            self._refuse()
        return iter([StandIn(f"{self._name}[{i}]") for i in range(_unpacked(sys._getframe(1)))])

    def __bool__(self) -> bool:
        """Be false, as what is missing; in a graded call, refuse."""
        return False if Clock.running else self._refuse()

    def __enter__(self) -> "StandIn":
        """Begin nothing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let everything pass through."""

    def __hash__(self) -> int:
        """Be itself."""
        return id(self)

    def __repr__(self) -> str:
        """Say what is missing."""
        return f"<{self._name}, which is not installed here>"


def _operator(name: str) -> Callable[..., StandIn]:
    def operate(self: StandIn, *_: object) -> StandIn:
        return self._used(f"{self._name}.{name}")

    return operate


StandIn.__name__ = "stand-in for a missing module"  # as it is called where one is returned

# Between stand-ins, operators give stand-ins; where NumPy asks for an array, or Python for a number, there is none.
for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift", "rshift"):
    for _side in ("", "r"):
        setattr(StandIn, f"__{_side}{_name}__", _operator(f"__{_name}__"))
for _name in ("getitem", "neg", "pos", "abs", "invert", "eq", "ne", "lt", "le", "gt", "ge"):
    setattr(StandIn, f"__{_name}__", _operator(f"__{_name}__"))
for _name in ("float", "int", "index", "complex", "len", "contains", "array", "array_ufunc", "array_function", "next"):
    setattr(StandIn, f"__{_name}__", StandIn._refuse)


def _unpacked(frame: FrameType) -> int:
    """Return how many values the caller wants: of `fig, ax = plt.subplots()` two, of a loop none."""
    code, at = frame.f_code.co_code, frame.f_lasti
    return code[at + 1] if code[at] == opmap["UNPACK_SEQUENCE"] else 0


def _wanting(frame: FrameType) -> list[str]:
    """Return the names that a file uses at its top level, and that are bound nowhere."""
    named: dict[str, set[str]] = {"LOAD_NAME": set(), "STORE_NAME": set()}
    for instruction in dis.get_instructions(frame.f_code):
        named.get(instruction.opname, set()).add(instruction.argval)
    loaded, stored = named.values()
    return sorted(loaded - stored - frame.f_globals.keys() - vars(builtins).keys())


class StandInModule(ModuleType):
    """A module that is missing."""

    @property
    def __all__(self) -> list[str]:
        """What `import *` takes: what is known of it, and what the statements of the importing file use and nobody else gives them."""
        return list(KNOWN.get(self.__name__, ())) or _wanting(sys._getframe(1))

    def __getattr__(self, name: str) -> Any:
        """Return what is known of it, else a stand-in."""
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        known = KNOWN.get(self.__name__, {})
        return known[name] if name in known else StandIn(f"{self.__name__.removeprefix('__submission__.')}.{name}")


class StandInFinder:
    """Comes after everything else; answers to what a submission's own file imports, but for what it is prepared to miss."""

    def __init__(self, prepared: Callable[[str, int], bool | None]) -> None:
        """Take what tells of a file and a line whether an import there may fail, or None where the file is none of the submission."""
        self.prepared = prepared

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """Return a spec of a module that is not there."""
        del path, target
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top == "numpy" or not (Clock.running or name in KNOWN):
            return None  # a graded call that imports, needs what it imports
        frame: FrameType | None = sys._getframe(1)
        while frame and frame.f_code.co_filename.startswith(IMPORTERS):
            frame = frame.f_back
        if frame is None or self.prepared(frame.f_code.co_filename, frame.f_lineno) is not False:
            return None
        spec = ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]  # a loader by its two methods
        spec.submodule_search_locations = []
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module."""
        return StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Run nothing."""
