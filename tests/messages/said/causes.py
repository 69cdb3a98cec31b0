"""Causes that further calls confirmed, and what to look for."""

from typing import Any

from grader import messages

SAID: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (
        messages.own_gradient,
        (["dx", "dw"], []),
        {},
        "Backward is right for your own forward (dx, dw), but your forward is wrong. So the mistake is in forward.",
    ),
    (
        messages.own_gradient,
        (["dx"], ["dw"]),
        {},
        "Backward is right for your own forward (dx), but your forward is wrong. That could not be shown of dw.",
    ),
    (
        messages.carried_forward,
        (["affine_backward"],),
        {},
        "Your net is right once affine_backward is replaced by a right one: mend affine_backward first.",
    ),
    (
        messages.carried_forward,
        (["Affine", "Relu"],),
        {},
        "Your net is right once Affine, Relu are replaced by right ones: mend Affine, Relu first.",
    ),
    (
        messages.right_with,
        (["Affine", "Relu"],),
        {},
        "This number is right once these are replaced by right ones: Affine, Relu. Mend them first.",
    ),
    (
        messages.seen_with_right,
        (["Affine"], "b1 is wrong."),
        {},
        "b1 is wrong. The numbers here were made with right ones in the place of these: Affine.",
    ),
    (
        messages.carried_forward_in,
        ("forward", ["Affine", "Relu"]),
        {},
        "The forward part of your net is right once these are replaced by right ones: Affine, Relu. Mend them first.",
    ),
    (
        messages.numeric_gradient,
        (1e-5,),
        {"central": True},
        "Backward differentiates numerically, by (f(x + h) - f(x - h)) / 2h with h = 1e-05; what is asked for is the formula of the derivative.",
    ),
    (
        messages.numeric_gradient,
        (1e-4,),
        {"central": False},
        "Backward differentiates numerically, from one side, with h = 0.0001; what is asked for is the formula of the derivative.",
    ),
    (
        messages.next_of_relation,
        ("dx", "factor", {"factor": "stride", "counted": False}),
        {},
        "Look in the code for dx for a factor of stride.",
    ),
    (
        messages.next_of_relation,
        ("dx", "factor", {"factor": "-1", "counted": False}),
        {},
        "Look in the code for dx for a minus that is missing, or one too many.",
    ),
    (
        messages.next_of_relation,
        ("dx", "factor", {"factor": "1/N", "counted": True}),
        {},
        "Look in the code for dx for a factor of 1/N, or a sum where a mean belongs or the other way round.",
    ),
    (
        messages.next_of_relation,
        ("dx", "transposed", {"order": (1, 0)}),
        {},
        "Write down the axes of dx in every line that makes it, and look for a transpose or reshape that orders them otherwise.",
    ),
    (
        messages.next_of_relation,
        ("dx", "flipped", {"axes": (0,)}),
        {},
        "Look for a [::-1], or for an index that counts down, in the code for dx.",
    ),
    (
        messages.next_of_relation,
        ("dx", "shifted", {"axis": 0, "step": 1}),
        {},
        "Look at where the slices and loops for dx begin and end: one of them is off by one.",
    ),
    (
        messages.next_of_relation,
        ("dx", "summand", {"offset": "1"}),
        {},
        "Look in the code for dx for a number that is added where none belongs, or left out.",
    ),
    (
        messages.next_of_relation,
        ("dx", "overflown", {"least": "1e3"}),
        {},
        "Call exp() on numbers of that size: where it overflows, move its argument first, as by subtracting the largest entry.",
    ),
    (
        messages.next_of_relation,
        ("dx", "only_where", {"where": ["N > 1"]}),
        {},
        "Go through the code for dx on one such input, and look for a line that supposes it is otherwise.",
    ),
    (
        messages.next_of_relation,
        ("dx", "off_diagonal", {"axes": 2}),
        {},
        "Look for what the code for dx does where its two indices differ.",
    ),
    (
        messages.next_of_relation,
        ("dx", "border", {"axes": 4}),
        {},
        "Look at how the padding is put around the input, and how it is cut off again.",
    ),
    (
        messages.next_of_relation,
        ("dx", "later_channels", {"axes": 4}),
        {},
        "Look at the loop or slice that runs along axis 1: at its first index, its last, and = for +=.",
    ),
    (
        messages.wrong_cache,
        (["dx", "dw"], "x"),
        {},
        (
            "Your backward is right; the cache of forward has something else in the place of x. "
            "With x itself in that place, backward gives dx, dw rightly on every input."
        ),
    ),
    (messages.wrong_entry, ("x",), {}, "Your backward is right; the cache of forward has something else in the place of x."),
    (messages.keep, ("x",), {}, "Hand over x as forward got it, neither changed nor replaced by what was made of it."),
    (
        messages.wrong_cache,
        (["dx", "dw"], ""),
        {},
        (
            "Your backward is right; what forward hands over in its cache is not. "
            "With the arguments of forward as its cache, backward gives dx, dw rightly on every input."
        ),
    ),
    (messages.causes, (["One.", "Two."],), {"at_once": True}, "Two things at once. One. Two."),
    (messages.causes, (["One.", "Two."],), {"at_once": False}, "One of two. Either: One. Or: Two."),
    (messages.causes, (["One."],), {"at_once": False}, "One."),
    (messages.relation, ("dx", "factor", {"factor": 2, "everywhere": True}), {}, "dx is 2 times what it should be, on every input."),
    (messages.relation, ("dx", "factor", {"factor": 2, "everywhere": False}), {}, "dx is 2 times what it should be, wherever it is wrong."),
    (
        messages.relation,
        ("dx", "flipped", {"axes": (0, 1)}),
        {},
        "dx is right but turned round: it is the right one in reverse along axis 0 and 1.",
    ),
    (
        messages.relation,
        ("dx", "later_channels", {"axes": 2}),
        {},
        "dx is wrong in all columns but the first only; the rest of it is right, on every input.",
    ),
    (
        messages.relation,
        ("dx", "only_where", {"where": ["N > 1", "ties"]}),
        {},
        "dx is wrong on exactly the inputs where N > 1, which here is the same as: ties; on the others it is right.",
    ),
]  # fmt: skip
