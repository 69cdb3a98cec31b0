"""Wrong nets of two affine layers with a sigmoid between them."""

from benchmarks.variants.wrong.making import Gradients
from benchmarks.variants.wrong.nets import Kept, before, chained, changed, common, dense_net
from reference import Array

NET = dense_net("two_layer_net")


def _w2_from_input(dout: Array, kept: Kept) -> Gradients:
    """The gradient of W2 from the input of the activation instead of its output."""
    W1, b1, _, b2 = NET.backward(dout, kept)
    first, second = kept.net.affine
    return W1, b1, changed(dout, kept, affine=[first, second._replace(x=before(0, kept))])[2], b2


def _b1_before_slope(dout: Array, kept: Kept) -> Gradients:
    W1, _, W2, b2 = NET.backward(dout, kept)
    return W1, chained(dout, kept, lambda i, dh, _: dh)[1], W2, b2


WRONG = (
    NET.wrong_backward("derivative of the activation forgotten", lambda dout, kept: chained(dout, kept, lambda i, dh, _: dh)),
    NET.wrong_backward(
        "derivative of a ReLU for the sigmoid's", lambda dout, kept: chained(dout, kept, lambda i, dh, c: dh * (before(i, c) > 0))
    ),
    NET.wrong_backward("W2 from the input of the activation", _w2_from_input),
    NET.wrong_backward("b1 without the derivative of the activation", _b1_before_slope),
    *common(NET),
    *NET.slightly("W1", "b1", "W2", "b2"),
)
