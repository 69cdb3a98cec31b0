"""Ways to check a gradient: ours, torch's, and those of courses. Each says whether it finds the student right at one input.

Sources: torch.autograd.gradcheck (torch 2.13); the notes and `gradient_check.py` of Stanford's CS231n for the numeric gradient and
its relative error, of which "1e-7 and less you should be happy" and above 1e-4 is suspicious without kinks.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from benchmarks.measures.inputs import Input
from benchmarks.variants import first
from grader.answers import answer
from grader.model import Array
from grader.numerics.agreement import DIRECTIONS, Agreement, agreements
from grader.numerics.comparison import compare
from tests.reference.oracles import ORACLES

STEP = 1e-5
CS231N_LIMIT = 1e-4


def backward_of(given: Input) -> Callable[[Array, Any], tuple[Any, ...]]:
    """Return the student's backward."""
    assert given.student.backward
    return given.student.backward


def comparison_a(given: Input) -> bool:
    """Compare every element with the reference's, within its bound; in test mode, and of a function without backward, those of forward."""
    out, cache = given.student.forward(**given.case.arrays, **given.case.options)
    outputs = out if given.spec.beside else (out,)
    dout = given.case.dout if given.student.backward else None
    returned = [*map(np.asarray, outputs), *(() if dout is None else backward_of(given)(dout, cache))]
    expected = answer(given.spec, given.case, given.reading).values
    return all(
        got.shape == e.value.shape and compare(given.case, got, e) is None for got, e in zip(returned, expected.values(), strict=True)
    )


def comparison_b(given: Input, directions: int = DIRECTIONS) -> bool:
    """Hold backward against the numeric derivative of the student's own forward, along a few directions; all must be right."""
    return verdict_of_b(given, directions) is Agreement.RIGHT


def verdict_of_b(given: Input, directions: int = DIRECTIONS) -> Agreement:
    """Say the same in one of three words: at a tie, or where rounding drowns the derivative, B is undecided, and refuses nothing."""
    arrays, backward = given.case.arrays, backward_of(given)

    def run(inputs: Mapping[str, Array]) -> tuple[Any, Any]:
        return given.student.forward(**inputs, **given.case.options)

    def pullback(v: Array) -> Mapping[str, Array]:
        return dict(zip(given.wanted, backward(v, run(arrays)[1]), strict=True))

    def evaluate(several: Sequence[Mapping[str, Array]]) -> list[Array]:
        return [np.asarray(first(run(inputs)[0])) for inputs in several]

    said = agreements(evaluate, pullback, arrays, given.wanted, evaluate([arrays])[0], 0, directions)
    found = {along.agreement for along in said.values()}
    return next((worst for worst in (Agreement.WRONG, Agreement.UNDECIDED) if worst in found), Agreement.RIGHT)


def torch_native(given: Input, *, fast: bool) -> Callable[[], bool]:
    """Return torch's check of its own layer: what it costs where nothing is spent on NumPy."""
    arguments = given.spec.given(given.case.arrays)
    tensors = [torch.tensor(given.case.arrays[a.name]) for a in arguments]
    for a, tensor in zip(arguments, tensors, strict=True):
        tensor.requires_grad_(bool(a.gradient))
    options = {**given.reading, **given.case.options}
    oracle = partial(ORACLES[given.spec.name], **options)
    return lambda: torch.autograd.gradcheck(lambda *inputs: first(oracle(*inputs)), tensors, fast_mode=fast)


def torch_wrapped(given: Input, *, fast: bool) -> bool:
    """Run torch's check of the student's NumPy functions, wrapped as an operation of torch."""
    arrays, wanted = given.case.arrays, given.wanted
    differentiate = backward_of(given)

    class Wrapped(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: torch.Tensor) -> torch.Tensor:
            inputs = {**arrays, **{name: t.detach().numpy() for name, t in zip(wanted, tensors, strict=True)}}
            out, ctx.kept = given.student.forward(**inputs, **given.case.options)
            return torch.from_numpy(np.array(first(out)))

        @staticmethod
        def backward(ctx: Any, dout: torch.Tensor) -> tuple[torch.Tensor, ...]:
            return tuple(torch.from_numpy(np.array(g)) for g in differentiate(dout.numpy(), ctx.kept))

    tensors = [torch.tensor(arrays[name], requires_grad=True) for name in wanted]
    try:
        return bool(torch.autograd.gradcheck(Wrapped.apply, tensors, fast_mode=fast))
    except (RuntimeError, ValueError):
        return False


def cs231n(given: Input) -> bool:
    """Look at the largest relative error of an element, with the limit that the course's notes call suspicious."""
    return all(
        _relative(g, n) <= CS231N_LIMIT if g.shape == n.shape else False
        for g, n in zip(_gradients(given), numeric_gradients(given), strict=True)
    )


def central_difference(given: Input) -> bool:
    """Call np.allclose on the gradient and its central difference, as many a test suite does."""
    return all(g.shape == n.shape and np.allclose(g, n) for g, n in zip(_gradients(given), numeric_gradients(given), strict=True))


def numeric_gradients(given: Input) -> list[Array]:
    """Return (f(x + h) - f(x - h)) / 2h, contracted with dout, element by element: two forwards for each."""
    arrays = {name: a.copy() for name, a in given.case.arrays.items()}
    gradients = []
    for name in given.wanted:
        array = arrays[name]
        gradient = np.zeros(array.shape)
        for index in np.ndindex(*array.shape):
            old = array[index]
            array[index] = old + STEP
            up, _ = given.student.forward(**arrays, **given.case.options)
            array[index] = old - STEP
            down, _ = given.student.forward(**arrays, **given.case.options)
            array[index] = old
            gradient[index] = np.sum((first(up) - first(down)) * given.case.dout) / (2 * STEP)
        gradients.append(gradient)
    return gradients


def _gradients(given: Input) -> list[Array]:
    _, cache = given.student.forward(**given.case.arrays, **given.case.options)
    assert given.case.dout is not None
    return [np.asarray(g) for g in backward_of(given)(given.case.dout, cache)]


def _relative(one: Array, other: Array) -> float:
    return float(np.max(np.abs(one - other) / np.maximum(1e-8, np.abs(one) + np.abs(other)), initial=0))
