"""What is said of a layer of an instructor's own."""

from typing import Any

from grader import messages

SAID: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (messages.title_own_gradient, ("dx",), {}, "dx is the gradient of your own output"),
    (
        messages.not_the_slope_of_output,
        ("dx", 1.5, 0.25, 1.55e-11),
        {},
        (
            "dx is not the gradient of your own forward: along a random direction it says 1.5, and differences of the output say 0.25, "
            "known to 1.6e-11."
        ),
    ),
    (
        messages.no_slope_of_output,
        ("x",),
        {},
        "Not decided: your output does not change with x, where the grader looked; zeros are right there and tell nothing.",
    ),
    (messages.not_claimed, ("out is positive", "", 1, 1), {}, "This does not hold: out is positive."),
    (
        messages.not_claimed,
        ("out is positive", "0, 1", 2, 6),
        {},
        "This does not hold at 2 of 6 entries, the first of them [0, 1]: out is positive.",
    ),
]  # fmt: skip
