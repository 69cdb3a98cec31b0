"""What each check asks."""

from typing import Any

from grader import messages

SAID: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (messages.title_contract, ("forward",), {}, "forward returns what it should: as many values, of the right shape, all of them numbers"),
    (messages.title_value, (), {"scalar": False, "whole": False}, "forward gives the right values"),
    (messages.title_value, (), {"scalar": True, "whole": False}, "forward gives the right loss"),
    (messages.title_value, (), {"scalar": False, "whole": True}, "forward gives the right number"),
    (messages.title_beside, ("velocity",), {}, "forward gives the right velocity"),
    (messages.title_version, ("naive",), {}, "the version naive gives the same"),
    (messages.title_gradient, ("dx",), {"scalar": False}, "dx is the gradient of the output"),
    (messages.title_gradient, ("W1",), {"scalar": True}, "W1 is the gradient of the loss"),
    (messages.title_purity, ("backward",), {}, "backward leaves its arguments as they were"),
    (messages.title_graded, ("forward",), {}, "forward is graded"),
    (messages.title_beside, ("keep_rate",), {}, "forward keeps as large a share of the entries as p says"),
    (messages.title_beside, ("tied",), {}, "forward keeps or drops every entry by a draw of its own"),
    (messages.title_beside, ("running_mean",), {}, "forward gives the right running_mean"),
]  # fmt: skip
