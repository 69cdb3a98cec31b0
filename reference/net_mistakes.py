"""What students get wrong in every net: the loss at its end, the scores before it, and the way back through activations."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from reference import dense
from reference.given import Given
from reference.layers import affine
from reference.losses import softmax_loss
from reference.misconception import Misconception
from reference.regularising_mistakes import decay, regularised
from reference.spec import Array, LayerSpec

# Of the loss, as far as the scores of a net can show them: they are never so large that an exponential overflows.
LOSS = (
    "label_not_subtracted",
    "label_subtracted_in_every_row",
    "label_not_averaged",
    "over_the_batch",
    "over_the_samples",
    "over_elements",
)


def of_loss(loss: LayerSpec, ids: Iterable[str], at: Callable[..., Any], gradients: tuple[str, ...]) -> tuple[Misconception, ...]:
    """Return misconceptions of a loss as those of what ends in it: `at(g, known, loss)` works out the value."""
    return tuple(
        replace(known, of=(*known.of[: known.of.index("dx")], *gradients), wrong=partial(at, known=known, loss=loss))
        for known in loss.misconceptions
        if known.id in ids
    )


def lost(g: Given, known: Misconception, loss: LayerSpec, scores: Array) -> Any:
    """Return the loss or the gradient of these scores as a misconception about the loss has it."""
    reading = {name: g.values[name] for name in loss.readings}
    return known.wrong(Given(loss, {"x": scores, "y": g.y, **reading}, g.dout, "out" if g.of == "out" else "dx"))


def kept(g: Given) -> dense.Cache:
    """Return what the affine layers of a net keep."""
    cache: dense.Cache = getattr(g.cache, "dense", g.cache)
    return cache


def before(g: Given, i: int) -> Array:
    """Return what comes out of the i-th affine layer, from 0."""
    x, w = kept(g).affine[i]
    *_, biases = zip(*dense.pairs(g.values)[-len(kept(g).affine) :], strict=True)
    return np.asarray(x.reshape(len(x), -1) @ w + biases[i])


def backed(g: Given, **fields: Any) -> Any:
    """Return what backward gives where the affine layers have kept other things."""
    changed = kept(g)._replace(**fields)
    cache = changed if kept(g) is g.cache else g.cache._replace(dense=changed)
    return g.backed(cache)[g.of]


def at_scores(g: Given, known: Misconception, loss: LayerSpec) -> Any:
    """Return the value of a net whose loss is made by a misconception."""
    scores = before(g, -1)
    value = lost(g, known, loss, scores)
    if g.of == "out":
        return value + decay(g)
    p = value * (g.N / g.dout) + np.eye(scores.shape[1])[g.y]  # from which backward makes that gradient
    return backed(g, loss=softmax_loss.Cache(p, g.y, np.ones((g.N, 1))))


Slope = Callable[[str, Array, Array, Array], Array]


def right_slope(kind: str, dh: Array, _: Array, kept: Array) -> Array:
    """Carry a gradient back through an activation of that kind, for its input and what it has kept."""
    return dense.ACTIVATIONS[kind].backward(dh, kept)[0]  # type: ignore[no-any-return]


def sloped(slope: Slope) -> Callable[[Given], Any]:
    """Return the gradient of a fully connected net by the chain rule, with `slope` for the way back through an activation."""

    def wrong(g: Given) -> Any:
        net = kept(g)
        (dh,) = softmax_loss.backward(g.dout, net.loss)
        found: dict[str, Any] = {}
        for i in reversed(range(len(net.affine))):
            dh, found[f"W{i + 1}"], found[f"b{i + 1}"] = affine.backward(dh, net.affine[i])
            if i:
                dh = slope(net.activations[i - 1], dh, before(g, i - 1), net.activation[i - 1])
        return found[g.of] + decay(g)

    return wrong


def sloped_at(kind: str, slope: Callable[[Array, Array, Array], Array]) -> Callable[[Given], Any]:
    """Return `sloped` where only the way back through activations of that kind is another one."""
    return sloped(lambda other, dh, a, h: slope(dh, a, h) if other == kind else right_slope(other, dh, a, h))


def activated(*activations: Callable[[Array], Array]) -> Callable[[Given], Any]:
    """Return the loss of a net with other activations in turn, one for each affine layer, the last included."""

    def wrong(g: Given) -> Any:
        h = kept(g).affine[0].x.reshape(g.N, -1)
        for activation, (w, b) in zip(activations, dense.pairs(g.values)[-len(kept(g).affine) :], strict=True):
            h = activation(h @ w + b)
        return softmax_loss.forward(h, g.y, log_epsilon=g.log_epsilon)[0] + decay(g)

    return wrong


def _biases_too(g: Given) -> Any:
    if g.of == "out":
        return g.right + g.reg_factor * g.reg * sum(np.vdot(b, b) for name, b in g.values.items() if name[0] == "b")
    return g.right + g.dout * 2 * g.reg_factor * g.reg * g.values[g.of]


def _of_inputs(g: Given) -> Any:
    """Return the gradients of weights from what goes into the activations before them."""
    first, *rest = kept(g).affine
    return backed(g, affine=[first, *(each._replace(x=before(g, i)) for i, each in enumerate(rest))])


def _on_scores(g: Given, activation: str) -> Any:
    """Return what is asked about where an activation is applied to the scores, and is left out on the way back."""
    scores, _ = dense.ACTIVATIONS[activation].forward(before(g, -1))
    loss, cache = softmax_loss.forward(scores, g.y, log_epsilon=g.log_epsilon)
    return loss + decay(g) if g.of == "out" else backed(g, loss=cache)


def sigmoid_on_scores(gradients: tuple[str, ...]) -> Misconception:
    """Return the mistake to take a sigmoid for the last step before the softmax, in nets whose last activation is another one."""
    return Misconception(
        id="sigmoid_on_scores",
        of=("out", *gradients),
        cause="{name} is that of a softmax of the sigmoid of the scores.",
        advice="The last affine layer goes into the softmax as it is.",
        wrong=lambda g: _on_scores(g, "sigmoid"),
    )


def nets(gradients: tuple[str, ...], behind: tuple[str, ...]) -> tuple[Misconception, ...]:
    """Return the misconceptions of nets that end in affine layers with activations between them, and the softmax loss.

    `behind` are the weights behind an activation that no pooling follows.
    """
    return (
        *regularised(gradients),
        Misconception(
            id="biases_regularised",
            of=("out", *(name for name in gradients if name[0] == "b")),
            cause="The biases are regularised in {name}; the weights alone are.",
            advice="Leave the biases out of the regularisation and of its derivative.",
            wrong=_biases_too,
        ),
        Misconception(
            id="first_bias_forgotten",
            of=("out", "b1"),
            cause="{name} is that of a net whose first layer does not add its bias b1.",
            advice="The first layer gives x @ W1 + b1, or the convolution of x with W1, plus b1.",
            wrong=lambda g: g.but(b1=np.zeros_like(g.b1)).right,
        ),
        *of_loss(softmax_loss.SPEC, LOSS, at_scores, gradients),
        Misconception(
            id="input_of_the_activation",
            of=behind,
            cause="{name} is made with what went into the activation before it; it must be made with what came out.",
            advice="The layer behind an activation gets h = f(a): its gradient is h.T @ dout, with h and not a.",
            wrong=_of_inputs,
        ),
        Misconception(
            id="activation_on_scores",
            of=("out", *gradients),
            cause="In {name} the activation is applied to the scores, too.",
            advice="The last affine layer goes into the softmax as it is.",
            wrong=lambda g: _on_scores(g, next(reversed(kept(g).activations), "relu")),  # which convolutions before it have
        ),
    )


def slopes(gradients: tuple[str, ...]) -> tuple[Misconception, ...]:
    """Return the misconceptions about the way back through any activation of a fully connected net, before which these are."""
    return (
        Misconception(
            id="slope_forgotten",
            of=gradients,
            cause="{name} lacks the derivative of the activation.",
            advice="On its way back the gradient is multiplied by the derivative: h * (1 - h) for a sigmoid, a > 0 for a ReLU.",
            wrong=sloped(lambda kind, dh, a, h: dh),
        ),
    )


def relu_slopes(gradients: tuple[str, ...]) -> tuple[Misconception, ...]:
    """Return those about the way back through a ReLU."""
    return (
        Misconception(
            id="masked_by_gradient",
            of=gradients,
            cause="On the way back through the ReLU, {name} loses what is negative in the gradient; what was negative in the input must go.",
            advice="dh[a <= 0] = 0, with a the input of the ReLU, not dh[dh <= 0] = 0.",
            wrong=sloped_at("relu", lambda dh, a, h: dh * (dh > 0)),
        ),
    )


def sigmoid_slopes(gradients: tuple[str, ...]) -> tuple[Misconception, ...]:
    """Return those about the way back through a sigmoid."""
    misconceived = partial(Misconception, of=gradients, advice="With h = sigmoid(a) the derivative is h * (1 - h).")
    return (
        misconceived(
            id="slope_at_input",
            cause="The derivative of the sigmoid in {name} is a * (1 - a) of its input a; it must be taken of its output.",
            wrong=sloped_at("sigmoid", lambda dh, a, h: dh * a * (1 - a)),
        ),
        misconceived(
            id="half_a_slope",
            cause="The derivative of the sigmoid in {name} is h alone; the factor 1 - h is missing.",
            wrong=sloped_at("sigmoid", lambda dh, a, h: dh * h),
        ),
        misconceived(
            id="other_half_of_a_slope",
            cause="The derivative of the sigmoid in {name} is 1 - h alone; the factor h is missing.",
            wrong=sloped_at("sigmoid", lambda dh, a, h: dh * (1 - h)),
        ),
        misconceived(
            id="relu_for_sigmoid",
            cause="{name} has the derivative of a ReLU where the activation is a sigmoid.",
            wrong=sloped_at("sigmoid", lambda dh, a, h: dh * (a > 0)),
        ),
    )
