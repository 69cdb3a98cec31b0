"""The catalogue, and what every spec in it promises."""

import importlib
import pkgutil
from dataclasses import FrozenInstanceError
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import catalogue, classifiers, layers, learning, losses, nets, shapes
from reference.spec import anything
from tests.reference.cases import DIFFERENTIABLE, FEW, Case, cases, run, structures

GROUPS = (layers, losses, nets, classifiers, learning, shapes)
SPECS = tuple(catalogue().values())
EVERY_SPEC = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)


def modules() -> list[ModuleType]:
    names = [f"{group.__name__}.{module.name}" for group in GROUPS for module in pkgutil.iter_modules(group.__path__)]
    return [importlib.import_module(name) for name in names]


def test_names_are_unique_and_each_is_the_name_of_its_module():
    names = [module.SPEC.name for module in modules()]

    assert names == [module.__name__.rpartition(".")[2] for module in modules()]
    assert len(set(names)) == len(names)


def test_the_catalogue_holds_the_spec_of_every_module_in_order():
    specs = [module.SPEC for module in modules()]

    assert list(catalogue().values()) == specs
    assert list(catalogue()) == [spec.name for spec in specs]
    for group in GROUPS:
        here = [m.SPEC.name for m in modules() if m.__package__ == group.__name__]
        assert here == sorted(here)


def test_the_catalogue_is_read_only():
    with pytest.raises(TypeError, match="does not support item assignment"):
        catalogue()["affine"] = SPECS[0]
    with pytest.raises(TypeError, match="does not support item deletion"):
        del catalogue()["affine"]
    with pytest.raises(FrozenInstanceError):
        SPECS[0].name = "another"


def test_the_catalogue_is_computed_once():
    assert catalogue() is catalogue()


def frozen(case: Case) -> Case:
    """Make every array of a case read-only."""
    for array in (*case.arrays.values(), case.dout):
        array.setflags(write=False)
    return case


@pytest.mark.parametrize("spec", DIFFERENTIABLE, ids=lambda spec: spec.name)
@FEW
@given(data=st.data())
def test_backward_returns_one_gradient_for_each_name_in_the_shape_of_its_argument(spec, data):
    case = data.draw(cases(spec))

    out, gradients, _ = run(spec, case)

    assert (np.shape(out) == ()) == (spec.scalar or spec.traits.out == "")
    assert isinstance(gradients, tuple)
    assert len(spec.gradients) >= len(gradients) > 0
    assert [g.shape for g in gradients] == [case.arrays[name].shape for name in spec.gradients_of(case.arrays).values()]


@pytest.mark.parametrize("spec", DIFFERENTIABLE, ids=lambda spec: spec.name)
@FEW
@given(data=st.data())
def test_forward_and_backward_write_neither_into_their_arguments_nor_into_the_cache(spec, data):
    case = frozen(data.draw(cases(spec)))  # writing raises: the arrays are read-only
    _, cache = spec.forward(**case.arrays, **case.options)

    first = [g.copy() for g in spec.backward(case.dout, cache)]
    second = spec.backward(case.dout, cache)

    for f, s in zip(first, second, strict=True):
        np.testing.assert_array_equal(f, s, strict=True)


@EVERY_SPEC
def test_what_has_arrays_has_a_magnitude_and_what_has_a_backward_has_gradients(spec):
    assert spec.whole == (not spec.arguments) == (spec.magnitude is None)
    assert (spec.backward is None) == (not spec.gradients)
    assert spec.backward or spec.whole or spec.name in ("cross_entropy_error", "knn", "sgd", "momentum", "adam", "training")
    assert not (spec.whole and spec.scalar)


@EVERY_SPEC
def test_arguments_and_scenarios_speak_only_of_axes_and_options_that_the_spec_has(spec):
    arguments = {a for each in (spec, *spec.scenarios) for a in each.arguments}

    assert {axis for a in arguments for axis in a.axes.split()} <= set(spec.axes)
    assert {(a.name, a.gradient) for a in arguments} == {(a.name, a.gradient) for a in spec.arguments}
    assert not set(spec.options) & set(spec.axes)
    assert not set(spec.readings) & (set(spec.options) | set(spec.axes))
    for scenario in spec.scenarios:
        assert set(scenario.axes) <= set(spec.axes)
        assert set(scenario.options) <= set(spec.options)


@EVERY_SPEC
def test_names_are_unique_within_a_spec(spec):
    arguments = [a.name for a in spec.arguments]
    titles = [s.title for s in spec.scenarios]

    assert len(set(arguments)) == len(arguments)
    assert len(set(spec.gradients)) == len(spec.gradients)
    assert len(set(titles)) == len(titles)


@EVERY_SPEC
def test_ranges_are_not_empty_and_every_scenario_has_cases(spec):
    for ranges in (spec.axes, *(s.axes for s in spec.scenarios)):
        assert all(low <= high for low, high in ranges.values())
    for choices in (spec.options, spec.readings, *(s.options for s in spec.scenarios)):
        assert all(len(values) == len(set(values)) > 0 for values in choices.values())
    assert all(s.count >= 1 for s in spec.scenarios)


@pytest.mark.parametrize("spec", [s for s in SPECS if s.whole], ids=lambda spec: spec.name)
@given(data=st.data())
def test_a_whole_answer_is_a_python_int_without_a_cache(spec, data):
    sizes, options, _ = data.draw(structures(spec, where=spec.where))

    out, cache = spec.forward(**sizes, **options)

    assert type(out) is int
    assert cache is None


@EVERY_SPEC
def test_some_scenario_is_in_float32_unless_the_answer_is_a_whole_number(spec):
    assert any(s.single for s in spec.scenarios) == (not spec.whole)


@EVERY_SPEC
def test_labels_go_with_an_axis_of_classes_and_a_gradient_shows_the_forward_of_a_net(spec):
    if any(a.labels for a in spec.arguments):
        assert "K" in spec.axes
    if spec.shown_by is not None:
        assert spec.shown_by in spec.gradients


def test_anything_accepts_every_choice():
    assert anything({}) is True


@pytest.mark.parametrize("spec", [s for s in SPECS if s.beside], ids=lambda spec: spec.name)
@FEW
@given(data=st.data())
def test_outputs_beside_the_first_come_with_it_and_have_magnitudes_of_their_shapes(spec, data):
    case = data.draw(cases(spec))

    out, _ = spec.forward(**case.arrays, **case.options)

    assert len(out) == 1 + len(spec.beside)
    sizes = spec.magnitude(case.arrays, case.options, case.dout)
    assert [a.shape for a in sizes.beside] == [a.shape for a in out[1:]]
