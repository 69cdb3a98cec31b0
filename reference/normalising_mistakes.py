"""The misconceptions that all normalisations share, told apart by the axes that mean and variance are taken over."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from reference.given import Given
from reference.misconception import Misconception, of_both, of_dx
from reference.mistakes import averaged
from reference.normalising import Axes, Normalised, normalise
from reference.spec import Array

DIVIDE = "Divide x - mean by np.sqrt(var + eps)."
HAT = "dgamma is the sum over the samples of dout * x_hat, x_hat being what gamma was multiplied with."


class Layout(NamedTuple):
    """How mean and variance are taken: of x as `laid` has it, over `axes`; rows are x of shape (N, D), not (N, C, H, W)."""

    axes: Axes
    rows: bool
    laid: Callable[[Given, Array], Array] = lambda g, a: a

    def wide(self, vector: Array) -> Array:
        """Return gamma or beta with the axes that it is broadcast along."""
        return vector if self.rows else vector[:, None, None]

    def summed(self, a: Array) -> Array:
        """Return sums over all but features or channels."""
        return np.asarray(a.sum(axis=0 if self.rows else (0, 2, 3)))

    def normalised(self, g: Given) -> Normalised:
        """Return x with mean 0 and variance 1, by the batch's or the sample's own statistics."""
        return normalise(self.laid(g, g.x), self.axes, epsilon(g))

    def upstream(self, g: Given) -> Array:
        """Return the gradient of the normalised x."""
        return self.laid(g, g.dout * self.wide(g.gamma))

    def means(self, g: Given) -> tuple[Array, Array]:
        """Return the two means that dx subtracts, the second times the normalised x."""
        h, _ = self.normalised(g)
        dh = self.upstream(g)
        return dh.mean(axis=self.axes, keepdims=True), h * (dh * h).mean(axis=self.axes, keepdims=True)

    def count(self, g: Given) -> int:
        """Return how many values a mean is taken over."""
        laid = self.laid(g, g.x)
        return int(laid.size // laid.mean(axis=self.axes).size)


def epsilon(g: Given) -> float:
    """Return the epsilon that counts: the given one or a class's own."""
    return float(g.values.get("own_eps") or g.eps)


def over_axes(layout: Layout, axes: Axes, laid: Callable[[Given], Array] = lambda g: g.x) -> Callable[[Given], Array]:
    """Return the mistake of an output by mean and variance over other axes, of x laid out otherwise; test mode has its own ones."""

    def wrong(g: Given) -> Array:
        if not g.values.get("training", True):
            return np.asarray(g.right)
        h = normalise(laid(g), axes, epsilon(g)).h.reshape(g.x.shape)
        return np.asarray(layout.wide(g.gamma) * h + layout.wide(g.beta))

    return wrong


def deviating(layout: Layout, by: Callable[[Given, Array], Array]) -> Callable[[Given], Array]:
    """Return the mistake of dividing by `by(g, variance)` and not by the root of variance + eps; test mode has its own ones."""

    def wrong(g: Given) -> Array:
        if not g.values.get("training", True):
            return np.asarray(g.right)
        var, beta = layout.laid(g, g.x).var(axis=layout.axes, keepdims=True), layout.wide(g.beta)
        with np.errstate(divide="ignore", invalid="ignore"):  # equal values have a deviation of 0
            ratio = np.sqrt(var + epsilon(g)) / by(g, var)
            return np.asarray((layout.laid(g, g.right - beta) * ratio).reshape(g.x.shape) + beta)

    return wrong


def divided_by(layout: Layout, number: Callable[[Given], int]) -> Callable[[Given], Array]:
    """Return the mistake of a dx whose sums are divided by another number than that of the values."""

    def wrong(g: Given) -> Array:
        share = 1 - layout.count(g) / number(g)
        return adding(layout, share, share)(g)

    return wrong


def adding(layout: Layout, mean: float, along: float) -> Callable[[Given], Array]:
    """Return the mistake of a dx that has its two subtracted means back, each by a share."""

    def wrong(g: Given) -> Array:
        plain, through = layout.means(g)
        return np.asarray(g.right + (layout.normalised(g).inverse * (mean * plain + along * through)).reshape(g.x.shape))

    return wrong


def outputs(layout: Layout) -> tuple[Misconception, ...]:
    """Return the mistakes in the output, and in what becomes of gamma."""

    def unbiased(g: Given, var: Array) -> Array:
        count = layout.count(g)
        return np.asarray(np.sqrt(var * count / max(count - 1, 1) + epsilon(g)))

    return (
        Misconception(
            id="eps_outside_root",
            cause="eps is added to the standard deviation; it belongs to the variance, under the root.",
            advice=DIVIDE,
            wrong=deviating(layout, lambda g, var: np.sqrt(var) + epsilon(g)),
        ),
        Misconception(
            id="eps_omitted",
            cause="eps is left out.",
            advice="Divide x - mean by np.sqrt(var + eps), which is not 0 where all values are equal.",
            wrong=deviating(layout, lambda g, var: np.sqrt(var)),
        ),
        Misconception(
            id="divided_by_variance",
            cause="x - mean is divided by the variance; it must be divided by the root of it.",
            advice=DIVIDE,
            wrong=deviating(layout, lambda g, var: var + epsilon(g)),
        ),
        Misconception(
            id="unbiased_variance",
            cause="The variance divides by one less than the number of values; to normalise, it divides by their number.",
            advice="Use the variance as np.var gives it, without ddof=1.",
            wrong=deviating(layout, unbiased),
        ),
        of_both(
            id="gamma_forgotten",
            cause="{name} is worked out without gamma.",
            advice="gamma scales both ways: out = gamma * x_hat + beta, and x_hat gets the gradient gamma * dout.",
            wrong=lambda g: g.but(gamma=np.ones_like(g.gamma)).right,
        ),
        Misconception(
            id="beta_forgotten",
            cause="beta is not added.",
            advice="out = gamma * x_hat + beta.",
            wrong=lambda g: g.right - layout.wide(g.beta),
        ),
    )


def input_gradient(layout: Layout) -> tuple[Misconception, ...]:
    """Return the mistakes in dx = (dx_hat - mean(dx_hat) - x_hat * mean(dx_hat * x_hat)) / np.sqrt(var + eps)."""

    def unbiased(g: Given) -> Array:
        (h, inverse), count = layout.normalised(g), layout.count(g)
        var = 1 / inverse**2 - epsilon(g)
        narrow = np.sqrt(var * count / (count - 1) + epsilon(g))  # the deviation, and x_hat = (x - mean) / deviation
        x_hat, dh = h / inverse / narrow, layout.upstream(g)
        plain, along = (a.mean(axis=layout.axes, keepdims=True) for a in (dh, dh * x_hat))
        return np.asarray(((dh - plain - x_hat * along) / narrow).reshape(g.x.shape))

    def summing(g: Given) -> Array:
        plain, through = layout.means(g)
        terms = layout.upstream(g) - layout.count(g) * (plain + through)
        return np.asarray((layout.normalised(g).inverse * terms).reshape(g.x.shape))

    return (
        of_dx(
            id="statistics_held_constant",
            cause="dx takes mean and variance for constants; each x moves both of them.",
            advice="Add the two ways through them: dx_hat = gamma * dout is less mean(dx_hat) and x_hat * mean(dx_hat * x_hat).",
            wrong=lambda g: (layout.upstream(g) * layout.normalised(g).inverse).reshape(g.x.shape),
        ),
        of_dx(
            id="mean_held_constant",
            cause="dx lacks the way through the mean.",
            advice="Subtract mean(dx_hat), dx_hat = gamma * dout, before dividing by np.sqrt(var + eps).",
            wrong=adding(layout, 1, 0),
        ),
        of_dx(
            id="variance_held_constant",
            cause="dx lacks the way through the variance.",
            advice="Subtract x_hat * mean(dx_hat * x_hat), dx_hat = gamma * dout, before dividing by np.sqrt(var + eps).",
            wrong=adding(layout, 0, 1),
        ),
        of_dx(
            id="variance_without_its_two",
            cause="In dx the way through the variance counts half.",
            advice="The variance is a mean of squares, and its derivative is 2 * (x - mean) over their number.",
            wrong=adding(layout, 0, 0.5),
        ),
        of_dx(
            id="variance_of_the_wrong_sign",
            cause="In dx the way through the variance has the wrong sign.",
            advice="A larger variance makes x_hat smaller: d(1 / std) = -0.5 * (var + eps) ** -1.5 * dvar.",
            wrong=adding(layout, 0, 2),
        ),
        of_dx(
            id="unbiased_variance_in_the_gradient",
            cause="dx is the formula for a variance divided by m, with the deviation of one divided by m - 1 in it, m the number of values.",
            advice="Use the variance as np.var gives it, without ddof=1, forward and backward.",
            wrong=unbiased,
        ),
        of_dx(
            id="divided_by_one_less",
            cause="In dx the two sums are divided by m - 1, m the number of values that the mean is taken over.",
            advice="Divide by m: dx = (dx_hat - sum(dx_hat) / m - x_hat * sum(dx_hat * x_hat) / m) / std.",
            wrong=divided_by(layout, lambda g: layout.count(g) - 1),
        ),
        of_dx(
            id="sums_for_means",
            cause="dx subtracts sums where it must subtract means.",
            advice="Divide both by how many values the mean of x is taken over, or multiply dx_hat by that number and divide dx by it.",
            wrong=summing,
        ),
        of_dx(
            id="input_gradient_not_counted",
            cause="In dx the sums are divided by the number of values, and so is dx_hat; dx_hat is not.",
            advice="dx = (m * dx_hat - sum(dx_hat) - x_hat * sum(dx_hat * x_hat)) / (m * std), m the number of values.",
            wrong=lambda g: summing(g) / layout.count(g),
        ),
        of_dx(
            id="input_gradient_not_divided",
            cause="dx is too large by the number of values that the mean is taken over.",
            advice="Divide by that number once: dx = (m * dx_hat - sum(dx_hat) - x_hat * sum(dx_hat * x_hat)) / (m * std).",
            wrong=lambda g: g.right * layout.count(g),
        ),
        of_dx(
            id="deviation_forgotten",
            cause="dx is not divided by the standard deviation.",
            advice="Forward divides by np.sqrt(var + eps), and so does dx.",
            wrong=lambda g: (layout.laid(g, g.right) / layout.normalised(g).inverse).reshape(g.x.shape),
        ),
    )


AVERAGED_OVER_PLACES = Misconception(
    id="averaged_over_places",
    of=("dgamma", "dbeta"),
    cause="{name} is averaged over the batch; it must be summed.",
    advice="Leave out the division by N: the loss has divided already, and dout carries that.",
    wrong=lambda g: g.right * g.C / g.x.size,
)


def parameter_gradients(layout: Layout) -> tuple[Misconception, ...]:
    """Return the mistakes in dgamma and dbeta."""
    return (
        averaged("dgamma", "dbeta"),
        Misconception(
            id="dgamma_from_x",
            of=("dgamma",),
            cause="dgamma is made of x; it must be made of x_hat, the normalised x.",
            advice=HAT,
            wrong=lambda g: layout.summed(g.dout * g.x),
        ),
        Misconception(
            id="dgamma_from_centred",
            of=("dgamma",),
            cause="dgamma is made of x - mean, which is not divided by the standard deviation.",
            advice=HAT,
            wrong=lambda g: layout.summed(g.dout * (layout.normalised(g).h / layout.normalised(g).inverse).reshape(g.x.shape)),
        ),
        Misconception(
            id="dgamma_from_out",
            of=("dgamma",),
            cause="dgamma is made of the output; it must be made of x_hat, before gamma and beta.",
            advice=HAT,
            wrong=lambda g: layout.summed(g.dout * g.out),
        ),
    )


def over_features() -> Misconception:
    """Return the mistake of rows whose parameters' gradients are summed along the wrong axis."""
    return Misconception(
        id="summed_over_features",
        of=("dgamma", "dbeta"),
        cause="{name} is summed over the features of each sample; it must be summed over the samples.",
        advice="gamma and beta have one entry a feature, so sum with axis=0, to shape (D,).",
        wrong=lambda g: (g.dout if g.of == "dbeta" else g.dout * g.cache.normalised.h).sum(axis=1),
    )
