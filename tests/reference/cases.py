"""Cases of any spec, drawn as the catalogue describes them: Hypothesis draws the structure, a seed fills the arrays."""

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
import yaml
from hypothesis import assume, reject, settings
from hypothesis import strategies as st

from reference import Array, LayerSpec, Scenario, Values, catalogue
from reference.windows import leaves_a_rest

LECTURES: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("lecture-examples.yaml").read_text("utf-8"))
WITH_ARRAYS = tuple(spec for spec in catalogue().values() if spec.arguments)
DIFFERENTIABLE = tuple(spec for spec in WITH_ARRAYS if spec.backward)
WINDOWED = tuple(catalogue()[name] for name in ("avg_pool2d", "conv2d", "conv2d_dilated", "conv2d_grouped", "im2col", "max_pool2d"))
NETS = tuple(
    catalogue()[name]
    for name in ("convnet", "deep_conv_net", "fully_connected_net", "three_layer_conv_net", "three_layer_net", "two_layer_net")
)

ANYTHING = Scenario(title="anything that the axes and options of the spec allow")
SEEDS = 50  # tried for a case away from kinks, where the whole case counts as one
STRUCTURES = 100  # tried for sizes that fit together
FEW = settings(max_examples=15)  # where only the kind of case matters, not its numbers, or several tests vary it

Condition = Callable[[Mapping[str, Any]], bool]
Structure = tuple[dict[str, int], dict[str, Any], Scenario]
Fill = Callable[[np.random.Generator, tuple[int, ...]], Array]
FILLS: Mapping[Values, Fill] = {
    Values.HUNDREDTHS: lambda rng, shape: rng.integers(-300, 301, shape) / 100,
    Values.FRACTIONS: lambda rng, shape: rng.integers(-100, 101, shape) / 100,
    Values.WHOLE: lambda rng, shape: rng.integers(-9, 10, shape).astype(float),
    Values.COUNTED: lambda rng, shape: rng.integers(1, 100, shape).astype(float),
    Values.SPREAD: lambda rng, shape: rng.choice([-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0], shape),
    Values.TIED: lambda rng, shape: rng.integers(-1, 2, shape).astype(float),
    Values.NEGATIVE: lambda rng, shape: -rng.integers(1, 301, shape) / 100,
    Values.NEAR_ZERO: lambda rng, shape: rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(-6, 0.5, shape),
    Values.HUGE: lambda rng, shape: rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(1, 3, shape),
    Values.SHIFTED: lambda rng, shape: rng.uniform(-3, 3, shape) + rng.uniform(-1e4, 1e4, (shape[0], 1)),
}


class Case(NamedTuple):
    """One call: arrays by name, options and reading as keywords, and what comes from upstream."""

    arrays: dict[str, Array]
    options: dict[str, Any]
    dout: Array


class Results(NamedTuple):
    """What a spec gives for a case."""

    out: Any
    gradients: tuple[Array, ...]
    beside: tuple[Array, ...] = ()


def outputs(spec: LayerSpec, returned: Any) -> tuple[Any, ...]:
    """Return the output, and those beside it, of what forward returned."""
    return tuple(returned) if spec.beside else (returned,)


def run(spec: LayerSpec, case: Case) -> Results:
    """Call forward and, where there is one, backward."""
    returned, cache = spec.forward(**case.arrays, **case.options)
    out, *beside = outputs(spec, returned)
    return Results(out, spec.backward(case.dout, cache) if spec.backward else (), tuple(beside))


def gradients(spec: LayerSpec, case: Case) -> list[str]:
    """Return the names of the gradients that a case has."""
    return list(spec.gradients_of(case.arrays))


def cast(case: Case, dtype: Any) -> Case:
    """Return the same case in another dtype; labels stay whole."""
    arrays = {name: a.astype(dtype) if a.dtype.kind == "f" else a for name, a in case.arrays.items()}
    return Case(arrays, case.options, case.dout.astype(dtype))


def fill(spec: LayerSpec, sizes: Mapping[str, int], scenario: Scenario, rng: np.random.Generator) -> dict[str, Array]:
    """Return the arrays of a spec; a family that is meant for the input leaves the parameters ordinary."""
    arrays = {}
    values, given = scenario.values, scenario.arguments or spec.arguments
    for argument in given:
        shape = tuple(sizes[axis] for axis in argument.axes.split())
        everywhere = argument is given[0] or values in (Values.WHOLE, Values.FRACTIONS)
        family = FILLS[values if everywhere else Values.HUNDREDTHS]
        if argument.fixed:
            arrays[argument.name] = argument.fixed(sizes)
            continue
        drawn = rng.integers(0, sizes["K"], shape) if argument.labels else family(rng, shape)
        arrays[argument.name] = np.where(drawn == 0, 1, np.abs(drawn)) if argument.positive else drawn
    return arrays


def kinks(spec: LayerSpec, arrays: Mapping[str, Array], options: Mapping[str, Any], shape: tuple[int, ...]) -> Array:
    """Mark the kinks; nothing where the spec has none."""
    return spec.kinks(**arrays, **options) if spec.kinks else np.zeros(shape, bool)


@st.composite
def structures(draw: Any, spec: LayerSpec, where: Condition | None = None) -> Structure:
    """Draw sizes and options: those of one scenario, or anything that the spec allows."""
    scenario = draw(st.sampled_from((ANYTHING, *spec.scenarios))) if where is None else ANYTHING
    condition = where or scenario.where or spec.where
    spans = {name: scenario.axes.get(name, span) for name, span in spec.axes.items()}
    choices = {name: scenario.options.get(name, values) for name, values in spec.options.items()}
    sizes = {name: draw(st.integers(*span)) for name, span in spans.items()}
    options = {name: draw(st.sampled_from(values)) for name, values in choices.items()}
    others = Random(draw(st.integers(0, 2**32 - 1)))  # where few sizes fit together, Hypothesis would take long to come upon them
    for _ in range(STRUCTURES):
        if condition({**sizes, **options}):
            return sizes, options, scenario
        sizes = {name: others.randint(*span) for name, span in spans.items()}
        options = {name: others.choice(values) for name, values in choices.items()}
    return reject()


@st.composite
def cases(draw: st.DrawFn, /, spec: LayerSpec, *, where: Condition | None = None, **pinned: Any) -> Case:
    """Draw a case in float64 away from kinks: dout is 0 at them, a net has none. `pinned` options are not drawn."""
    sizes, options, scenario = draw(structures(spec, where))
    options |= {name: draw(st.sampled_from(readings)) for name, readings in spec.readings.items()}
    if spec in WINDOWED and leaves_a_rest({**sizes, **options}):
        options["inexact_output_size"] = "floor"
    if scenario.arguments and "flattens" in options:
        options["flattens"] = True
    if options.get("padding") and "takes_padding" in options:
        options["takes_padding"] = True
    options |= pinned
    seed = draw(st.integers(0, 2**32 - 1))
    for attempt in range(SEEDS):
        rng = np.random.default_rng([seed, attempt])
        arrays = fill(spec, sizes, scenario, rng)
        out = outputs(spec, spec.forward(**arrays, **options)[0])[0]
        marked = kinks(spec, arrays, options, np.shape(out))
        if (spec.backward and not spec.scalar) or not marked.any():
            break
    else:
        assume(False)
    whole = spec.scalar or not spec.backward
    dout = np.ones(()) if whole else np.where(marked, 0, rng.integers(-300, 301, np.shape(out)) / 100)
    return Case(arrays, options, dout)
