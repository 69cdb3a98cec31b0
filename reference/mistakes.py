"""Misconceptions that many layers share."""

import numpy as np

from reference.misconception import Misconception, of_both, of_dx


def averaged(*gradients: str) -> Misconception:
    """Return the mistake to divide gradients by the size of the batch."""
    return Misconception(
        id="averaged",
        of=gradients,
        cause="{name} is divided by N, the size of the batch.",
        advice="Leave out the division by N: the loss has divided already, and dout carries that.",
        wrong=lambda g: g.right / g.N,
    )


def overwritten(*gradients: str) -> Misconception:
    """Return the mistake that each sample of a loop puts its gradient in the place of the last one's."""
    return Misconception(
        id="overwritten",
        of=gradients,
        cause="{name} is the share of the last sample alone.",
        advice="Every sample has its share: add them up with +=, or by one product or sum over the whole batch.",
        wrong=lambda g: g.but(x=g.x[-1:], dout=g.dout[-1:]).right,
    )


def without_dout(*gradients: str) -> Misconception:
    """Return the mistake to stop at the layer's own derivative."""
    return Misconception(
        id="without_dout",
        of=gradients,
        cause="{name} is the derivative of the layer alone, without dout.",
        advice="The chain rule multiplies the derivative of the layer by dout, the gradient that comes from above.",
        wrong=lambda g: g.but(dout=np.ones_like(g.dout)).right,
    )


def left_flat() -> Misconception:
    """Return the mistake to return dx as rows where x has more axes."""
    return of_dx(
        id="left_flat",
        cause="dx is left flat, (N, D), where x has more axes.",
        advice="End with dx.reshape(x.shape), for which the cache must keep the shape of x.",
        wrong=lambda g: g.right.reshape(g.N, -1),
    )


# Of a loss that is a mean over the samples.
NOT_AVERAGED = of_both(
    id="not_averaged",
    cause="{name} is that of the sum over the batch; the loss must be averaged.",
    advice="Divide by N, the loss and the gradient of the scores alike.",
    wrong=lambda g: g.right * g.N,
)
AVERAGED_TWICE = of_both(
    id="averaged_twice",
    cause="{name} is divided by N twice.",
    advice="Divide by N once; np.mean has divided already.",
    wrong=lambda g: g.right / g.N,
)
OVER_ELEMENTS = of_both(
    id="over_elements",
    cause="{name} is averaged over samples and classes; the loss is averaged over the samples alone.",
    advice="Divide by N, not by N * K.",
    wrong=lambda g: g.right / g.K,
)
