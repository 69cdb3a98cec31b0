"""Which properties judge a layer."""

from grader import messages
from grader.properties import (
    PROPERTIES,
    contract,
    fresh,
    gradient,
    own_gradient,
    own_layer,
    own_loss,
    properties_of,
    purity,
    repeat,
    suited,
    value,
)
from grader.properties.laws import LAWS
from reference import askable, catalogue
from tests.properties.test_own_layer import GATE


def test_a_layer_with_a_reference_is_judged_by_all_properties_and_laws():
    assert suited(catalogue()["relu"]) == PROPERTIES
    assert value in PROPERTIES


def test_the_checks_of_a_layer_say_what_they_look_at_what_they_bear_and_what_they_wait_for():
    affine = catalogue()["affine"]
    asked = [p for p in suited(affine) if p in (contract, value, gradient, repeat, fresh, purity)]
    found = [(c.part, c.name, c.title, c.weight, c.needs) for p in asked for c in p.checks(affine)]

    gradients = ("backward.dx", "backward.dw", "backward.db")
    assert found == [
        ("forward", "contract", messages.title_contract("forward"), 0, ()),
        ("backward", "contract", messages.title_contract("backward"), 0, ()),
        ("forward", "value", messages.title_value(scalar=False, whole=False), 4, ()),
        *(("backward", name, messages.title_gradient(name, scalar=False), 40, ()) for name in ("dx", "dw", "db")),
        ("forward", "repeat", messages.TITLE_REPEAT, 1, ("forward.value",)),
        ("backward", "fresh", messages.TITLE_FRESH, 30, gradients),
        ("forward", "purity", messages.title_purity("forward"), 1, ("forward.value",)),
        ("backward", "purity", messages.title_purity("backward"), 30, gradients),
    ]


def test_no_two_checks_of_a_layer_have_one_name_and_each_waits_for_checks_that_come_before_it():
    for spec in catalogue().values():
        checks = [check for found in suited(spec) for check in found.checks(spec)]
        names = [f"{check.part}.{check.name}" for check in checks]

        assert len(set(names)) == len(names)
        assert all(need in names[:place] for place, check in enumerate(checks) for need in check.needs)


def test_a_property_says_at_its_head_what_must_hold_and_at_its_checks_what_that_bears():
    said = [(found.__doc__, found.checks.__doc__) for found in PROPERTIES if found not in LAWS]

    assert all(text and text.partition("\n")[0].endswith(".") for texts in said for text in texts)


def test_a_law_is_a_check_of_each_part_that_it_tells_of_and_bears_no_points():
    found = [c for p in suited(catalogue()["conv2d"]) for c in p.checks(catalogue()["conv2d"]) if c.law]

    assert {(c.name, c.part) for c in found} >= {("stride_identity", "forward"), ("stride_identity", "backward"), ("adjoint", "backward")}
    assert all(c.weight == 0 and c.title and c.needs == () for c in found)


def test_a_net_of_ones_own_and_a_layer_without_a_reference_have_properties_of_their_own():
    net, layer = suited(askable()["own_net"]), suited(GATE)

    assert (own_loss in net, own_gradient in net, own_layer in net, value in net) == (True, True, False, False)
    assert (own_loss in layer, own_gradient in layer, own_layer in layer, value in layer) == (False, False, True, False)


def test_writing_into_an_argument_is_judged_only_where_it_costs_points():
    relu = catalogue()["relu"]

    assert properties_of(relu, marks_purity=True) == PROPERTIES
    assert properties_of(relu, marks_purity=False) == tuple(p for p in PROPERTIES if p is not purity)
