"""What must hold of a layer, one file a property. Each is generic over layers.

A property is a module with

- `checks(spec)`: the lines it adds to a report, as `Check` records;
- `plan(spec, cases, base)`: which calls it needs of which cases, `base(case)` being the plain call that all share;
- `judge(evidence)`: for each of its checks that the evidence decides, what was found.

The order here is the order of a report. A new property is a new file and its name in this list. Laws are properties of one kind,
with a list of their own.
"""

from grader.properties import contract, fresh, gradient, purity, repeat, value
from grader.properties.laws import LAWS
from grader.properties.property import Check, Property

PROPERTIES: tuple[Property, ...] = (contract, value, gradient, repeat, fresh, purity, *LAWS)

__all__ = ["PROPERTIES", "Check", "Property"]
