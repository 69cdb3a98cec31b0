"""Batch normalisation has two modes, and statistics that go in and come out: what is named keeps them apart."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.variants import Student
from grader.model import Array
from reference import Given, catalogue
from tests.diagnosis.test_diagnose import diagnosed

SPEC = catalogue()["batch_norm"]


def dividing(by: Callable[[Array, float], Array]) -> Student:
    """Return a student who divides x - mean by `by(variance, eps)` in both modes."""

    def forward(x: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, **options: Any) -> tuple[Any, Any]:
        (_, *running), cache = SPEC.forward(x, gamma, beta, running_mean, running_var, **options)
        mean, var = (x.mean(axis=0), x.var(axis=0)) if options["training"] else (running_mean, running_var)
        with np.errstate(divide="ignore", invalid="ignore"):
            return (gamma * (x - mean) / by(var, options["eps"]) + beta, *running), cache

    return Student(forward, SPEC.backward)


@pytest.mark.parametrize(
    ("by", "named"),
    [
        (lambda var, eps: np.sqrt(var) + eps, "eps_outside_root+test_mode_eps_outside_root"),
        (lambda var, eps: np.sqrt(var), "eps_omitted+test_mode_without_eps"),
        (lambda var, eps: var + eps, "divided_by_variance+test_mode_divided_by_variance"),
    ],
    ids=["eps outside the root", "no eps", "the variance"],
)
def test_a_mistake_in_both_modes_is_named_for_both(by: Callable[[Array, float], Array], named: str):
    found, failing = diagnosed(SPEC, dividing(by))

    assert failing == []
    assert [d.id for d in found.diagnoses] == [named]


def test_the_right_running_mean_is_the_one_that_comes_out():
    rng = np.random.default_rng(0)
    old, given = np.zeros(2), {"gamma": np.ones(2), "beta": np.zeros(2), "running_var": np.ones(2)}
    x = rng.normal(3.0, 1.0, (4, 2))

    g = Given(SPEC, {"x": x, "running_mean": old, **given, "momentum": 0.9}, None, "running_mean")

    np.testing.assert_allclose(g.right, 0.1 * x.mean(axis=0))
    np.testing.assert_array_equal(g.running_mean, old)
