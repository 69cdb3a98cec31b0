"""Every sentence that a student can read, as it reads."""

import inspect
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import messages
from grader.model import Failure, FailureKind
from grader.text import clean, one_line
from tests.support import case_of

LIMITS = {"call_seconds": 2.0, "task_seconds": 30.0, "memory_mb": 1024}
SMALL, LARGE = case_of(x=np.zeros(40)), case_of(x=np.zeros(41))


def failed(kind: str, text: str) -> tuple[Any, ...]:
    return "forward", Failure(kind=FailureKind(kind), text=text), LIMITS


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
    (
        messages.uses_banned,
        ("layers.py", 3, "imports", "scipy"),
        {},
        "layers.py, line 3: imports scipy, which this assignment asks to do without.",
    ),
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
    (messages.failed_call, failed("exception", "ValueError: no"), {}, "forward raised ValueError: no."),
    (messages.failed_call, failed("exception", "ValueError: why?\nsecond line"), {}, "forward raised ValueError: why?"),
    (messages.failed_call, failed("exception", ""), {}, "forward raised an exception."),
    (messages.failed_call, failed("exit", "sys.exit(0)"), {}, "forward called sys.exit(0): a layer must return, not end the program."),
    (messages.failed_call, failed("returned", "dx is None"), {}, "forward: dx is None."),
    (
        messages.failed_call,
        failed("timeout", "timeout"),
        {},
        "forward did not return within 2 s, and was stopped. Is there a loop that never ends?",
    ),
    (
        messages.failed_call,
        failed("died", "signal 11"),
        {},
        "forward ended the Python process (signal 11). A layer must return, not exit.",
    ),
    (
        messages.failed_call,
        failed("timeout", "task"),
        {},
        "All calls of this task together took longer than 30 s, and forward was stopped.",
    ),
    (
        messages.failed_call,
        failed("disturbed", "it wrote to the grader"),
        {},
        "forward was stopped: it wrote to the grader, or started a process that did.",
    ),
    (
        messages.failed_call,
        failed("memory", "2000 MB"),
        {},
        "forward kept asking for memory until it was stopped (1024 MB or 2 s). Is there a loop that never ends, or an array far too large?",
    ),
    (messages.failed_call, failed("load", "ImportError: no torch"), {}, "The file could not be run: ImportError: no torch."),
    (messages.failed_call, failed("not run", "died"), {}, "forward was not called any more: died."),
    (
        messages.mend_loading,
        failed("load", "ModuleNotFoundError: No module named 'torch'")[1:2],
        {},
        "Graded code has NumPy and Python's own library. Import anything else only where it is used, or not at all.",
    ),
    (
        messages.mend_loading,
        failed("load", "sys.exit(0)")[1:2],
        {},
        "Put what your program does when it is started under: if __name__ == '__main__':",
    ),
    (
        messages.after,
        failed("exception", "PermissionError: [Errno 13] Permission denied: '/home/kim/w.npy'")[1:2],
        {},
        (
            "Where code is graded it may read Python's library, NumPy and itself, write small files beside itself, and reach nothing else. "
            "To try it like that: grader check --sandbox require."
        ),
    ),
    (messages.ended, ("Is it?",), {}, "Is it?"),
    (messages.nothing_graded, ("a.py",), {}, "a.py: nothing in it could be graded; `grader tasks` lists what is asked for."),
    (messages.only_these, (["relu", "conv2d"],), {}, "Checked: relu, conv2d. The other tasks of the assignment were not looked at."),
    (messages.watching, ("a.py",), {}, "Save a.py to have it checked again; Ctrl-C ends."),
    (messages.gone, ("a.py",), {}, "a.py is gone; as soon as it is there again, it is checked. Ctrl-C ends."),
    (messages.started, ("new/layers.py", 3), {}, "Written: new/layers.py, with 3 tasks. Fill it in, and see with `grader check new/layers.py`."),
    (messages.not_spelt, (["knn"],), {}, "Not in it, since this convention has no spelling for them: knn."),
    (messages.errored, ("It fell over.",), {}, "The grader itself failed here. This is not your mistake; no points are lost. It fell over."),
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
    (messages.title_graded, ("forward",), {}, "forward is graded"),
    (messages.late_by, (1, "day"), {}, "1 day late"),
    (messages.late_by, (2, "day"), {}, "2 days late"),
    (messages.late_by, (1, "hour"), {}, "1 hour late"),
    (messages.late_by, (2, "hour"), {}, "2 hours late"),
    (messages.amount, (12.5,), {"share": True}, "12.5 %"),
    (messages.amount, (1,), {"share": False}, "1 point"),
    (messages.amount, (2,), {"share": False}, "2 points"),
    (messages.late, ("1 day late", None, None), {}, "1 day late"),
    (messages.late, ("1 day late", "2 points", None), {}, "1 day late (-2 points)"),
    (messages.late, ("1 day late", "50 %", "8 points"), {}, "1 day late (-50 %, but 8 points kept)"),
    (messages.too_late, ("4 days late", 3), {}, "4 days late (later than 3 days earns nothing)"),
    (messages.dropped, ("ReLU", "labs"), {}, "dropping ReLU (lowest of labs)"),
    (messages.not_among_best, ("ReLU", "labs", 2), {}, "leaving out ReLU (the best 2 of labs count)"),
    (messages.bonus, ("ReLU",), {}, "taking ReLU as a bonus"),
    (messages.partly_blocked, ("value", 1, 2), {"waits": True}, "The output could not be compared on 1 of 2 inputs: they need your forward first."),
    (messages.retrace, (SMALL,), {}, "Work this input out by hand, it is small."),
    (messages.retrace, (LARGE,), {}, "Compare your steps with the formula on this input."),
    (messages.return_shape, ("dw", (4, 3)), {}, "Print dw.shape before you return it; it should be (4, 3)."),
    (messages.needs, ("dx is right",), {}, "Not checked: it makes sense only once this holds: dx is right."),
    (messages.blocked, ("forward",), {}, "Not checked: forward must first return what it should."),
    (
        messages.partly_blocked,
        ("dx", 2, 18),
        {"waits": True},
        "dx could not be compared on 2 of 18 inputs: they need your forward first.",
    ),
    (
        messages.partly_blocked,
        ("The output", 2, 18),
        {"waits": False},
        "The output could not be compared on 2 of 18 inputs: see the check above.",
    ),
    (messages.also_defined, (["a.py:1 f", "b.py:2 f"],), {}, "Also defined, and not graded: a.py:1 f, b.py:2 f."),
    (
        messages.near_miss,
        ("relu_foward", "a.py", 3, "relu_forward"),
        {},
        "a.py, line 3: relu_foward looks like relu_forward, misspelt; rename it to have it graded.",
    ),
    (
        messages.does_not_parse,
        ("a.py", 3, "SyntaxError: bad"),
        {"rest": False},
        "a.py, line 3: SyntaxError: bad. Nothing in this file could be graded.",
    ),
    (messages.does_not_parse, ("a.py", 3, "bad?"), {"rest": True}, "a.py, line 3: bad? What does parse of this file is graded."),
    (messages.not_finished, ("forward", "a.py:3 f"), {}, "a.py:3 f: forward is not finished yet."),
    (
        messages.not_parsed,
        ("backward", "a.py:3 f"),
        {},
        "a.py:3 f: backward could not be graded: Python cannot read it (see the syntax error named above).",
    ),
    (
        messages.usual_cache,
        ("a.py:3 f",),
        {},
        "a.py:3 f: backward was graded with the cache that is usual for this function, since forward gave none.",
    ),
    (
        messages.worked_around,
        ("a.py", 3, "missing", "torch"),
        {},
        "a.py, line 3: not here: torch. Something inert was imported instead, and no result can be built on it.",
    ),
    (
        messages.gone_past,
        ("a.py", 3, "sys.exit(2)"),
        {},
        "a.py, line 3: this stopped with sys.exit(2). It was passed over, and the rest of the file was run.",
    ),
    (messages.worked_around, ("a.py", 3, "python2", "xrange"), {}, "a.py, line 3: of Python 2: xrange. It was given back."),
    (messages.worked_around, ("a.py", 3, "python2", ""), {}, "a.py, line 3: this is Python 2. It was run as Python 2 would have run it."),
    (messages.worked_around, ("a.py", 3, "numpy", "np.float"), {}, "a.py, line 3: no longer in NumPy: np.float. It was given back."),
    (messages.warned, ("forward", "RuntimeWarning: overflow"), {}, "forward emitted a warning: RuntimeWarning: overflow. No points are lost."),
    (messages.printed, ("hello",), {}, "While it was graded your code printed 'hello'."),
    (
        messages.not_installed,
        ("torch",),
        {},
        ("This was written with torch, which is not installed where it was graded. This is not your mistake; no points are lost. "
        "Whoever grades it can add torch: pip install 'nablagrade[torch]'."),
    ),
    (
        messages.derived,
        ("torch",),
        {},
        "Its gradients were derived by torch's autograd from your forward; no backward was written for it.",
    ),
    (
        messages.ready_made,
        ("layers.py", 9, "torch.nn.Conv2d", "torch"),
        {},
        "layers.py, line 9: uses torch.nn.Conv2d, which is torch's own version of this layer.",
    ),
    (
        messages.other_reading,
        ("naive",),
        {},
        "The version naive differs from the graded one where the assignment leaves a choice; each is judged by its own.",
    ),
    (
        messages.leading_axis,
        (["b1", "b2"], (1, 3), (3,)),
        {},
        "An extra leading axis of length 1, such as (1, 3) for (3,), is accepted; here: b1, b2.",
    ),
    (
        messages.not_diagnosed,
        ("It fell over.",),
        {},
        "The grader failed while it looked for the cause of what is wrong. The verdicts and points stand. It fell over.",
    ),
    (
        messages.not_called,
        ("the class takes no padding",),
        {},
        "Not graded, since the grader does not know how to call it; this need not be a mistake of yours: the class takes no padding.",
    ),
    (
        messages.divided,
        (("dw", "db"),),
        {},
        ("In this course dw, db have the factor 1/m, m being the number of samples. Above they are shown times m: yours are m times "
        "what your function returned, and they should be the sums over the samples."),
    ),
    (messages.single_precision, ("dx",), {}, "dx is float32 though the input is float64; it was judged with the precision of float32."),
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
    (messages.regularised, (1,), {}, "Your regularisation is reg * sum(W*W), in loss and gradient alike."),
    (messages.title_beside, ("keep_rate",), {}, "forward keeps as large a share of the entries as p says"),
    (messages.title_beside, ("tied",), {}, "forward keeps or drops every entry by a draw of its own"),
    (messages.title_beside, ("running_mean",), {}, "forward gives the right running_mean"),
    (messages.regularised, (0.5,), {}, "Your regularisation is 0.5 * reg * sum(W*W), in loss and gradient alike."),
]  # fmt: skip
PLURAL = {messages.mutates: ["forward", ["x"]], messages.read_as: [{"activation": "relu"}], messages.accepted: [{"log_epsilon": 1e-7}]}
WITHIN = (messages.late_by, messages.amount, messages.late, messages.too_late, messages.dropped, messages.not_among_best, messages.bonus)
CONSTANTS = {name: value for name, value in vars(messages).items() if name.isupper() and isinstance(value, str)}


@pytest.mark.parametrize(("function", "arguments", "keywords", "text"), SAID)
def test_a_message_reads_as_it_reads(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any], text: str):
    assert function(*arguments, **keywords) == text


def test_every_message_is_in_the_table():
    functions = {f for _, f in inspect.getmembers(messages, inspect.isfunction) if f.__module__.startswith(f"{messages.__name__}.")}

    assert functions == {function for function, *_ in SAID} | set(PLURAL) | {messages.heard}  # the words of others


def test_sentences_are_one_line_end_in_a_stop_and_never_shout():
    sentences = [text for function, *_, text in SAID if not function.__name__.startswith("title") and function not in WITHIN]
    sentences += [value for name, value in CONSTANTS.items() if not name.startswith("TITLE")]
    sentences += [messages.mutates("forward", ["x"]), *messages.read_as({"activation": "relu"}), *messages.accepted({"log_epsilon": 1e-7})]

    sentences = [s.removesuffix(": if __name__ == '__main__':") + "." * s.endswith("__':") for s in sentences]  # ends in code
    wrong = [s for s in sentences if "\n" in s or "!" in s or not s.endswith((".", "?")) or s != s.strip()]
    assert wrong == []


def test_titles_are_clauses_without_a_stop():
    titles = [text for function, *_, text in SAID if function.__name__.startswith("title")]
    titles += [value for name, value in CONSTANTS.items() if name.startswith("TITLE")]

    assert [t for t in titles if t.endswith(".") or "!" in t or "\n" in t] == []


@pytest.mark.parametrize("kind", FailureKind)
@pytest.mark.parametrize("text", ["", "\n", "one\ntwo", "x" * 2000])
def test_what_a_student_raised_stays_one_line(kind: FailureKind, text: str):
    said = messages.failed_call("backward", Failure(kind=kind, text=text), LIMITS)

    assert len(said.splitlines()) == 1
    assert said.endswith((".", "?"))


def test_a_file_that_raised_something_else_is_to_be_traced():
    traced, bare = (Failure(kind=FailureKind.LOAD, text="ValueError: no", trace=trace) for trace in ("line 3", ""))

    assert messages.mend_loading(traced) == messages.READ_TRACE
    assert messages.mend_loading(bare) is None


def test_long_words_of_a_student_are_cut():
    said = messages.failed_call("forward", Failure(kind=FailureKind.EXCEPTION, text="x" * 1000), LIMITS)

    assert said == f"forward raised {'x' * 240} ..."


def test_how_a_submission_was_read_is_said_where_it_was_left_open():
    assert messages.read_as({}) == messages.read_as({"log_epsilon": 1e-7, "inverted": False}) == []
    assert messages.read_as({"activation": "sigmoid"}) == ["Graded as a net with sigmoid."]
    assert messages.read_as({"p_of": "kept"}) == ["Graded with p as the probability of being kept."]
    assert messages.read_as({"mean_over": "samples", "half": True}) == ["Graded as half the squared error averaged over the samples."]
    assert messages.read_as({"mean_over": "elements"}) == ["Graded as the squared error averaged over all elements."]


def test_what_a_right_forward_does_otherwise_than_most_is_accepted_in_words():
    assert messages.accepted({}) == messages.accepted({"log_epsilon": 0.0, "reg_factor": 1, "activation": "relu"}) == []
    assert messages.accepted({"log_epsilon": 1e-7}) == ["Your loss adds 1e-07 inside the logarithm; accepted."]
    assert messages.accepted({"log_epsilon": -1e-12}) == [
        "Your loss adds 1e-12 inside the logarithm, and your gradient allows for it; accepted."
    ]
    assert messages.accepted({"momentum_of": "running", "unbiased": True, "own_eps": 1e-6}) == [
        "Your running variance divides by N - 1, as torch's does; accepted.",
        "Your class has an epsilon of its own, 1e-06; accepted.",
    ]
    assert messages.accepted({"flattens": False}) == ["Your affine layer takes x of shape (N, D) and flattens nothing; accepted."]
    assert messages.accepted({"takes_padding": False, "pads_with": "-inf"}) == [
        "Your pooling takes no padding, or fails with any as the book's own code does; accepted."
    ]
    assert messages.accepted({"flattens": True, "takes_padding": True}) == []
    assert messages.accepted({"unbiased": False, "own_eps": 0.0, "inverted": True}) == []
    assert messages.accepted({"inverted": False}) == ["Your dropout scales in test mode and not in training; accepted."]


def test_arguments_written_into_are_listed_in_order():
    assert messages.mutates("forward", ["x"]).startswith("forward writes into its argument x, which")
    assert ("b, x" in messages.mutates("forward", ["x", "b"])) or ("b and x" in messages.mutates("forward", ["x", "b"]))


# --- text from outside


@given(st.text(), st.integers(1, 50))
def test_cleaned_text_can_be_shown_anywhere(text: str, limit: int):
    shown = clean(text, limit)

    assert all(c in "\n\t" or c.isprintable() or c.isspace() for c in shown)
    shown.encode()  # no half characters
    assert one_line(text, limit).splitlines() in ([], [one_line(text, limit)])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\ud800b", "a\\ud800b"),
        ("a\r\nb", "a\\x0d\nb"),
        ("김하늘 ñ 😀", "김하늘 ñ 😀"),
    ],
)
def test_what_cannot_be_seen_becomes_an_escape(text: str, shown: str):
    assert clean(text) == shown


def test_long_text_is_cut_and_says_so():
    assert clean("x" * 12, 10) == "xxxxxxxxxx ... (2 more characters)"
    assert one_line(" a \n\t b ") == "a b"
