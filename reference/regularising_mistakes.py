"""What students get wrong where weights are regularised, in every net and linear classifier, and in averaging what is beside that."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from reference.given import Given
from reference.misconception import Misconception
from reference.spec import Array


def weights(names: Iterable[str]) -> tuple[str, ...]:
    """Return which of these arguments or gradients are of weights."""
    return tuple(name for name in names if name.startswith(("W", "w", "dw")))


def decay(g: Given, squares: Callable[[Array], Any] = lambda w: np.vdot(w, w)) -> Any:
    """Return the share of the regularisation in the loss or in a gradient."""
    if g.of == "out":
        return g.reg_factor * g.reg * sum(squares(g.values[name]) for name in weights(g.values))
    (argument,) = (a.name for a in g.spec.arguments if a.gradient == g.of)
    return g.dout * 2 * g.reg_factor * g.reg * g.values[argument] if weights([argument]) else 0


def _otherwise(g: Given) -> Any:
    """Return what is asked about, regularised by the other of the two legal factors."""
    return g.right + decay(g) * ((1.5 - g.reg_factor) / g.reg_factor - 1)


def regularised(gradients: tuple[str, ...]) -> tuple[Misconception, ...]:
    """Return the misconceptions about batch and regularisation of what has these gradients."""
    made = weights(gradients)
    return (
        Misconception(
            id="unregularised",
            of=("out", *made),
            cause="{name} lacks the regularisation.",
            advice="The loss has reg * sum(W * W) of every weight W, and its gradient the derivative of that, 2 * reg * W; with a factor of"
            " 0.5 in the loss it is reg * W.",
            wrong=lambda g: g.right - decay(g),
        ),
        Misconception(
            id="other_factor",
            of=made,
            cause="Loss and gradient are regularised by different factors: the regularisation in {name} is not the derivative of that in the loss.",
            advice="With reg * sum(W * W) in the loss it is 2 * reg * W, with 0.5 * reg * sum(W * W) it is reg * W.",
            wrong=_otherwise,
        ),
        Misconception(
            id="other_factor_in_the_loss",
            cause="The loss is regularised with a factor of 0.5 where there must be none, or with none where there must be one.",
            advice="With 2 * reg * W in the gradient it is reg * sum(W * W), with reg * W it is 0.5 * reg * sum(W * W).",
            wrong=_otherwise,
        ),
        Misconception(
            id="regularisation_subtracted",
            of=("out", *made),
            cause="The regularisation is subtracted in {name}; it must be added.",
            advice="The loss grows with the weights: add reg * sum(W * W) to it, and the derivative of that to the gradient of each weight W.",
            wrong=lambda g: g.right - 2 * decay(g),
        ),
        Misconception(
            id="summed",
            of=("out", *gradients),
            cause="{name} is that of the sum over the batch; the loss must be averaged.",
            advice="Divide the loss and the gradient of the scores by N; the regularisation stays as it is.",
            wrong=lambda g: (g.right - decay(g)) * g.N + decay(g),
        ),
        Misconception(
            id="averaged_twice",
            of=("out", *gradients),
            cause="{name} is divided by N twice.",
            advice="Divide by N once, in the loss and in the gradient of the scores; everything behind that is summed over the batch.",
            wrong=lambda g: (g.right - decay(g)) / g.N + decay(g),
        ),
        Misconception(
            id="norm_not_squared",
            cause="The norms of the weights are not squared.",
            advice="Regularise by np.sum(W * W); np.linalg.norm(W) is its root.",
            wrong=lambda g: g.right - decay(g) + decay(g, np.linalg.norm),
        ),
    )
