"""Nablagrade: grade neural-network layers that students wrote by hand in NumPy.

`run(paths)` grades submissions and returns the results; `check("conv2d")` checks what a notebook has for a task;
`gradcheck(forward, backward, inputs)` checks a backward of your own, `numeric_jvp` and `numeric_jacobian` differentiate; everything
else is the command line's.
"""

import importlib
from typing import TYPE_CHECKING, Any

from grader.version import VERSION

if TYPE_CHECKING:
    from grader.gradient_check import GradcheckReport, gradcheck, numeric_jacobian, numeric_jvp
    from grader.grading import run
    from grader.notebook.checked import check

__version__ = VERSION
__all__ = ["GradcheckReport", "__version__", "check", "gradcheck", "numeric_jacobian", "numeric_jvp", "run"]
_HOMES = {
    "run": "grader.grading",
    "check": "grader.notebook.checked",
    "load_ipython_extension": "grader.notebook.magics",  # what `%load_ext grader` calls
    **dict.fromkeys(("GradcheckReport", "gradcheck", "numeric_jacobian", "numeric_jvp"), "grader.gradient_check"),
}


def __getattr__(name: str) -> Any:
    """Load the engine only when it is asked for: `import grader` stays light, in the worker too."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'grader' has no attribute {name!r}")
