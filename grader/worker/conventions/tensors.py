"""Between NumPy and torch. Only this file of the package imports torch, and only in workers whose launcher had it loaded.

The parent never has torch, nor have workers for NumPy code: there `import torch` gives an inert stand-in.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.machinery import PathFinder
from typing import Any, TypeVar

import numpy as np

from grader.worker.conventions.adapter import Unusable
from grader.worker.conventions.transcript import forget, note
from grader.worker.wire import Array

Result = TypeVar("Result")
OF_TORCH = ("sympy", "mpmath", "networkx", "fsspec", "filelock", "jinja2", "markupsafe", "optree")  # packages that it imports
FUNCTION = frozenset({"torch.autograd.Function", "torch.autograd.function.Function"})
MODULE = frozenset({"torch.nn.Module", "torch.nn.modules.Module", "torch.nn.modules.module.Module"})
KNOWN_AS = {"x": "inputs", "y": "targets", "w": "weight", "b": "bias", "gamma": "scale", "beta": "shift"}  # as tensors, in lines of code
UNSEEN = "as far as autograd can tell; was something detached, taken from .data or computed in NumPy?"


class _Needed:
    """Finds what torch imports only when it comes to it: an optimiser's first step asks for SymPy."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        del path, target
        return PathFinder.find_spec(name, [self.folder]) if name in (*OF_TORCH, "typing_extensions") else None


def load(folder: str) -> int:
    """Import torch from a folder, of which nothing else but what torch needs can be imported; return how many MB of addresses that took.

    It uses one thread.
    """
    before = _mapped_mb()
    sys.path.append(folder)
    import torch

    sys.path.remove(folder)
    sys.meta_path.append(_Needed(folder))
    torch.set_num_threads(1)
    torch.ones(2, 2) @ torch.ones(2, 2)  # it looks at the processor now, while the system lets it
    return _mapped_mb() - before


def _mapped_mb() -> int:
    if sys.platform != "linux":  # elsewhere addresses are not bounded
        return 0
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no pathlib in a worker
        return int(file.read().split()[0]) * 4096 >> 20


def leaves(arrays: Mapping[str, Array], dtype: Any) -> dict[str, Any]:
    """Return tensors: of whole numbers as they are, of others in this dtype, and with a gradient to come."""
    import torch

    made = {name: torch.from_numpy(a.copy()) for name, a in arrays.items()}
    for name, t in made.items():
        note(
            f"{KNOWN_AS[name]} = torch.tensor({name}, {f'dtype={dtype}, requires_grad=True' if t.is_floating_point() else 'dtype=torch.long'})"
        )
    return {name: t.to(dtype).requires_grad_() if t.is_floating_point() else t.long() for name, t in made.items()}


def passed(leaf: Any) -> Any:
    """Return a tensor as a layer gets it inside a net: not a leaf, so that it may be written into."""
    return leaf.clone()


def fill(held: Any, value: Array) -> None:
    """Put values into a tensor of a layer, and ask for its gradient where it can have one."""
    import torch

    with torch.no_grad():
        held.copy_(torch.from_numpy(np.array(value)))


def in_its_precision(arrays: Mapping[str, Array], run: Callable[[Any], Result]) -> Result:
    """Call `run(dtype)` with the dtype of the arrays; code that has float32 written into it gets that, and is judged by it."""
    import torch

    double = any(a.dtype == np.float64 for a in arrays.values())
    torch.set_default_dtype(torch.float64 if double else torch.float32)
    try:
        note("import torch", f"torch.set_default_dtype({torch.get_default_dtype()})")
        return run(torch.get_default_dtype())
    except RuntimeError as mixed:
        if not double or "ouble" not in str(mixed):  # every complaint of torch about a mixture names one of them Double
            raise
    forget()
    note("import torch", "torch.set_default_dtype(torch.float32)")
    torch.set_default_dtype(torch.float32)
    return run(torch.float32)


def gradients(out: Any, leaves: Mapping[str, Any], dout: Array, places: Mapping[str, str]) -> dict[str, Any]:
    """Return the gradients of sum(dout * out) by name, as precise as out is; `places` are where the leaves are in lines of code.

    Raises:
        Unusable: Autograd sees no way from out to one of them.
    """
    import torch

    if not isinstance(out, torch.Tensor) or not out.requires_grad:
        raise Unusable(f"the output does not depend on the inputs, {UNSEEN}")
    if out.numel() != dout.size:
        raise Unusable(f"there is no gradient for an output of shape {tuple(out.shape)}")
    said = f"(result * torch.tensor(dout).reshape({tuple(out.shape)})).sum()" if dout.ndim else f"result * {float(dout)}"
    note(f"found = torch.autograd.grad({said}, [{', '.join(places[name] for name in leaves)}])")
    note(f"grads = {{name: gradient.numpy() for name, gradient in zip({list(leaves)}, found)}}")
    weights = torch.from_numpy(dout.copy()).to(out.dtype).reshape(out.shape)
    # Of a sum, since torch looks at weights that it is given by means of SymPy, which no worker has.
    found = torch.autograd.grad((out * weights).sum(), list(leaves.values()), allow_unused=True)
    for name, gradient in zip(leaves, found, strict=True):
        if gradient is None:
            raise Unusable(f"{name} is None: the output does not depend on it, {UNSEEN}")
    return {name: array(g.to(out.dtype)) for name, g in zip(leaves, found, strict=True)}


def unpacked(names: Iterable[str]) -> str:
    """Return the line of code that gives gradients their names."""
    return f"{', '.join(names)}, = grads.values()"


def array(value: Any) -> Any:
    """Return a tensor as a plain array; whatever else it is stays as it is."""
    import torch

    return torch.Tensor.numpy(torch.Tensor.detach(value), force=True) if isinstance(value, torch.Tensor) else value


def single(out: Any) -> Any:
    """Return an output, noted as result, as a plain array. Raises Unusable where there are several."""
    note("out = result.detach().numpy()")
    if isinstance(out, tuple | list | dict):
        raise Unusable(f"one {type(out).__name__} was returned instead of one tensor")
    return array(out)


def planes(out: Any) -> Any:
    """Return an output (N, C, 1, 1), noted as result, as (N, C); any other as it is."""
    if getattr(out, "ndim", 0) != 4 or tuple(out.shape[2:]) != (1, 1):
        return out
    note("result = result.flatten(1)")
    return out.flatten(1)


def zeros(shape: tuple[int, ...]) -> Any:
    """Return zeros, for a call of which only the shape matters."""
    import torch

    return torch.zeros(shape)


def sets_context_apart(function: Any) -> bool:
    """Whether a Function has a `setup_context` of its own."""
    import torch

    return function.setup_context is not torch.autograd.Function.setup_context


def seed(number: int) -> None:
    """Let what draws from torch draw the same again."""
    import torch

    torch.manual_seed(number)


def cross_entropy(scores: Any, labels: Any) -> Any:
    """Return the mean cross entropy of the softmax of scores (N, K), which a net's own loss is taken for."""
    import torch

    return torch.nn.functional.cross_entropy(scores, labels)
