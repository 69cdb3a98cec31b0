"""What students get wrong in linear classifiers: the loss of the scores, and the regularisation of the weights."""

from typing import Any

from reference.given import Given
from reference.misconception import Misconception
from reference.net_mistakes import lost, of_loss
from reference.regularising_mistakes import decay, regularised
from reference.spec import LayerSpec

# Not of nets: their banks hold too few regularised batches to tell it.
REGULARISATION_AVERAGED = Misconception(
    id="regularisation_averaged",
    of=("out", "dw"),
    cause="The regularisation in {name} is divided by N, as the rest is.",
    advice="Divide by N first and add the regularisation then: it is of the weights, not of the samples.",
    wrong=lambda g: g.right - decay(g) * (1 - 1 / g.N),
)


def at_scores(g: Given, known: Misconception, loss: LayerSpec) -> Any:
    """Return the value where the loss is made by a misconception."""
    value = lost(g, known, loss, g.x @ g.w)
    return decay(g) + (value if g.of == "out" else g.x.T @ value)


def classified(loss: LayerSpec, ids: tuple[str, ...]) -> tuple[Misconception, ...]:
    """Return the misconceptions of a classifier with this loss, of whose own it can show those with these ids."""
    return (*regularised(("dw",)), REGULARISATION_AVERAGED, *of_loss(loss, ids, at_scores, ("dw",)))
