"""Which properties judge a layer."""

from grader.properties import PROPERTIES, own_gradient, own_layer, own_loss, properties_of, purity, suited, value
from reference import askable, catalogue
from tests.properties.test_own_layer import GATE


def test_a_layer_with_a_reference_is_judged_by_all_properties_and_laws():
    assert suited(catalogue()["relu"]) == PROPERTIES
    assert value in PROPERTIES


def test_a_net_of_ones_own_and_a_layer_without_a_reference_have_properties_of_their_own():
    net, layer = suited(askable()["own_net"]), suited(GATE)

    assert (own_loss in net, own_gradient in net, own_layer in net, value in net) == (True, True, False, False)
    assert (own_loss in layer, own_gradient in layer, own_layer in layer, value in layer) == (False, False, True, False)


def test_writing_into_an_argument_is_judged_only_where_it_costs_points():
    relu = catalogue()["relu"]

    assert properties_of(relu, marks_purity=True) == PROPERTIES
    assert properties_of(relu, marks_purity=False) == tuple(p for p in PROPERTIES if p is not purity)
