"""The usual mistakes of batch normalisation are outside its bounds, whatever the case."""

from typing import Any

import numpy as np
import pytest

from grader.model import Array, Call, Case
from grader.numerics.comparison import compare
from reference import catalogue
from reference.layers import batch_norm
from tests.support import Student, call, first_bank

SPEC = catalogue()["batch_norm"]


def forgets_eps(*, eps: float, **given: Any) -> tuple[Any, Any]:
    return batch_norm.forward(eps=eps / 1e12, **given)  # not quite 0: a constant feature would only warn


def divides_by_one_less(*, x: Array, eps: float, **given: Any) -> tuple[Any, Any]:
    wider = x.var(axis=0, ddof=1) - x.var(axis=0) if given["training"] else 0.0
    return batch_norm.forward(x, eps=eps + wider, **given)


def has_one_eps(*, eps: float, **given: Any) -> tuple[Any, Any]:
    del eps
    return batch_norm.forward(eps=1e-5, **given)


def varies(case: Case) -> bool:
    """Whether some feature that is scaled at all is not constant: of the others no mistake shows."""
    return bool((case.arrays["gamma"] * np.ptp(case.arrays["x"], axis=0)).any())


@pytest.mark.parametrize("forward", [forgets_eps, divides_by_one_less, has_one_eps])
def test_a_wrong_variance_is_outside_the_bound_of_every_array_that_depends_on_it(forward: Any):
    tried = 0
    for seed in range(5):
        bank = first_bank(SPEC.name, seed)
        for case, answer in zip(bank.cases, bank.answers[0], strict=True):
            asked = case.options["eps"] != 1e-5 or forward is not has_one_eps
            if case.dtype == np.float32 or case.dout is None or not varies(case) or not asked:
                continue
            outcome = call(SPEC, Student(forward, batch_norm.backward), Call(case=case))
            for stage in (outcome.forward, outcome.backward):
                assert stage
                for name, got in stage.values.items():
                    wrong = compare(case, got, answer.values[name]) is not None
                    assert wrong == (name in ("out", "dx", "dgamma")), f"{name}, seed {seed}, {case.title}"
            tried += 1

    assert tried > 20
