"""Wrong optimisers, and nets that are trained wrongly."""

from functools import partial
from typing import Any

import numpy as np

from benchmarks.variants.wrong.making import layer
from reference.learning import adam
from reference.nets import two_layer_net

SGD, MOMENTUM, ADAM, TRAINING = map(layer, ("sgd", "momentum", "adam", "training"))


def _momentum(*, nesterov: bool = False, forgets: bool = False) -> Any:
    def forward(w: Any, dw: Any, *, learning_rate: float, momentum: float) -> Any:
        rate, kept, v = w.dtype.type(learning_rate), w.dtype.type(momentum), np.zeros_like(w)
        for gradient in dw:
            v = (0 * v if forgets else kept * v) - rate * gradient
            w = w + (kept * v - rate * gradient if nesterov else v)
        return (w, v), None

    return forward


def _adam(*, start: int = 1, corrects: bool = True, squares: bool = True) -> Any:
    """Adam whose count starts elsewhere, which corrects nothing, or whose second mean is of something else."""

    def forward(w: Any, dw: Any, *, learning_rate: float, beta1: float, beta2: float, eps: float) -> Any:
        number, m, v = w.dtype.type, np.zeros_like(w), np.zeros_like(w)
        for t, gradient in enumerate(dw, start):
            m = number(beta1) * m + number(1 - beta1) * gradient
            v = number(beta2) * v + number(1 - beta2) * (gradient**2 if squares else np.abs(gradient))
            first, second = (1 - beta1**t, 1 - beta2**t) if corrects else (1, 1)
            w = w - number(learning_rate) * (m / number(first)) / (np.sqrt(v / number(second)) + number(eps))
        return (w, m, v), None

    return forward


def _trained(change: Any) -> Any:
    """Losses of a training whose gradients are changed by `change(gradients, N)`; None stands for the right losses."""

    def forward(*, x: Any, y: Any, learning_rate: float, steps: int, **params: Any) -> Any:
        losses = []
        for _ in range(steps + 1):
            loss, cache = two_layer_net.forward(x, y, **params)
            grads = change(two_layer_net.backward(np.ones((), x.dtype), cache), len(x))
            params = {n: p - x.dtype.type(learning_rate) * g for (n, p), g in zip(params.items(), grads, strict=True)}
            losses.append(loss)
        return np.array(losses), None

    return forward


WRONG = (
    SGD.wrong_given("up the gradient", lambda dw, **_: {"dw": -dw}),
    SGD.wrong_given("the first gradient at every step", lambda dw, **_: {"dw": np.repeat(dw[:1], len(dw), axis=0)}),
    SGD.wrong_given("rate halved", lambda learning_rate, **_: {"learning_rate": learning_rate / 2}),
    SGD.wrong_given("the sign of the gradient", lambda dw, **_: {"dw": np.sign(dw)}),
    MOMENTUM.wrong_forward("velocity forgotten", _momentum(forgets=True)),
    MOMENTUM.wrong_forward("Nesterov's momentum", _momentum(nesterov=True)),
    MOMENTUM.wrong_out("velocity of the wrong sign added", lambda out, w, **_: 2 * w - out),
    MOMENTUM.wrong_forward(
        "gradient times 1 - momentum",
        lambda w, dw, momentum, learning_rate: MOMENTUM.forward(w, dw, momentum=momentum, learning_rate=learning_rate * (1 - momentum)),
    ),
    ADAM.wrong_forward("no correction of the start", _adam(corrects=False)),
    ADAM.wrong_forward("the first step counted as the second", _adam(start=2)),
    ADAM.wrong_forward("second mean of absolute values", _adam(squares=False)),
    ADAM.wrong_given("the betas exchanged", lambda beta1, beta2, **_: {"beta1": beta2, "beta2": beta1}),
    ADAM.wrong_forward("up the gradient", lambda w, dw, **given: partial(adam.forward, w, -dw)(**given)),
    TRAINING.wrong_forward("gradients not averaged", _trained(lambda grads, N: [N * g for g in grads])),
    TRAINING.wrong_forward("biases never change", _trained(lambda grads, N: [g * (g.ndim > 1) for g in grads])),
    TRAINING.wrong_forward("W1 never changes", _trained(lambda grads, N: [0 * grads[0], *grads[1:]])),
    TRAINING.wrong_forward("up the gradient", _trained(lambda grads, N: [-g for g in grads])),
    TRAINING.wrong_forward("gradients too large by 1e-3", _trained(lambda grads, N: [g * g.dtype.type(1.001) for g in grads])),
    TRAINING.wrong_given("half the rate", lambda learning_rate, **_: {"learning_rate": learning_rate / 2}),
)
