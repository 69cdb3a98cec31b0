"""Every right variant agrees with the reference wherever it suits, every wrong one leaves its bound somewhere in a bank."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from benchmarks.variants import Right, Student
from benchmarks.variants.right import ARRAYS, OWN, rights
from grader import casebank
from grader.casebank import Bank
from grader.model import PARTS, Answer, Call, Case
from grader.numerics.comparison import compare, fitted
from reference import LayerSpec, catalogue
from tests.support import call


@cache
def bank_of(name: str) -> Bank:
    spec = catalogue()[name]
    return casebank.draw(spec, casebank.readings(spec, {}), 0)


def differing(spec: LayerSpec, student: Student, case: Case, answer: Answer) -> Iterator[str]:
    """Yield what of a student's answer is outside its bound."""
    outcome = call(spec, student, Call(case=case))
    for part in PARTS:
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

    differences = {c.title: d for c in suited if (d := list(differing(spec, right.student, c, bank.answers[0][c.number])))}

    assert suited
    assert differences == {}


def test_there_are_enough_right_variants_and_no_two_of_one_name():
    own = {(r.layer, r.name) for r in OWN}

    assert len(OWN) == len(own) >= 20
