"""One number worked out by hand, as a lecture does: which entries go into it, what they are multiplied by, and their sum.

Nothing here knows a layer. Every gradient is linear in dout, and many an output is in the input: so the products of a number are
found by asking the reference what each entry contributes. Where an entry contributes just what an entry of another argument is, that is
whom it is multiplied with.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.model import Array, Case
from reference import Given, LayerSpec

MOST_TERMS = 16  # of a sum that is still read
MOST_ENTRIES = 64  # of the arrays that are asked about one by one


@dataclass(frozen=True, slots=True)
class Term:
    """One product of a sum: an entry and what it is multiplied by, each with its place where it has one."""

    entry: str
    value: float
    factor: str  # "w[0, 0, 1, 1]", or "" where the factor is no entry of an argument
    times: float


@dataclass(frozen=True, slots=True)
class Worked:
    """A number with its terms. `largest` says that it is the largest of them and not their sum."""

    element: str
    terms: tuple[Term, ...]
    rest: float
    rest_of: str  # "b[0]", or "" where there is none
    largest: bool = False

    @property
    def uses(self) -> tuple[str, ...]:
        """The entries that go into it."""
        named = [entry for term in self.terms for entry in (term.entry, term.factor) if entry]
        return tuple(dict.fromkeys([*named, *([self.rest_of] if self.rest_of else [])]))


def work_out(spec: LayerSpec, reading: Mapping[str, Any], case: Case, name: str, index: tuple[int, ...]) -> Worked | None:
    """Return how the reference comes to one element of the output or of a gradient; None where that is no sum of a few products."""
    if case.size > MOST_ENTRIES or (case.dout is not None and case.dout.size > MOST_ENTRIES):
        return None
    case = case.in_float64
    given = Given(spec, {**case.arrays, **case.options, **reading}, case.dout, name)
    element, first = placed(name, index), spec.arguments[0].name
    if name in spec.gradients:
        return _gradient(given, name, index, element)
    if name != "out":
        return None
    return (_sum if first in spec.traits.linear else _largest)(given, index, element, first)


def placed(name: str, index: Iterable[Any]) -> str:
    """Return an element as a student writes it."""
    inside = ", ".join(str(int(i)) for i in index)
    return f"{name}[{inside}]" if inside else name


def _gradient(given: Given, name: str, index: tuple[int, ...], element: str) -> Worked | None:
    if not np.ndim(given.dout):
        return None
    terms = []
    for k in np.argwhere(given.dout):
        one = np.zeros(given.dout.shape)
        one[tuple(k)] = 1

        def share(at: Given, one: Array = one) -> float:
            return float(at.but(dout=one).gradients[name][index])

        if now := share(given):
            terms.append(Term(placed("dout", k), float(given.dout[tuple(k)]), _entry(given, share, now), now))
    return Worked(element, tuple(terms), 0.0, "") if 0 < len(terms) <= MOST_TERMS else None


def _sum(given: Given, index: tuple[int, ...], element: str, first: str) -> Worked | None:
    x = given.values[first]

    def rest(at: Given) -> float:
        return float(np.asarray(at.but(**{first: np.zeros(x.shape)}).out)[index])

    terms, nothing = [], rest(given)
    for j in np.ndindex(*x.shape):
        one = np.zeros(x.shape)
        one[j] = 1

        def share(at: Given, one: Array = one) -> float:
            return float(np.asarray(at.but(**{first: one}).out)[index]) - rest(at)

        if now := share(given):
            terms.append(Term(placed(first, j), float(x[j]), _entry(given, share, now), now))
    whole = sum(term.value * term.times for term in terms) + nothing
    if not 0 < len(terms) <= MOST_TERMS or not np.isclose(whole, np.asarray(given.out)[index]):
        return None
    return Worked(element, tuple(terms), nothing, _entry(given, rest, nothing) if nothing else "")


def _largest(given: Given, index: tuple[int, ...], element: str, first: str) -> Worked | None:
    """Find the window of an output that is one of its entries: those that it becomes when they grow."""
    x = given.values[first]
    high = float(np.abs(x).max(initial=0)) + 1
    seen = []
    for j in np.ndindex(*x.shape):
        raised = np.array(x)
        raised[j] = high
        if float(np.asarray(given.but(**{first: raised}).out)[index]) == high:
            seen.append(Term(placed(first, j), float(x[j]), "", 1.0))
    is_largest = 1 < len(seen) <= MOST_TERMS and max(term.value for term in seen) == np.asarray(given.out)[index]
    return Worked(element, tuple(seen), 0.0, "", largest=True) if is_largest else None


def _entry(given: Given, share: Callable[[Given], float], now: float) -> str:
    """Return the entry that a share is: the only one of its value with which the share grows as much as it grows itself."""
    found = []
    for argument in given.spec.given(given.values):
        array = given.values[argument.name]
        if array.dtype.kind != "f":
            continue
        for j in np.argwhere(array == now):
            changed = np.array(array)
            changed[tuple(j)] += 1
            if share(given.but(**{argument.name: changed})) == now + 1:
                found.append(placed(argument.name, j))
    return found[0] if len(found) == 1 else ""
