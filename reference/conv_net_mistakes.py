"""What students get wrong in nets with convolutions in front."""

from typing import Any

import numpy as np

from reference.given import Given
from reference.misconception import Misconception
from reference.net_mistakes import kept


def _let_through(g: Given) -> Any:
    """Return the gradients where no ReLU has a part in them."""
    blocks = [([(conv, np.ones_like(mask)) for conv, mask in convs], pool) for convs, pool in g.cache.blocks]
    masks = [np.ones_like(mask) for mask in kept(g).activation]
    opened = g.cache._replace(blocks=blocks, dense=kept(g)._replace(activation=masks))
    return g.backed(opened)[g.of]


def _channels_last(g: Given) -> Any:
    """Return the loss where the pooled planes are flattened with their channels last."""
    C, (name, w) = g.cache.shape[1], next((n, a) for n, a in g.values.items() if n[0] == "W" and a.ndim == 2)
    return g.but(**{name: w.reshape(-1, C, w.shape[1]).swapaxes(0, 1).reshape(w.shape)}).out


def convolved(gradients: tuple[str, ...]) -> tuple[Misconception, ...]:
    """Return the misconceptions of nets with convolutions in front, where these gradients come back through a ReLU."""
    return (
        Misconception(
            id="slope_forgotten",
            of=gradients,
            cause="{name} lacks the derivative of the ReLU.",
            advice="On its way back through every ReLU the gradient is multiplied by a > 0, a what went into it.",
            wrong=_let_through,
        ),
        Misconception(
            id="channels_last",
            cause="The pooled planes are flattened with their channels last.",
            advice="Flatten (N, C, H, W) as it lies, with reshape(N, -1).",
            wrong=_channels_last,
        ),
        Misconception(
            id="filters_flipped",
            cause="The filters are turned by half a turn before they are slid over the input.",
            advice="Multiply each window with the filter as it is; layers called convolutions do not flip it.",
            wrong=lambda g: g.but(**{n: a[:, :, ::-1, ::-1] for n, a in g.values.items() if n[0] == "W" and a.ndim == 4}).out,
        ),
    )
