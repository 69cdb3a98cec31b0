"""The cross entropy of probabilities, as a function of its own: what a softmax gave goes in, no gradient comes out."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference import labels
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.misconception import Misconception
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values


def forward(x: Array, y: Array, *, log_epsilon: float = 0.0) -> tuple[Array, None]:
    r"""Average the negative logarithm of the probability of the right class.

    $$L = -\frac{1}{N} \sum_n \log x_{n,y_n}$$

    Args:
        x: Probabilities, shape (N, K), above 0; rows need not add up to 1.
        y: Right classes, whole numbers in [0, K), shape (N,).
        log_epsilon: Added to the probability inside the logarithm, as many course codes do.

    Returns:
        loss: One number, shape ().
        cache: None; there is no backward.

    Raises:
        ShapeError: x is not (N, K), or y not (N,).
        LabelError: y is not of whole numbers in [0, K).

    Source: same as torch.nn.functional.nll_loss of the logarithm (log_epsilon = 0).
    """
    labels.check("cross_entropy_error", x, y)
    return -np.log(x[np.arange(len(y)), y] + x.dtype.type(log_epsilon)).mean(), None


def magnitude(arrays: Mapping[str, Array], reading: Mapping[str, Any], _: Array | None) -> Magnitude:
    """A logarithm is off by a unit of itself, and by one of its argument; a sum over all classes adds zeros, or logarithms times 0."""
    x, y = arrays["x"], arrays["y"]
    right = np.log(x[np.arange(len(y)), y] + reading.get("log_epsilon", 0.0))
    return Magnitude(np.asarray((np.abs(right) + 1).mean()), ())


MISCONCEPTIONS = (
    Misconception(
        id="summed",
        cause="The loss is summed over the batch; it must be averaged.",
        advice="Divide the sum by N.",
        wrong=lambda g: g.right * g.N,
    ),
    Misconception(
        id="over_elements",
        cause="The loss is averaged over samples and classes; it must be averaged over the samples alone.",
        advice="Divide the sum by N: of each row, one logarithm counts.",
        wrong=lambda g: g.right / g.K,
    ),
    Misconception(
        id="sign",
        cause="The loss has the wrong sign: a logarithm of a probability is negative, and the minus in front of it is missing.",
        advice="The loss is -np.log(p), averaged, with p the probability of the right class.",
        wrong=lambda g: -g.right,
    ),
    Misconception(
        id="softmax_applied",
        cause="A softmax is taken of x; x are probabilities already.",
        advice="Take the logarithm of x itself.",
        wrong=lambda g: g.but(x=np.exp(g.x) / np.exp(g.x).sum(axis=1, keepdims=True)).out,
    ),
    Misconception(
        id="every_class",
        cause="The logarithms of all classes are added up; that of the right class alone counts.",
        advice="Pick it out with x[np.arange(N), y].",
        wrong=lambda g: -np.log(g.x + g.log_epsilon).sum(axis=1).mean(),
    ),
    Misconception(
        id="logarithm_of_the_mean",
        cause="The logarithm is taken of the mean probability; it must be taken of each before they are averaged.",
        advice="The loss is np.mean(-np.log(p)), not -np.log(np.mean(p)).",
        wrong=lambda g: -np.log((g.x[np.arange(g.N), g.y] + g.log_epsilon).mean()),
    ),
)

SPEC = LayerSpec(
    name="cross_entropy_error",
    formula={
        "forward": ("out = -log(x[arange(N), y]).mean()",),
    },
    forward=forward,
    magnitude=magnitude,
    scalar=True,
    arguments=(Argument(name="x", axes="N K", positive=True), Argument(name="y", axes="N", labels=True)),
    axes={"N": (1, 5), "K": (2, 6)},
    readings={"log_epsilon": tuple(e for e in LOG_EPSILONS if e >= 0)},
    traits=Traits(out="", coupled=True),
    misconceptions=MISCONCEPTIONS,
    scenarios=(
        Scenario(title="small numbers", axes={"N": (2, 2), "K": (3, 3)}, values=Values.FRACTIONS),
        Scenario(title="all axes differ", axes={"N": (3, 3), "K": (4, 5)}, values=Values.FRACTIONS, count=2),
        Scenario(title="square", axes={"N": (4, 4), "K": (4, 4)}, values=Values.FRACTIONS),
        Scenario(title="one sample", axes={"N": (1, 1)}, values=Values.FRACTIONS),
        Scenario(title="two classes", axes={"K": (2, 2)}, values=Values.FRACTIONS),
        Scenario(title="any sizes", values=Values.FRACTIONS, count=2),
        Scenario(title="float32", axes={"N": (3, 4), "K": (3, 5)}, values=Values.FRACTIONS, single=True),
    ),
)
