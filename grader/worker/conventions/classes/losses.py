"""Losses as classes: `forward(scores, labels)` and `backward()`, `loss(y_true, y_pred)` and `gradient(...)`, or both at once."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, both, one_hot
from grader.worker.conventions.classes.built import built, parameters
from grader.worker.conventions.classes.layout import REFUSED
from grader.worker.conventions.classes.running import BACKWARD, FORWARD, in_code, left_behind, method, needed
from grader.worker.conventions.spelt import SPELT
from grader.worker.conventions.transcript import note, taken
from grader.worker.wire import Array

ASKED = (*FORWARD, "loss", "compute_loss", "calculate", "calc_loss", "compute", "cost")
DIFFERENTIATED = (*BACKWARD, "dloss", "loss_gradient", "loss_grad", "gradients", "prime", "delta")
TARGETS = SPELT["target"]
PREDICTIONS = SPELT["prediction"]
FORMS: Mapping[str, Callable[[Array, Array], Array]] = {
    "labels": lambda _, y: y,
    "rows": lambda x, y: one_hot(y, x.shape[1], x.dtype),
    "column": lambda _, y: y[:, None],
}
SAID = {"labels": "y", "rows": "np.eye({classes}, dtype=x.dtype)[y]", "column": "y[:, None]"}  # in a line of code
TRIED = np.array([[0.3, -1.2, 2.0, 0.7], [1.1, 0.4, -0.5, -2.0], [-0.1, 0.9, 0.2, 1.5]]), np.array([2, 0, 3])


def loss(*names: str, labels: bool = True, of_scores: bool = False) -> Adapter:
    """Return the adapter of a loss class; `labels` are its targets (or one-hot rows), or else what the task gives.

    `of_scores`: what a class that wants probabilities is told, it cannot be graded.
    """

    def forward(found: Found, arrays: Mapping[str, Array], _: Options) -> tuple[dict[str, Any], Any]:
        x, made = arrays["x"], found["forward"]
        t = FORMS[_form(made)](x, arrays["y"]) if labels else arrays["y"]
        if of_scores:
            _check_scores(made)
        one = built(made, {}, known_as="layer")
        note(f"t = {SAID[_form(made)].format(classes=x.shape[1]) if labels else 'y'}")
        out, dx = _asked(one, x, t)
        return {"out": out}, (one, dx, x, t)

    def backward(_: Found, dout: Array, cache: Any) -> dict[str, Any]:
        one, dx, x, t = cache
        if dx is not None and method(one, DIFFERENTIATED) is None:
            return {"dx": dx}
        returned = _differentiated(one, dout, x, t)
        if isinstance(returned, tuple) and returned:
            note("dx = dx[0]")
        return {"dx": returned[0] if isinstance(returned, tuple) and returned else returned}

    wanted = Wanted(names=names, calls={"forward": ASKED, "backward": (*DIFFERENTIATED, *ASKED)})
    return Adapter(wants=both(wanted), forward=forward, backward=backward)


def in_order(taken: Sequence[inspect.Parameter], x: Array, t: Array) -> tuple[Array, Array]:
    """Return predictions and targets in the order in which the names of two parameters have them; predictions first, where they say nothing."""
    first, second = (p.name.lower() for p in taken[:2]) if len(taken) > 1 else ("", "")
    swapped = (first in TARGETS and second not in TARGETS) or (first == "y" and second in PREDICTIONS)
    return (t, x) if swapped else (x, t)


def _said_in_order(taken: Sequence[inspect.Parameter]) -> str:
    """Return the two in a line of code."""
    none = np.empty(0)
    return "t, x" if in_order(taken, x := none, np.empty(0))[0] is not x else "x, t"


def _asked(one: Any, x: Array, t: Array) -> tuple[Any, Any]:
    """Return the loss, and the gradient where it comes with it."""
    ask = needed(one, ASKED)
    note(f"out = {in_code(ask, 'layer', _said_in_order(parameters(ask)), {})}")
    returned = ask(*in_order(parameters(ask), x.copy(), t.copy()))
    if isinstance(returned, tuple) and len(returned) == 2:
        note("out, dx = out")
        return returned
    return returned, None


def _differentiated(one: Any, dout: Array, x: Array, t: Array) -> Any:
    backward = needed(one, DIFFERENTIATED)
    asked = [p for p in parameters(backward) if p.default is p.empty]
    given: tuple[Any, ...] = ()
    said = ""
    if len(asked) > 1:
        said, given = _said_in_order(asked), in_order(asked, x.copy(), t.copy())
    elif asked and asked[0].name.lower() in {*TARGETS, "y"}:
        said, given = "t", (t.copy(),)
    elif asked and asked[0].name.lower() in PREDICTIONS:
        said, given = "x", (x.copy(),)
    elif asked:
        said, given = f"{dout[()]}", (dout[()],)
    note(f"dx = {in_code(backward, 'layer', said, {})}")
    returned = backward(*given)
    if returned is None:
        note("dx = layer.dinputs")
    return left_behind(one, "dinputs") if returned is None else returned


@cache
@taken()
def _form(made: Callable[..., Any]) -> str:
    """Find out how a class wants its labels: by the first form that gives a number, else by the first that it takes at all."""
    x, y = TRIED
    taken = []
    errors: list[BaseException] = []
    for name, form in FORMS.items():
        try:
            with np.errstate(all="ignore"):
                out, _ = _asked(built(made, {}), x, form(x, y))
        except REFUSED as error:
            errors.append(error)
            continue
        taken.append(name)
        if np.size(out) == 1:
            return name
    if not taken:
        raise errors[0]
    return taken[0]


@cache
@taken()
def _check_scores(made: Callable[..., Any]) -> None:
    """Refuse a class that takes probabilities: what it says to those is the cross entropy, and to scores it is not.

    Raises:
        Unusable: It does.
    """
    x, y = TRIED
    e = np.exp(x)
    p = e / e.sum(axis=1, keepdims=True)
    right = -np.log(p[np.arange(3), y]).mean()
    with np.errstate(all="ignore"):
        said, meant = (_asked(built(made, {}), given, FORMS[_form(made)](x, y))[0] for given in (p, x))
    if np.size(said) == np.size(meant) == 1 and np.isclose(said, right, rtol=1e-3) and not np.isclose(meant, right, rtol=1e-3):
        raise Unusable("it takes probabilities; asked for is a loss of scores, with the softmax in it")
