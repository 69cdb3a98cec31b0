"""What must hold of a layer, one file a property. Each is generic over layers.

A property is a module with

- `checks(spec)`: the lines it adds to a report, as `Check` records;
- `plan(spec, cases, base)`: which calls it needs of which cases, `base(case)` being the plain call that all share;
- `judge(evidence)`: for each of its checks that the evidence decides, what was found.

The order here is the order of a report. A new property is a new file and its name in a list here: of those that hold an answer
against the reference's, of those that do without one, or of those for a net of the student's own design. Laws are properties of one kind, with a list of their own.
"""

from grader.properties import beside, claims, contract, fresh, gradient, own_gradient, own_layer, own_loss, purity, repeat, value, versions
from grader.properties.laws import LAWS
from grader.properties.property import Check, Property
from reference import LayerSpec

PROPERTIES: tuple[Property, ...] = (contract, value, beside, gradient, claims, repeat, fresh, versions, purity, *LAWS)
WITHOUT_REFERENCE: tuple[Property, ...] = (contract, own_layer, claims, purity)
OF_OWN_DESIGN: tuple[Property, ...] = (contract, own_loss, own_gradient, purity)

__all__ = ["OF_OWN_DESIGN", "PROPERTIES", "WITHOUT_REFERENCE", "Check", "Property", "properties_of", "suited"]


def suited(spec: LayerSpec) -> tuple[Property, ...]:
    """Return the properties that can judge a layer."""
    if spec.designed:
        return OF_OWN_DESIGN
    return WITHOUT_REFERENCE if spec.unreferenced else PROPERTIES


def properties_of(spec: LayerSpec, *, marks_purity: bool) -> tuple[Property, ...]:
    """Return the properties that judge a layer; `marks_purity`: whether writing into an argument costs points."""
    return suited(spec) if marks_purity else tuple(p for p in suited(spec) if p is not purity)
