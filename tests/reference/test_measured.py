"""Bounds and kinks that are measured hold what was worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from grader import casebank
from reference import catalogue, measured


@pytest.mark.parametrize("name", ["sigmoid", "softmax_loss", "leaky_relu"])
def test_measured_bounds_hold_what_was_worked_out_by_hand(name: str):
    spec = catalogue()[name]
    assert spec.backward
    bare = replace(spec, magnitude=measured.magnitude(spec.forward, spec.backward))
    case = casebank.draw(spec, ({},), 0).cases[1]
    sizes, right = (s.magnitude(dict(case.arrays), dict(case.options), case.dout) for s in (bare, spec) if s.magnitude)

    for size, norm, known in zip((sizes.out, *sizes.gradients), sizes.norms or (), (right.out, *right.gradients), strict=True):
        assert (np.maximum(size, norm) * 8 >= known).all()
        assert (size <= known.max() * 64).all()


def test_a_kink_is_found_where_the_slopes_on_both_sides_differ():
    marked = measured.kinks(lambda x: (np.abs(x), None), ("x",))

    assert marked(x=np.array([[-1.0, 0.0, 2.0, 1e-9]])).tolist() == [[False, True, False, True]]
    assert not measured.kinks(lambda x: (x / (1 + np.abs(x)), None), ("x",))(x=np.array([[0.0, 1.0]])).any()
