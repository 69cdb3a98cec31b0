"""How student code spells a layer. One file a convention, each with `TASKS`: an adapter for every task it knows."""

from collections.abc import Mapping
from types import MappingProxyType

from grader.worker.conventions import classes, cs231n, deeplearning_ai, lecture, plain, scratch, torch_functions, torch_modules
from grader.worker.conventions.adapter import Adapter

CONVENTIONS: Mapping[str, Mapping[str, Adapter]] = MappingProxyType(
    {
        "cs231n": cs231n.TASKS,
        "deep_learning_from_scratch": scratch.TASKS,
        "lecture": lecture.TASKS,
        "functions": plain.TASKS,
        "deeplearning_ai": deeplearning_ai.TASKS,
        "classes": classes.TASKS,
        "torch_functions": torch_functions.TASKS,
        "torch_modules": torch_modules.TASKS,
    }
)
