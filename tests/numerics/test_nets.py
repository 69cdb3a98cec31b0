"""The bounds of the nets are not loose: depth must not widen them."""

import numpy as np
import pytest

from grader import casebank
from grader.audit.right.generic import single
from grader.model import PARTS, Call
from grader.numerics.bounds import tolerance
from reference import catalogue
from tests.support import call, first_bank

FLOOR = {"two_layer_net": 4e-3, "three_layer_net": 4e-3, "convnet": 5e-4}  # the sums of a convolution are long, and their errors cancel


@pytest.mark.parametrize("name", FLOOR)
def test_rounding_to_float32_uses_up_a_fair_share_of_the_bound_of_every_array(name: str):
    spec = catalogue()[name]
    reading = casebank.readings(spec, {})[0]

    used: dict[str, float] = {}
    for seed in range(8):
        bank = first_bank(name, seed)
        for case, answer in zip(bank.cases, bank.answers[0], strict=True):
            outcome = call(spec, single(spec, **reading), Call(case=case))
            for stage in (outcome.stage(part) for part in PARTS):
                assert stage
                for array, got in stage.values.items():
                    wanted = answer.values[array]
                    share = np.abs(got - wanted.value) / np.maximum(tolerance(case, wanted, got), np.finfo(float).tiny)
                    used[array] = max(used.get(array, 0), float(share.max()))

    assert set(used) == {"out", *spec.gradients}
    assert min(used.values()) > FLOOR[name], used
