"""A backward agrees with its own forward or does not, whatever the reference says of either."""

from itertools import cycle, islice
from typing import Any

import numpy as np
import pytest

from benchmarks.variants import Right, Student, Wrong, first
from benchmarks.variants.wrong import WRONG
from grader import casebank
from grader.audit.right import ARRAYS, rights
from grader.audit.right.generic import reference
from grader.numerics.agreement import DIRECTIONS, Agreement, Along, agreements, compare
from grader.numerics.derivative import Derivative, direction, directional, known
from reference import catalogue
from tests.numerics.forwards import Layer, cases

SPECS = catalogue()
DIFFERENTIABLE = [spec for spec in ARRAYS if spec.backward]
RIGHT = [right for spec in DIFFERENTIABLE for right in rights(spec, **casebank.readings(spec, {})[0]) if right.student.backward]
# Those that name the gradient that is wrong, and leave it its shape: of another shape it is no matter for numbers.
MISSHAPEN = ("dx left flat", "dx with the padding still around it")
ONE_WRONG = [
    wrong
    for wrong in WRONG
    if not wrong.in_forward and wrong.name.split()[0] in SPECS[wrong.layer].gradients and wrong.name not in MISSHAPEN
]


@pytest.mark.parametrize("right", RIGHT, ids=lambda right: f"{right.layer}, {right.name}")
def test_right_ways_are_never_refused(right: Right):
    spec = SPECS[right.layer]
    some = [c for c in cases(spec.name) if right.suits({**c.arrays, **c.options})][:4]

    found = [along.agreement for case in some for along in Layer(spec, right.student, case).agreements().values()]

    assert Agreement.WRONG not in found
    assert Agreement.RIGHT in found


@pytest.mark.parametrize("wrong", ONE_WRONG, ids=lambda wrong: f"{wrong.layer}, {wrong.name}")
def test_a_wrong_gradient_is_found_under_the_name_of_its_argument(wrong: Wrong):
    spec = SPECS[wrong.layer]
    guilty = next(a.name for a in spec.arguments if a.gradient == wrong.name.split()[0])

    blamed = set()
    for case in cases(spec.name, most=1000):
        said = Layer(spec, wrong.student, case).agreements()
        blamed |= {name for name, along in said.items() if along.agreement is Agreement.WRONG}
        if guilty in blamed:
            break

    assert blamed == {guilty}


@pytest.mark.parametrize("layer", ["affine", "conv2d", "batch_norm", "sigmoid", "softmax_loss", "two_layer_net"])
def test_the_right_gradient_of_a_wrong_forward_agrees(layer: str):
    spec = SPECS[layer]
    right = reference(spec, **casebank.readings(spec, {})[0])
    assert right.backward
    backward = right.backward

    def twice(**given):
        out, cache = right.forward(**given)
        return 2 * first(out) + 1, cache

    found = Layer(spec, Student(twice, lambda dout, cache: backward(2 * dout, cache)), cases(spec.name)[1]).agreements()

    assert {along.agreement for along in found.values()} == {Agreement.RIGHT}


def test_what_backward_says_and_what_it_should_are_told():
    x = np.arange(1.0, 4)

    said = agreements(lambda several: [s["x"] ** 2 for s in several], lambda v: {"x": 3 * x * v}, {"x": x}, ["x"], x**2, 0)["x"]

    assert said.agreement is Agreement.WRONG
    assert said.analytic == pytest.approx(1.5 * said.numeric)
    assert said.numeric == pytest.approx((2 * x * said.weights * said.along["x"]).sum(), abs=said.bound)
    assert said.error == said.analytic - said.numeric


def test_outputs_at_a_kink_have_no_weight():
    x = np.array([0.0, 1, -1, 2])
    relu = [lambda several: [np.maximum(s["x"], 0) for s in several], lambda v: {"x": v * (x > 0)}]

    said = agreements(*relu, {"x": x}, ["x"], np.maximum(x, 0), 0)["x"]

    assert said.agreement is Agreement.RIGHT
    assert (said.weights == 0).tolist() == [True, False, False, False]


@pytest.mark.parametrize("size", [1, 20])
def test_numbers_that_tell_nothing_refuse_nobody(size: int):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(size)

    said = agreements(lambda several: [rng.standard_normal(size) for _ in several], lambda v: {"x": v}, {"x": x}, ["x"], x, 0)["x"]

    assert said.agreement is Agreement.UNDECIDED


def test_a_pole_within_the_steps_refuses_nobody():
    x = np.array([1e-6])

    said = agreements(lambda several: [np.log(np.abs(s["x"])) for s in several], lambda v: {"x": v / x}, {"x": x}, ["x"], np.log(x), 0)

    assert said["x"].agreement is not Agreement.WRONG


@pytest.mark.parametrize(("gradient", "agreement"), [(0.0, Agreement.RIGHT), (1e-6, Agreement.WRONG), (1.0, Agreement.WRONG)])
def test_the_gradient_of_a_constant_is_zero(gradient: float, agreement: Agreement):
    x = np.arange(1.0, 4)

    said = agreements(lambda several: [np.ones(5) for _ in several], lambda v: {"x": gradient + 0 * x}, {"x": x}, ["x"], np.ones(5), 0)

    assert said["x"].agreement is agreement


@pytest.mark.parametrize("spec", DIFFERENTIABLE, ids=lambda spec: spec.name)
def test_the_measured_bound_holds_in_100_draws(spec):
    reading = casebank.readings(spec, {})[0]
    right = reference(spec, **reading)
    several = [case for seed in range(5) for case in cases(spec.name, seed)]
    for number, case in enumerate(islice(cycle(several), 100)):  # where they are fewer, each along several directions
        rng = np.random.default_rng(number)
        layer = Layer(spec, right, case)
        along = {name: direction(rng, case.arrays[name].shape) for name in layer.names}
        out = layer.out
        found = directional(layer.evaluate, case.arrays, along, out)
        v = np.where(known(found), direction(rng, out.shape), 0)
        if spec.kinks and not spec.scalar:
            v = v * ~spec.kinks(**case.arrays, **case.options, **reading)

        products = [g * along[name] for name, g in layer.pullback(v).items()]
        used = v != 0
        error = abs(sum(float(p.sum()) for p in products) - float((v[used] * found.value[used]).sum()))
        bound = float((np.abs(v[used]) * found.bound[used]).sum())
        rounding = 1e-15 * sum(float(np.abs(p).sum()) for p in products)

        assert error <= bound + rounding, (case.title, error, bound)


@pytest.mark.parametrize("level", [0.0, 1.0, 1e15])
def test_a_random_gradient_of_a_large_constant_is_not_right(level: float):
    x = np.arange(1.0, 4)

    said = agreements(lambda several: [np.full(5, level) for _ in several], lambda v: {"x": 1 + x}, {"x": x}, ["x"], np.full(5, level), 0)

    assert said["x"].agreement is not Agreement.RIGHT


@pytest.mark.parametrize("size", [1e2, 1e4, 1e5])
def test_a_forgotten_gradient_does_not_drown_in_the_bound_of_the_others(size: float):
    rng = np.random.default_rng(0)
    x, w, b = size * rng.standard_normal((5, 40)), rng.standard_normal((40, 3)), rng.standard_normal(3)

    said = agreements(
        lambda several: [s["x"] @ s["w"] + s["b"] for s in several],
        lambda v: {"x": v @ w.T, "w": x.T @ v, "b": np.zeros(3)},
        {"x": x, "w": w, "b": b},
        ["x", "w", "b"],
        x @ w + b,
        0,
    )

    assert [along.agreement for along in said.values()] == [Agreement.RIGHT, Agreement.RIGHT, Agreement.WRONG]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
def test_the_outputs_beside_many_kinks_are_known(share: float):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((6, 6)) * (rng.random((6, 6)) > share)

    said = agreements(
        lambda several: [np.maximum(s["x"], 0) for s in several], lambda v: {"x": v * (x > 0)}, {"x": x}, ["x"], np.maximum(x, 0), 0
    )

    assert said["x"].agreement is Agreement.RIGHT


DOUBLE, SINGLE, HALF = (float(np.finfo(d).eps) for d in (np.float64, np.float32, np.float16))


def held(slope: float, known_to: float, gradient: Any, *, v: float = 1.0, size: float = 1.0) -> Along:
    """Hold a gradient, along ones, against the slope of a single output that is as large as `size`."""
    derivative = Derivative(np.array([slope]), np.array([known_to]), np.array([2.0**-7]), DOUBLE, size)
    array = np.asarray(gradient)
    return compare(derivative, np.array([v]), {"x": array}, {"x": np.ones(array.shape)})


@pytest.mark.parametrize(
    ("dtype", "known_to", "agreement"),
    [
        ("f8", 1.1e-4, Agreement.RIGHT),
        ("f8", 1.3e-4, Agreement.UNDECIDED),
        ("f4", 0.09, Agreement.RIGHT),
        ("f4", 0.11, Agreement.UNDECIDED),
        ("f2", 0.08, Agreement.RIGHT),
        ("f2", 0.09, Agreement.UNDECIDED),
    ],
)
def test_a_gradient_is_right_only_where_the_slope_is_known_to_a_third_of_the_digits(dtype: str, known_to: float, agreement: Agreement):
    assert held(1.0, known_to, np.ones(1, dtype)).agreement is agreement


@pytest.mark.parametrize(
    ("known_to", "size", "v", "agreement"),
    [
        (1 / 300, 1.0, 1.0, Agreement.WRONG),
        (1 / 200, 1.0, 1.0, Agreement.UNDECIDED),
        (0.1, 1e6, 1.0, Agreement.WRONG),
        (0.13, 1e6, 1.0, Agreement.UNDECIDED),
        (0.1, 1e6, -2.0, Agreement.WRONG),
        (0.13, 1e6, -2.0, Agreement.UNDECIDED),
    ],
)
def test_a_gradient_is_wrong_only_where_the_bound_can_be_believed(known_to: float, size: float, v: float, agreement: Agreement):
    assert held(1.0, known_to, [3 * v], v=v, size=size).agreement is agreement


def test_what_rounding_may_do_grows_with_the_root_of_the_number_of_products_and_with_their_sizes():
    gradient = np.array([1.0, -2.0, 3.0, -2.0])

    assert held(0.5, 0.0, gradient).bound == pytest.approx(8 * DOUBLE * 2 * (8 + 0.5))
    assert held(0.5, 0.0, gradient.astype(np.float32)).bound == pytest.approx(8 * SINGLE * 2 * (8 + 0.5))
    assert held(0.5, 0.25, gradient, v=-2.0).bound == pytest.approx(2 * 0.25)


def test_only_outputs_with_a_weight_are_looked_at():
    derivative = Derivative(np.array([1.0, 7.0]), np.array([0.0, np.inf]), np.array([2.0**-7, 2.0**-10]), DOUBLE, 1.0)

    one, none = (compare(derivative, np.array([w, 0.0]), {"x": np.array([w])}, {"x": np.ones(1)}) for w in (1.0, 0.0))

    assert (one.agreement, one.numeric, one.step) == (Agreement.RIGHT, 1.0, 2.0**-7)
    assert (none.agreement, none.step) == (Agreement.UNDECIDED, 1.0)


@pytest.mark.parametrize("wrong", range(DIRECTIONS))
def test_an_error_along_one_direction_is_not_forgotten_for_the_others(wrong: int):
    x, made = np.arange(1.0, 4), iter(range(DIRECTIONS))  # an argument alone is looked at once along each

    said = agreements(
        lambda several: [s["x"] ** 2 for s in several], lambda v: {"x": (3 if next(made) == wrong else 2) * x * v}, {"x": x}, ["x"], x**2, 0
    )

    assert said["x"].agreement is Agreement.WRONG
