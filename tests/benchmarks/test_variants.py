"""Every right variant agrees with the reference wherever it suits, every wrong one leaves its bound somewhere in a bank."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.variants import Right, Wrong
from benchmarks.variants.wrong import WRONG
from grader import casebank
from grader.audit.right import ARRAYS, OWN, rights
from grader.model import PARTS, Answer, Call, Case, Outcome
from grader.numerics.comparison import compare, fitted
from reference import LayerSpec, catalogue
from tests.support import bank_of, call


def differing(spec: LayerSpec, outcome: Outcome, case: Case, answer: Answer) -> Iterator[str]:
    """Yield what of a student's answer is outside its bound."""
    for part in PARTS if case.dout is not None and spec.backward else PARTS[:1]:
        stage = outcome.stage(part)
        if stage is None or stage.failure or not answer.values:
            yield f"{part}: {stage and stage.failure}"
            continue
        for name, got in stage.values.items():
            wanted = answer.values[name]
            fit = fitted(got, np.shape(wanted.value))
            if fit is None or compare(case, fit, wanted):
                yield name


RIGHTS = [r for spec in ARRAYS for r in rights(spec, **casebank.readings(spec, {})[0])]


@pytest.mark.parametrize("right", RIGHTS, ids=lambda r: f"{r.layer}: {r.name}")
def test_a_right_variant_agrees_wherever_it_suits(right: Right):
    spec, bank = catalogue()[right.layer], bank_of(right.layer)
    suited = [c for c in bank.cases if right.suits({**c.arrays, **c.options})]

    outcomes = [(c, call(spec, right.student, Call(case=c))) for c in suited]
    differences = {c.title: d for c, outcome in outcomes if (d := list(differing(spec, outcome, c, bank.answers[0][c.number])))}

    assert suited
    assert differences == {}


def test_there_are_enough_right_variants_and_no_two_of_one_name():
    own = {(r.layer, r.name) for r in OWN}

    assert len(OWN) == len(own) >= 20


def called(wrong: Wrong, dtype: type) -> list[tuple[Case, Outcome]]:
    """Call a wrong variant on every case."""
    spec = catalogue()[wrong.layer]
    return [(case, call(spec, wrong.student, Call(case=case))) for case in cases_of(wrong.layer, dtype)]


def seen(spec: LayerSpec, told: Sequence[tuple[Case, Outcome]], answers: Sequence[Answer]) -> Iterator[str]:
    """Yield what differs in any case, by one reading."""
    return (what for case, outcome in told for what in differing(spec, outcome, case, answers[case.number]))


@cache
def cases_of(name: str, dtype: type) -> list[Case]:
    """Return the float64 cases of a bank, cast to float32 where that is asked for."""

    def cast(a: np.ndarray) -> np.ndarray:
        return a.astype(dtype) if a.dtype.kind == "f" else a

    return [
        replace(c, arrays={n: cast(a) for n, a in c.arrays.items()}, dout=None if c.dout is None else cast(c.dout))
        for c in bank_of(name).cases
        if c.dtype == np.float64
    ]


def once_a_mistake(layer: str) -> list[Wrong]:
    """Return the wrong variants of a layer; of a misconception, which every parameter of a net can show, the first."""
    return list({w.name.rpartition(": ")[2]: w for w in reversed(WRONG) if w.layer == layer}.values())[::-1]


WRONGS = {name: once_a_mistake(name) for name in catalogue()}
EVERY_LAYER = pytest.mark.parametrize("layer", [name for name, wrongs in WRONGS.items() if wrongs])


def is_as_told(wrong: Wrong) -> bool:
    """Whether a wrong variant is outside its bound by every reading, and in the pass that it names."""
    spec = catalogue()[wrong.layer]
    told, by_reading = called(wrong, np.float64), bank_of(wrong.layer).answers
    found = set(seen(spec, told, by_reading[0]))
    values = {what for what in found if not what.startswith("backward:")}  # wrong code may raise, too
    in_its_pass = ("out" in found) == (wrong.in_forward and not wrong.beside) and (bool(found & set(spec.beside)) or not wrong.beside)
    # An output of another shape may break the call of backward, nothing else.
    return (
        all(any(seen(spec, told, answers)) for answers in by_reading)
        and in_its_pass
        and (wrong.in_forward or values <= set(spec.gradients))
    )


@EVERY_LAYER
def test_wrong_variants_are_outside_their_bounds_by_every_reading_and_in_the_pass_that_they_name(layer: str):
    assert [wrong.name for wrong in WRONGS[layer] if not is_as_told(wrong)] == []


@EVERY_LAYER
def test_mistakes_that_float32_can_show_are_shown(layer: str):
    spec, answers = catalogue()[layer], bank_of(layer).answers[0]

    shown = {w.name: any(seen(spec, called(w, np.float32), answers)) for w in WRONGS[layer]}

    assert shown == {wrong.name: wrong.single for wrong in WRONGS[layer]}


def test_there_are_enough_wrong_variants_and_no_two_of_one_name():
    named = {(w.layer, w.name) for w in WRONG}
    counts = Counter(w.layer for w in WRONG)

    assert len(WRONG) == len(named) >= 75
    assert all(counts[name] >= 4 for name in catalogue() if catalogue()[name].arguments)
    assert all(counts[name] >= 7 for name in ("affine", "conv2d", "max_pool2d", "batch_norm", "softmax_loss"))
