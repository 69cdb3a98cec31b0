"""Banks of all layers, drawn once for a process."""

from collections.abc import Callable
from functools import cache

import pytest

from grader.casebank import Bank, draw, readings
from reference import LayerSpec, catalogue


@pytest.fixture(scope="session")
def bank_of() -> Callable[[LayerSpec], Bank]:
    """Return the bank of a layer, with all its readings open."""
    drawn = cache(lambda name: draw(catalogue()[name], readings(catalogue()[name], {}), 3))
    return lambda spec: drawn(spec.name)
