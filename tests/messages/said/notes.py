"""What is worth saying and costs no points."""

from typing import Any

from grader import messages

SAID: list[tuple[Any, tuple[Any, ...], dict[str, Any], str]] = [
    (
        messages.uses_banned,
        ("layers.py", 3, "imports", "scipy"),
        {},
        "layers.py, line 3: imports scipy, which this assignment asks to do without.",
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
    (messages.regularised, (1,), {}, "Your regularisation is reg * sum(W*W), in loss and gradient alike."),
    (messages.regularised, (0.5,), {}, "Your regularisation is 0.5 * reg * sum(W*W), in loss and gradient alike."),
]  # fmt: skip
