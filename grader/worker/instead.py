"""Put other functions in the place of a submission's, under the names by which its modules know them."""

import sys
from collections.abc import Iterator, Mapping
from types import ModuleType

from grader.worker.loading import SourceLoader


def put_instead(source: str, names: Mapping[str, str]) -> None:
    """Run `source` in a module of its own, and bind its functions in every module of the submission that has such a name.

    Args:
        source: The text of a module.
        names: What the source calls it, by the name in the submission, whether that was defined there or imported.
    """
    module = ModuleType("__instead__")
    exec(compile(source, module.__name__, "exec"), vars(module))  # noqa: S102 - the grader's own text
    for known in _modules():
        known.update({name: vars(module)[other] for name, other in names.items() if name in known})


def _modules() -> Iterator[dict[str, object]]:
    """Yield the globals of each module that was loaded from the submission."""
    for module in list(sys.modules.values()):
        # What stands there may be anything that a file has put there, and answer questions as it likes.
        if type(module) is ModuleType and type(getattr(vars(module).get("__spec__"), "loader", None)) is SourceLoader:
            yield vars(module)
