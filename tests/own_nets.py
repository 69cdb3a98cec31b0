"""A net of a student's own design: what the tests of its parameters, its loss and its gradients share."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader import messages
from grader.model import Answer, Array, Call, Failure, FailureKind, Outcome, Stage
from grader.properties import own_gradient, own_loss
from grader.properties.property import Blocked, Evidence
from reference.designs.own_net import SPEC
from tests.support import case_of, evidence

Values = Mapping[str, Array]
W, B = "params['W']", "params['b']"
INITIAL = {W: np.array([[0.01, -0.02], [0.03, 0.0], [0.0, 0.01]]), B: np.zeros(2)}
CASE = case_of(np.ones(()), number=2, x=np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]]), y=np.array([0, 1]))
FORWARD_LOST = Blocked(messages.blocked("forward"))
FAILURE = Failure(kind=FailureKind.EXCEPTION, text="ValueError: no", trace="line 3")
RIGHT = {"forward.value": None, "forward.repeat": None}


def scores(p: Values, x: Array) -> Array:
    return np.tanh(x @ p[W] + p[B])


def loss(p: Values, x: Array) -> Any:
    """Return the loss of a net of one layer; how well it classifies is no matter here."""
    return (scores(p, x) ** 2).sum()


def grads(p: Values, x: Array) -> dict[str, Array]:
    s = scores(p, x)
    d = 2 * s * (1 - s * s)
    return {"grads['W']": x.T @ d, "grads['b']": d.sum(axis=0)}


def nothing(p: Values, x: Array) -> dict[str, Array]:
    """Return no gradients, where nobody looks at them."""
    del p, x
    return {}


class Net:
    """Makes calls as a worker would, of a loss and gradients, and keeps them."""

    def __init__(self, loss: Callable[..., Any] = loss, grads: Callable[..., Any] = grads, initial: Values = INITIAL) -> None:
        self.loss, self.grads, self.initial = loss, grads, initial
        self.calls: list[Call] = []

    def ask(self, calls: Sequence[Call]) -> list[Outcome]:
        self.calls += calls
        return [self.outcome(call) for call in calls]

    def outcome(self, call: Call) -> Outcome:
        given = call.case.arrays
        p = {name: given.get(name, held) for name, held in self.initial.items()}
        try:
            forward = Stage(values={"out": np.asarray(self.loss(p, given["x"])), **self.initial})
        except ValueError:
            return Outcome(forward=Stage(failure=FAILURE))
        return Outcome(forward=forward, backward=None if call.dout is None else Stage(values=self.grads(p, given["x"])))

    def seen(self, *, first: Outcome | None = None, plain: Call | None = None) -> Evidence:
        """Return what a judge sees; `first` stands for what the plain call gave, where that is not what the net gives."""
        plain = plain or Call(case=CASE)
        return evidence(SPEC, CASE, Answer(), first or self.outcome(plain), calls=[plain], ask=self.ask)


def value(net: Net, **other: Any) -> Any:
    return own_loss.judge(net.seen(**other))


def slopes(net: Net, **other: Any) -> Any:
    """Return what was found of the gradients of W and b, and of the contract."""
    judged = dict(own_gradient.judge(net.seen(**other)))
    contract = judged.pop("backward.contract", None)
    return judged.pop("backward.grads['W']", "missing"), judged.pop("backward.grads['b']", "missing"), contract or judged or None
