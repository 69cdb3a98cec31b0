"""The running statistics of batch normalisation: the weights by which they follow the batch's, and what goes wrong with them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from reference.given import Given
from reference.misconception import Misconception
from reference.normalising import Axes
from reference.normalising_mistakes import Layout, epsilon
from reference.spec import Array


def weights(momentum: float, momentum_of: str) -> tuple[float, float]:
    """Return the weights of the running statistics and of those of the batch."""
    return (momentum, 1 - momentum) if momentum_of == "running" else (1 - momentum, momentum)


def _statistic(g: Given, axes: Axes) -> Array:
    """Return the batch's statistic of which the running one takes its share: the mean, or the variance as the reading has it."""
    if g.of == "running_mean":
        return np.asarray(g.x.mean(axis=axes))
    size = g.x.size // len(g.running_var)
    return np.asarray(g.x.var(axis=axes) * (size / (size - 1) if g.unbiased else 1))


def _shared(g: Given, old: float, new: Array | float) -> Array:
    """Return the running statistic where `old` and `new` are added to its two parts, by their weights."""
    kept, taken = weights(g.momentum, g.momentum_of)
    return np.asarray(g.right + kept * old + taken * new) if g.training else np.asarray(g.right)


def misupdated(axes: Axes) -> tuple[Misconception, ...]:
    """Return the mistakes in the running statistics, those of the batch being taken over `axes`."""
    of_statistics = partial(Misconception, of=("running_mean", "running_var"))
    deviation = Misconception(
        id="deviation_stored",
        of=("running_var",),
        cause="The running variance takes its share of the standard deviation; it must be of the variance.",
        advice="running_var = momentum * running_var + (1 - momentum) * var, var without the root.",
        wrong=lambda g: _shared(g, 0, g.x.std(axis=axes) - _statistic(g, axes)),
    )
    return (
        deviation,
        replace(
            deviation,
            id="deviation_stored_with_eps",
            wrong=lambda g: _shared(g, 0, np.sqrt(g.x.var(axis=axes) + g.eps) - _statistic(g, axes)),
        ),
        Misconception(
            id="variance_stored_with_eps",
            of=("running_var",),
            cause="The running variance takes its share of var + eps.",
            advice="Leave eps out of running_var: it is added where the root is taken, in test mode once more.",
            wrong=lambda g: _shared(g, 0, epsilon(g)),
        ),
        of_statistics(
            id="never_updated",
            cause="{name} stays as it was.",
            advice="In training, {name} becomes a weighted mean of itself and of the batch's; store it where the caller looks for it.",
            wrong=lambda g: g.values[g.of],
        ),
        of_statistics(
            id="replaced",
            cause="{name} becomes that of this batch alone.",
            advice="Keep the share of it that momentum says: momentum * old + (1 - momentum) * new.",
            wrong=lambda g: _statistic(g, axes) if g.training else g.right,
        ),
        of_statistics(
            id="updated_in_test_mode",
            cause="{name} changes in test mode, too.",
            advice="Update it in training only; in test mode it is read.",
            wrong=lambda g: g.but(training=True).right,
        ),
        of_statistics(
            id="weight_forgotten",
            cause="That of the batch is added to {name} without its weight.",
            advice="The two weights add up to 1: momentum * old + (1 - momentum) * new.",
            wrong=lambda g: _shared(g, 0, _statistic(g, axes) * (1 / weights(g.momentum, g.momentum_of)[1] - 1)),
        ),
        of_statistics(
            id="weights_exchanged",
            cause="In {name} momentum weighs the statistic of the batch; here it is the share of the old one that stays.",
            advice="{name} = momentum * {name} + (1 - momentum) * that of the batch; torch has it the other way round.",
            # Where torch's way is what is asked for, nobody is told that it is not.
            wrong=lambda g: g.but(momentum=1 - g.momentum).right if g.momentum_of == "running" else g.right,
        ),
    )


def misused(layout: Layout) -> tuple[Misconception, ...]:
    """Return the mistakes in which statistics are used, and how in test mode."""

    def tested(wrong: Callable[[Given], Array]) -> Callable[[Given], Array]:
        return lambda g: g.right if g.training else wrong(g)

    def scaled(g: Given, deviation: Array) -> Array:
        h = (g.x - layout.wide(g.running_mean)) / layout.wide(deviation)
        return np.asarray(layout.wide(g.gamma) * h + layout.wide(g.beta))

    return (
        Misconception(
            id="test_mode_by_the_batch",
            cause="In test mode mean and variance are those of the batch.",
            advice="In test mode use running_mean and running_var.",
            wrong=lambda g: g.but(training=True, unbiased=False).right,
        ),
        Misconception(
            id="training_by_running_statistics",
            cause="In training mean and variance are the running ones.",
            advice="In training use the batch's own; running_mean and running_var are for test mode.",
            wrong=lambda g: g.but(training=False).right,
        ),
        Misconception(
            id="test_mode_unscaled",
            cause="In test mode gamma and beta are left out.",
            advice="They belong to both modes: out = gamma * x_hat + beta.",
            wrong=tested(lambda g: g.but(gamma=np.ones_like(g.gamma), beta=np.zeros_like(g.beta)).right),
        ),
        Misconception(
            id="test_mode_divided_by_variance",
            cause="In test mode x - running_mean is divided by the running variance; it must be divided by the root of it.",
            advice="Divide by np.sqrt(running_var + eps).",
            wrong=tested(lambda g: scaled(g, g.running_var + epsilon(g))),
        ),
        Misconception(
            id="test_mode_without_eps",
            cause="In test mode eps is left out.",
            advice="Divide by np.sqrt(running_var + eps), as in training.",
            wrong=tested(lambda g: scaled(g, np.sqrt(g.running_var))),
        ),
        Misconception(
            id="test_mode_eps_outside_root",
            cause="In test mode eps is added to the standard deviation; it belongs to the variance, under the root.",
            advice="Divide by np.sqrt(running_var + eps), as in training.",
            wrong=tested(lambda g: scaled(g, np.sqrt(g.running_var) + epsilon(g))),
        ),
    )
