"""Does a net learn? The losses of a two-layer net while it is trained with gradient descent on a small fixed data set."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from reference import dense, spirals
from reference.given import Given
from reference.losses import softmax_loss
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.misconception import Misconception
from reference.nets import two_layer_net
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values

NAMES = ("W1", "b1", "W2", "b2")
MOVED = 1e-8  # how far gradients are moved to see what becomes of an error in them: far above rounding, and still to first order
DRAWS = 6
# The epsilons of most codes; each reading is a training of its own.
EPSILONS = LOG_EPSILONS[:6]


def forward(
    x: Array,
    y: Array,
    W1: Array,
    b1: Array,
    W2: Array,
    b2: Array,
    *,
    learning_rate: float = 0.5,
    steps: int = 10,
    activation: str = "sigmoid",
    log_epsilon: float = 0.0,
) -> tuple[Array, None]:
    r"""Return the loss before the first step and after each: full batches, a constant rate, no regularisation.

    $$p \leftarrow p - \eta\,\partial L / \partial p, \quad p = W_1, b_1, W_2, b_2$$

    Args:
        x: Points, shape (P, D).
        y: Their classes, shape (P,).
        W1: Shape (D, H1), where training starts, as the others.
        b1: Shape (H1,).
        W2: Shape (H1, K).
        b2: Shape (K,).
        learning_rate: eta.
        steps: How many.
        activation: See `two_layer_net`.
        log_epsilon: See `softmax_loss`.

    Returns:
        out: Losses, shape (steps + 1,).
        cache: None; nothing is differentiated.

    Raises:
        ShapeError: A layer does not fit, or y is not (P,).
        LabelError: y is not of whole numbers in [0, K).

    Source: torch.optim.SGD on `two_layer_net`.
    """
    params = dict(zip(NAMES, (W1, b1, W2, b2), strict=True))
    states = descent(x, y, params, learning_rate, steps, activation=activation, log_epsilon=log_epsilon)
    return np.array([loss for _, loss in states]), None


Gradients = tuple[Array, ...]
Change = Callable[[Sequence[Gradients], dense.Cache], Sequence[Array]]


def descent(
    x: Array,
    y: Array,
    params: Mapping[str, Any],
    rate: float,
    steps: int,
    *,
    change: Change = lambda so_far, cache: so_far[-1],
    **net: Any,
) -> Iterator[tuple[Mapping[str, Any], Array]]:
    """Yield parameters and loss before the first step and after each, by `change(gradients of each step so far, cache)`."""
    so_far: list[Gradients] = []
    for _ in range(steps + 1):
        loss, cache = two_layer_net.forward(x, y, **params, **net)
        yield params, loss
        so_far.append(two_layer_net.backward(np.ones((), x.dtype), cache))
        changes = zip(params.items(), change(so_far, cache), strict=True)
        params = {name: p - x.dtype.type(rate) * g for (name, p), g in changes}


def magnitude(arrays: Mapping[str, Array], options: Mapping[str, Any], _: Array | None) -> Magnitude:
    """What single losses are rounded by, and what errors of the steps before have grown to.

    How they grow depends on the curvature that the net meets, and no formula says that closely. So it is measured: the reference is
    trained again with gradients moved at random by a known share of their magnitudes, several times, and the largest change counts.

    Source: Vignes, A stochastic arithmetic for reliable scientific computation (1993).
    """
    training = (options.get("activation", "sigmoid"), options["learning_rate"], options["steps"])
    keys = tuple((arrays[name].tobytes(), arrays[name].shape, arrays[name].dtype.str) for name in ("x", "y", *NAMES))
    return Magnitude(np.array(_grown(keys, *training)), ())


@lru_cache(maxsize=256)  # an epsilon in the logarithm changes none of it, and each is a reading
def _grown(keys: tuple[tuple[bytes, tuple[int, ...], str], ...], activation: str, rate: float, steps: int) -> tuple[float, ...]:
    arrays = [np.frombuffer(data, dtype).reshape(shape) for data, shape, dtype in keys]
    params = dict(zip(NAMES, arrays[2:], strict=True))
    runs = [[*_losses(arrays[0], arrays[1], params, activation, rate, steps, seed)] for seed in range(DRAWS + 1)]
    sizes, plain = np.array([size for _, size in runs[0]]), np.array([loss for loss, _ in runs[0]])
    moved = np.array([[loss for loss, _ in run] for run in runs[1:]])
    return tuple(sizes + 4 * np.abs(moved - plain).max(axis=0) / MOVED)


def _losses(
    x: Array, y: Array, params: Mapping[str, Any], activation: str, rate: float, steps: int, seed: int
) -> Iterator[tuple[float, float]]:
    """Yield the loss and its magnitude after each step; where there is a seed, of gradients that are moved."""
    rng = np.random.default_rng(seed)
    for _ in range(steps + 1):
        arrays = {"x": x, "y": y, **params}
        sizes = dense.magnitude(arrays, {}, (activation,), np.ones(()))
        loss, cache = two_layer_net.forward(x, y, **params, activation=activation)
        yield float(loss), float(sizes.out)
        grads = two_layer_net.backward(np.ones(()), cache)
        changed = {}
        for (name, p), g, size in zip(params.items(), grads, sizes.gradients, strict=True):
            error = rng.choice([-MOVED, MOVED], p.shape) * (np.abs(p) + rate * size) if seed else 0
            changed[name] = p - rate * g + error
        params = changed


def kinks(x: Array, y: Array, *, learning_rate: float, steps: int, **given: Any) -> Array:
    """Whether, at any step, an input of a ReLU is so near to 0 that rounding could decide its sign; as a ReLU whatever the activation."""
    start = {name: given[name] for name in NAMES}
    states = descent(x, y, start, learning_rate, steps, activation="relu")
    return np.asarray(any(np.abs(x @ params["W1"] + params["b1"]).min() < 1e-4 for params, _ in states))


def _trained(change: Callable[[Sequence[Gradients], dense.Cache, Given], Sequence[Array]]) -> Callable[[Given], Array]:
    """Return the losses of a training by `change(gradients of each step so far, cache, g)`."""

    def wrong(g: Given) -> Array:
        start = {name: g.values[name] for name in NAMES}
        net = {"activation": g.activation, "log_epsilon": g.log_epsilon}
        states = descent(g.x, g.y, start, g.learning_rate, g.steps, change=lambda so_far, cache: change(so_far, cache, g), **net)
        return np.array([loss for _, loss in states])

    return wrong


def _without_slope(so_far: Sequence[Gradients], cache: dense.Cache, g: Given) -> Sequence[Array]:
    """Return gradients which pass the activation as if it were not there."""
    (dscores,) = softmax_loss.backward(np.ones((), g.x.dtype), cache.loss)
    dh = dscores @ cache.weights[1].T
    return (g.x.T @ dh, dh.sum(axis=0), *so_far[-1][2:])


MISCONCEPTIONS = (
    Misconception(
        id="gradients_summed",
        cause="The losses are those of gradients that are summed over the batch; the loss is a mean.",
        advice="Divide the gradient of the scores by the number of points, once.",
        wrong=_trained(lambda so_far, cache, g: [g.P * d for d in so_far[-1]]),
    ),
    Misconception(
        id="gradients_averaged_twice",
        cause="The losses are those of gradients that are divided by the number of points twice.",
        advice="Divide the gradient of the scores by it, and nothing after that.",
        wrong=_trained(lambda so_far, cache, g: [d / g.P for d in so_far[-1]]),
    ),
    Misconception(
        id="up_the_gradient",
        cause="The losses are those of gradients of the wrong sign: training climbs.",
        advice="The gradient of the scores is (p - one_hot) / N, not (one_hot - p) / N.",
        wrong=_trained(lambda so_far, cache, g: [-d for d in so_far[-1]]),
    ),
    Misconception(
        id="slope_forgotten",
        cause="The losses are those of gradients that pass the activation unchanged.",
        advice="Multiply by the activation's derivative on the way back to the first layer.",
        wrong=_trained(_without_slope),
    ),
    Misconception(
        id="biases_never_change",
        cause="The losses are those of biases that never change.",
        advice="A bias has a gradient, too: the sum over the points of what comes back to its layer.",
        wrong=_trained(lambda so_far, cache, g: [d * (d.ndim > 1) for d in so_far[-1]]),
    ),
    Misconception(
        id="bias_gradients_averaged",
        cause="The losses are those of gradients of the biases that are averaged over the points.",
        advice="Sum them over the points: the gradient of the scores is divided by their number already.",
        wrong=_trained(lambda so_far, cache, g: [d if d.ndim > 1 else d / g.P for d in so_far[-1]]),
    ),
    Misconception(
        id="first_layer_never_changes",
        cause="The losses are those of a first layer that never changes.",
        advice="Pass the gradient on through the second layer and the activation to W1 and b1.",
        wrong=_trained(lambda so_far, cache, g: [0 * so_far[-1][0], 0 * so_far[-1][1], *so_far[-1][2:]]),
    ),
    Misconception(
        id="gradients_accumulated",
        cause="The losses are those of gradients which are added to those of all steps before.",
        advice="Begin with new gradients in every call.",
        wrong=_trained(lambda so_far, cache, g: [sum(d[1:], d[0]) for d in zip(*so_far, strict=True)]),
    ),
    Misconception(
        id="loss_summed",
        cause="The losses are summed over the points; they must be means, as their gradients are.",
        advice="Divide the loss by the number of points.",
        wrong=lambda g: g.P * g.right,
    ),
)
SIZES = {"P": (12, 12), "D": (2, 2), "H1": (5, 5), "K": (3, 3)}
SPEC = LayerSpec(
    name="training",
    formula={
        "forward": (
            "losses[s] = loss of the net with its parameters after s steps",
            "p = p - learning_rate * dp in every step, for p = W1, b1, W2, b2",
        ),
    },
    forward=forward,
    magnitude=magnitude,
    kinks=kinks,
    arguments=(
        Argument(name="x", axes="P D", fixed=spirals.points),
        Argument(name="y", axes="P", labels=True, fixed=spirals.classes),
        *(replace(a, gradient=None) for a in dense.arguments(2) if a.name in NAMES),
    ),
    axes=SIZES,
    options={"learning_rate": (0.5, 1.0), "steps": (5, 10)},
    readings={"activation": ("sigmoid", "relu"), "log_epsilon": EPSILONS},
    misconceptions=MISCONCEPTIONS,
    traits=Traits(coupled=True),
    scenarios=(
        Scenario(title="two classes, one step", axes={"P": (6, 6), "H1": (3, 3), "K": (2, 2)}, options={"steps": (1,)}, values=Values.FRACTIONS),
        Scenario(title="three classes", values=Values.FRACTIONS, count=3),
        Scenario(title="more hidden units than points", axes={"P": (6, 6), "H1": (8, 8), "K": (2, 2)}, values=Values.FRACTIONS),
        Scenario(title="float32", options={"steps": (5,)}, values=Values.FRACTIONS, single=True),
    ),
)  # fmt: skip
