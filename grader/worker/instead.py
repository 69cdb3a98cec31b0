"""Put other functions in the place of a submission's: under the names by which its modules know them, and wherever else they went."""

import sys
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from grader.worker.loading import SourceLoader


def put_instead(source: str, names: Mapping[str, str]) -> None:
    """Run `source` in a module of its own, and bind its functions in every module of the submission that has such a name.

    What was bound there becomes the same, so that other names of it, dictionaries that hold it and classes derived from it have it too.

    Args:
        source: The text of a module.
        names: What the source calls it, by the name in the submission, whether that was defined there or imported.
    """
    module = ModuleType("__instead__")
    exec(compile(source, module.__name__, "exec"), vars(module))  # noqa: S102 - the grader's own text
    modules = list(_modules())
    own = {known.get("__name__") for known in modules}
    for known in modules:
        for name in names.keys() & known.keys():
            right = vars(module)[names[name]]
            if isinstance(known[name], type | FunctionType) and known[name].__module__ in own:  # a library's is not the submission's
                _become(known[name], right)
            known[name] = right


def _become(wrong: Any, right: Any) -> None:
    """Let a function or class do what another one does, for whoever holds it; one with a closure cannot."""
    if isinstance(wrong, type) and isinstance(right, type):
        for name, method in vars(right).items():
            if isinstance(method, FunctionType):
                type.__setattr__(wrong, name, method)
    elif isinstance(wrong, FunctionType) and wrong.__closure__ is None:
        wrong.__code__, wrong.__defaults__, wrong.__kwdefaults__ = _forwarding.__code__, None, {"_right": right}


def _forwarding(*given: Any, _right: Any, **named: Any) -> Any:
    return _right(*given, **named)


def _modules() -> Iterator[dict[str, object]]:
    """Yield the globals of each module that was loaded from the submission."""
    for module in list(sys.modules.values()):
        # What stands there may be anything that a file has put there, and answer questions as it likes.
        if type(module) is ModuleType and type(getattr(vars(module).get("__spec__"), "loader", None)) is SourceLoader:
            yield vars(module)
