"""What is said of a net of the student's own design."""

from typing import Any

from grader import messages

SAID: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (
        messages.too_many_parameters,
        (60_000, 50_000),
        {},
        "params holds 60000 numbers in all; at most 50000 are graded. Make the hidden layers smaller, they are a matter of design.",
    ),
    (messages.unreadable_name, ("a\\n",), {}, "params has a key that cannot be shown, a\\n; use short names such as 'W1'."),
    (messages.constant_loss, (0.7, "X is"), {}, "The loss is 0.7 whatever X is."),
    (
        messages.lacks_gradient,
        ("grads['W1']", "params['W1']"),
        {},
        "grads['W1'] is missing: there is a params['W1'], and grads must have the same keys as params.",
    ),
    (
        messages.not_the_slope,
        ("grads['W1']", 1.55e-11),
        {},
        "grads['W1'] is not the gradient of your own loss: differences of the loss tell another number, known to 1.6e-11.",
    ),
    (
        messages.spread_thin,
        ("grads['W1']", 0.5, 0.25, 1e-4),
        {},
        ("grads['W1'] is not the gradient of your own loss, though no entry alone shows it: along a random direction it says 0.5, "
        "and differences of the loss say 0.25, known to 1.0e-04."),
    ),
    (
        messages.noisy,
        (0.5, 0.75),
        {},
        ("Not decided: your loss is 0.5 and then 0.75 for the same parameters and X. "
        "If it draws random numbers (dropout), let loss() seed them itself."),
    ),
    (messages.no_loss, ("nan",), {}, "Not decided: with parameters of the grader's the loss is nan."),
    (
        messages.no_slope,
        ("params['W1']",),
        {},
        "Not decided: your loss does not change with params['W1'], where the grader looked; zeros are right there and tell nothing.",
    ),
]  # fmt: skip
