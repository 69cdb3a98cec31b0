"""Banks of all layers, drawn once for a process."""

from collections.abc import Callable

import pytest

from grader.casebank import Bank
from reference import LayerSpec
from tests import support


@pytest.fixture(scope="session")
def bank_of() -> Callable[[LayerSpec], Bank]:
    """Return the bank of a layer, with all its readings open."""
    return lambda spec: support.bank_of(spec.name)
