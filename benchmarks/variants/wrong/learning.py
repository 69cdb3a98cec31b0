"""Wrong optimisers, and nets that are trained wrongly."""

from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference.nets import two_layer_net

SGD, ADAM, TRAINING = map(layer, ("sgd", "adam", "training"))


def _absolute(w: Any, dw: Any, *, learning_rate: float, beta1: float, beta2: float, eps: float) -> Any:
    """Adam whose second mean is of absolute values."""
    number, m, v = w.dtype.type, np.zeros_like(w), np.zeros_like(w)
    for t, gradient in enumerate(dw, start=1):
        m = number(beta1) * m + number(1 - beta1) * gradient
        v = number(beta2) * v + number(1 - beta2) * np.abs(gradient)
        w = w - number(learning_rate) * (m / number(1 - beta1**t)) / (np.sqrt(v / number(1 - beta2**t)) + number(eps))
    return (w, m, v), None


def _trained(change: Any) -> Any:
    """Losses of a training whose gradients are changed by `change(gradients)`."""

    def forward(*, x: Any, y: Any, learning_rate: float, steps: int, **params: Any) -> Any:
        losses = []
        for _ in range(steps + 1):
            loss, cache = two_layer_net.forward(x, y, **params)
            grads = change(two_layer_net.backward(np.ones((), x.dtype), cache))
            params = {n: p - x.dtype.type(learning_rate) * g for (n, p), g in zip(params.items(), grads, strict=True)}
            losses.append(loss)
        return np.array(losses), None

    return forward


WRONG = (
    SGD.wrong_given("the first gradient at every step", lambda dw, **_: {"dw": np.repeat(dw[:1], len(dw), axis=0)}),
    SGD.wrong_given("rate halved", lambda learning_rate, **_: {"learning_rate": learning_rate / 2}),
    SGD.wrong_given("the sign of the gradient", lambda dw, **_: {"dw": np.sign(dw)}),
    ADAM.wrong_forward("second mean of absolute values", _absolute),
    TRAINING.wrong_forward("W1 never changes", _trained(lambda grads: [0 * grads[0], *grads[1:]])),
    TRAINING.wrong_forward("gradients too large by 1e-3", _trained(lambda grads: [g * g.dtype.type(1.001) for g in grads])),
    TRAINING.wrong_given("half the rate", lambda learning_rate, **_: {"learning_rate": learning_rate / 2}),
)
