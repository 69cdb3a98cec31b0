"""The conditions of specs and scenarios select what their titles say, and forward accepts what they select."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from reference import LayerSpec, Scenario, ShapeError, catalogue
from reference.nets import convnet
from reference.pooling import narrow
from reference.windows import output_size
from tests.reference.cases import WINDOWED

SIZES = tuple(product((3, 4), (3, 4), (1, 2, 3), (1, 2, 3), (1, 2, 3), (0, 1)))


def by_name(spec: LayerSpec) -> str:
    return spec.name


def titled(spec: LayerSpec, title: str) -> Scenario:
    return next(s for s in spec.scenarios if s.title == title)


def planes(spec: LayerSpec) -> Iterator[dict[str, int]]:
    """Return sizes of planes and windows; pooling pads by half a window at most."""
    kernel = ("KH", "KW") if "KH" in spec.axes else ("kernel_h", "kernel_w")
    groups = {"C": 4, "CG": 2, "F": 2, "groups": 2} if "groups" in spec.options else {}
    for H, W, height, width, stride, padding in SIZES:
        sizes = {"H": H, "W": W, kernel[0]: height, kernel[1]: width, "stride": stride, **groups}
        if spec.name == "im2col" or "KH" in spec.axes or narrow(sizes | {"padding": padding}):
            yield sizes | {"padding": padding}


def accepted(sizes: dict[str, int], rule: str) -> bool:
    """Whether the windows of these sizes can be put down along both axes."""
    height, width = (sizes.get(f"K{axis}") or sizes[f"kernel_{axis.lower()}"] for axis in "HW")
    try:
        for size, kernel in ((sizes["H"], height), (sizes["W"], width)):
            output_size(size, kernel, sizes["stride"], sizes.get("padding", 0), inexact_output_size=rule)
    except ShapeError:
        return False
    return True


@pytest.mark.parametrize("spec", WINDOWED, ids=by_name)
def test_a_windowed_layer_draws_what_tiles_its_planes(spec):
    for sizes in planes(spec):
        assert spec.where(sizes) == accepted(sizes, "error"), sizes


@pytest.mark.parametrize("spec", [s for s in WINDOWED if s.name.endswith("pool2d")], ids=by_name)
@pytest.mark.parametrize(("kernel", "padding"), [((1, 1), 1), ((3, 1), 1), ((1, 3), 1), ((3, 3), 2)])
def test_pooling_draws_no_window_that_could_lie_in_the_padding_alone(spec, kernel, padding):
    sizes = {"H": 5, "W": 5, "kernel_h": kernel[0], "kernel_w": kernel[1], "stride": 1, "padding": padding}

    assert not spec.where(sizes)
    assert not titled(spec, "stride leaves a rest").where(sizes | {"H": 6, "stride": 2})


@pytest.mark.parametrize("spec", WINDOWED, ids=by_name)
def test_the_scenario_of_a_rest_draws_what_only_floor_accepts(spec):
    scenario = titled(spec, "stride leaves a rest")

    for sizes in planes(spec):
        assert scenario.where(sizes) == (accepted(sizes, "floor") and not accepted(sizes, "error")), sizes


@pytest.mark.parametrize("spec", [s for s in WINDOWED if any(each.title == "square" for each in s.scenarios)], ids=by_name)
def test_the_square_scenario_draws_square_planes_and_windows(spec):
    scenario = titled(spec, "square")
    height, width = ("KH", "KW") if "KH" in spec.axes else ("kernel_h", "kernel_w")

    for sizes in planes(spec):
        is_square = sizes["H"] == sizes["W"] and sizes[height] == sizes[width]
        assert scenario.where(sizes) == (is_square and accepted(sizes, "error")), sizes


def test_the_scenarios_of_output_size_draw_rests_and_windows_that_are_too_long():
    spec = catalogue()["output_size"]
    rest, too_long = (titled(spec, title).where for title in ("stride leaves a rest", "window too long"))

    for numbers in product(range(1, 9), range(1, 9), range(1, 5), range(3)):
        sizes = dict(zip(("size", "kernel", "stride", "padding"), numbers, strict=True))
        answers = {}
        for rule in ("error", "floor"):
            try:
                answers[rule] = output_size(*numbers, inexact_output_size=rule)
            except ShapeError:
                answers[rule] = None
        assert spec.where(sizes) == (answers["error"] is not None), sizes
        assert rest(sizes) == (answers["error"] is None and answers["floor"] is not None), sizes
        assert too_long(sizes) == (answers["floor"] is None), sizes


def convnet_accepts(sizes: dict[str, Any]) -> bool:
    kernel, padding, stride = (sizes["KH"], sizes["KW"]), sizes["padding"], sizes["stride"]
    x, W1, W2 = np.zeros((1, 1, sizes["H"], sizes["W"])), np.zeros((sizes["F"], 1, *kernel)), np.zeros((sizes["D"], 2))
    try:
        convnet.forward(x, np.array([0]), W1, np.zeros(len(W1)), W2, np.zeros(2), stride=stride, padding=padding)
    except ShapeError:
        return False
    return True


def test_the_convnet_draws_what_its_layers_accept():
    names = ("F", "H", "W", "KH", "KW", "D", "stride", "padding")
    drawn = [
        dict(zip(names, numbers, strict=True))
        for numbers in product((1, 2), (2, 3, 5), (4, 5, 6), (1, 3), (2, 3), (1, 2, 4, 6), (1, 2), (0, 1))
    ]

    fits = [convnet.fits(sizes) for sizes in drawn]

    assert any(fits)
    assert fits == [convnet_accepts(sizes) for sizes in drawn]
