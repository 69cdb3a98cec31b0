"""Nablagrade: grade neural-network layers that students wrote by hand in NumPy.

`run(paths)` grades submissions and returns the results; everything else is the command line's.
"""

from typing import TYPE_CHECKING, Any

from grader.version import VERSION

if TYPE_CHECKING:
    from grader.grading import run

__version__ = VERSION
__all__ = ["__version__", "run"]


def __getattr__(name: str) -> Any:
    """Load the engine only when it is asked for: `import grader` stays light, in the worker too."""
    if name == "run":
        from grader.grading import run

        return run
    raise AttributeError(f"module 'grader' has no attribute {name!r}")
