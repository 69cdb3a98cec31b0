"""What went wrong with what the student's functions returned."""

from typing import Any

import numpy as np

from grader import messages
from tests.support import case_of

SMALL, LARGE = case_of(x=np.zeros(40)), case_of(x=np.zeros(41))
SAID: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (
        messages.earns_nothing,
        ("forward", [("layers.py", 3, "imports", "scipy"), ("util.py", 7, "uses", "eval")]),
        {},
        "forward earns nothing while its code does what this assignment bans: line 3 of layers.py imports scipy; line 7 of util.py uses eval.",
    ),
    (messages.differs, ("dx", 3, 12), {}, "dx is wrong at 3 of 12 entries."),
    (messages.differs, ("loss", 1, 1), {}, "loss is wrong."),
    (messages.shown_by, ("b2",), {}, "The forward pass seems wrong: for a single sample b2 is softmax minus labels, and here it is not."),
    (messages.wrong_where, ("dx", 4, 16, ("row", 3, True, 2)), {}, "4 of 16 entries are wrong, all in the last row."),
    (messages.wrong_where, ("dx", 4, 16, ("axis", 1, False, 0)), {}, "4 of 16 entries are wrong, all in dx[1]."),
    (messages.wrong_shape, ("dw", (3, 4), (4, 3), "w"), {}, "dw has shape (3, 4); it must have the shape of w, (4, 3)."),
    (messages.wrong_shape, ("out", (3,), (4,), ""), {}, "out has shape (3,); it must have shape (4,)."),
    (messages.wrong_dtype, ("dx", "int64"), {}, "dx has dtype int64; it must be float64 or float32. Was it made with an integer dtype?"),
    (messages.not_finite, ("dx", 1, "nan"), {}, "dx is not a finite number at an entry: it is nan."),
    (messages.not_finite, ("dx", 4, "inf"), {}, "dx is not a finite number at 4 entries: it is inf."),
    (messages.version_differs, ("naive", "out"), {}, "The version naive gives another value than is right."),
    (messages.version_differs, ("naive", "dw"), {}, "The version naive gives another dw than is right."),
    (messages.not_refused, ("3",), {}, "3 was returned where the filter does not fit; this input must be refused with an error (or None)."),
    (messages.retrace, (SMALL,), {}, "Work this input out by hand, it is small."),
    (messages.retrace, (LARGE,), {}, "Compare your steps with the formula on this input."),
    (messages.return_shape, ("dw", (4, 3)), {}, "Print dw.shape before you return it; it should be (4, 3)."),
]  # fmt: skip
