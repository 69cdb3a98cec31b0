"""A layer of which an assignment asks only some values of its options: a course that never had a stride has none to ask for."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reference import LayerSpec, Scenario

TRIES = 500  # sizes tried for a kind of case before it counts as one that there is not

Options = Mapping[str, Sequence[Any]]


def known(spec: LayerSpec) -> Mapping[str, list[Any]]:
    """Return the values of every option that cases of a layer have."""
    of_kinds = {name: [v for s in spec.scenarios for v in s.options.get(name, ())] for name in spec.options}
    return {name: list(dict.fromkeys([*values, *of_kinds[name]])) for name, values in spec.options.items()}


def unfit(spec: LayerSpec, options: Options) -> str:
    """Say what is wrong with the options of a task; nothing, where they can be asked for."""
    values = known(spec)
    for name, asked in options.items():
        if name not in values:
            has = f"it has {', '.join(values)}" if values else "it has none"
            return f"{spec.name} has no option {name}; {has}."
        if strange := [v for v in asked if not any(type(v) is type(value) and v == value for value in values[name])]:
            return f"{name} of {spec.name} cannot be {strange[0]!r}; cases have {', '.join(map(repr, values[name]))}."
        if twice := [v for i, v in enumerate(asked) if v in asked[:i]]:
            return f"{name} holds {twice[0]!r} twice; write each value once."
    if not narrowed(spec, options).scenarios:
        return f"no case of {spec.name} has these options; allow more of them."
    return ""


def narrowed(spec: LayerSpec, options: Options) -> LayerSpec:
    """Return a layer of which only these values are asked; kinds of cases that need another are left out."""
    if not options:
        return spec
    kept = {name: tuple(v for v in values if v in options.get(name, values)) for name, values in known(spec).items()}
    usual = {name: tuple(v for v in values if v in kept[name]) or kept[name] for name, values in spec.options.items()}
    kinds = [
        replace(s, options={name: tuple(v for v in values if v in kept[name]) for name, values in s.options.items()})
        for s in spec.scenarios
    ]
    asked = replace(spec, options=usual, scenarios=())
    return replace(asked, scenarios=tuple(kind for kind in kinds if all(kind.options.values()) and _there_is(asked, kind)))


def _there_is(spec: LayerSpec, kind: Scenario) -> bool:
    """Whether sizes can be found for a kind of case."""
    rng, where = random.Random(0), kind.where or spec.where
    spans = {**spec.axes, **kind.axes}
    choices = {**spec.options, **kind.options}
    tried = (
        {**{a: rng.randint(*span) for a, span in spans.items()}, **{o: rng.choice(v) for o, v in choices.items()}} for _ in range(TRIES)
    )
    return any(where(sizes) for sizes in tried)


def allows(options: Options, given: Mapping[str, Any]) -> bool:
    """Whether a case has no option but what is asked for."""
    return all(name not in given or given[name] in values for name, values in options.items())
