"""Copies: of a layer whose output shows entries of x, or 0, dx at an entry is the sum of dout over the outputs that show it.

Forward tells which those are, from an x that holds 1, 2, 3 and so on. With a dout of ones it is their number, so that for im2col
backward counts the windows that cover an entry.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from grader.model import Case
from grader.numerics.ball import EPS, Ball
from grader.properties.laws.law import Equation, Law, LawText, Run, varied
from reference import LayerSpec


def vary(spec: LayerSpec, case: Case) -> Sequence[Case] | None:
    """Number the entries."""
    name = spec.arguments[0].name
    x = case.arrays[name]
    return [varied(case, **{name: np.arange(1.0, x.size + 1).reshape(x.shape)})]


def equations(spec: LayerSpec, runs: Sequence[Run]) -> Iterable[Equation]:
    """One, of the gradient."""
    plain, numbered = runs
    x = spec.arguments[0]
    got = plain.gradients[x.name]
    assert plain.case.dout is not None
    shown = np.clip(np.rint(numbered.out.mid), 0, got.mid.size).astype(int).ravel()
    dout = plain.case.dout.ravel()
    total, size = (np.bincount(shown, d, got.mid.size + 1)[1:].reshape(got.shape) for d in (dout, np.abs(dout)))
    yield Equation(f"{x.gradient}", got, Ball(total, EPS * np.bincount(shown).max() * size))


LAW = Law(
    name="copied_entries",
    says=LawText(
        "every entry of x gets the dout of each place where the output shows it",
        "{name} is not the sum of dout over the places where your own output shows the entry.",
    ),
    parts=("backward",),
    holds=lambda spec: spec.traits.copies,
    vary=vary,
    equations=equations,
)
