"""Functions of cs231n's kind named in camel case, `convForwardNaive(x, w, b, conv_param)`, as who comes from Java or MATLAB writes them."""

from dataclasses import replace

from grader.worker.conventions import cs231n
from grader.worker.conventions.adapter import Adapter, Wanted


def camel(name: str) -> str:
    """Return a name of several words in camel case: reluBackward for relu_backward."""
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _function(wanted: Wanted) -> bool:
    return not (wanted.methods or wanted.calls or wanted.versions)


def renamed(adapter: Adapter) -> Adapter:
    """Return an adapter that calls the same functions by other names; what is one word is cs231n's own."""
    wants = {
        part: replace(wanted, names=tuple(camel(name) for name in wanted.names if "_" in name)) for part, wanted in adapter.wants.items()
    }
    return replace(adapter, wants=wants, varied=False)  # no course with such names promises to flatten


NAME, PLACE = "camel_case", 90
TASKS = {task: renamed(adapter) for task, adapter in cs231n.TASKS.items() if all(map(_function, adapter.wants.values()))}
