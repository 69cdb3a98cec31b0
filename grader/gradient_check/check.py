r"""Check a backward of your own against its forward: no reference, no grader, no tolerance to tune.

    from grader import gradcheck
    report = gradcheck(affine_forward, affine_backward, (x, w, b))
    assert report, report

For a random direction u of the inputs and random weights v of the outputs, $\langle v, D_u f \rangle = \langle \mathrm{backward}(v),
u \rangle$. The left side comes from differences of the forward, with a bound on their error that is measured, not assumed; so a right
backward is not refused for rounding, and an element wrong by a millionth is found. docs/gradient-checking.md has the mathematics.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.gradient_check.functions import Functions, Wrt, named
from grader.gradient_check.report import ArgumentReport, GradcheckReport
from grader.model import Array
from grader.numerics.agreement import DIRECTIONS, Agreement, Along, agreements
from grader.numerics.derivative import Derivative, directional, known
from grader.numerics.localise import localise

REPEATS = 4  # calls that show whether forward is the same function every time


def gradcheck(
    forward: Callable[..., Any],
    backward: Callable[..., Any] | None,
    inputs: Any,
    *,
    wrt: Wrt = None,
    directions: int = DIRECTIONS,
    seed: int = 0,
) -> GradcheckReport:
    """Check that `backward` is the gradient of `forward` at `inputs`.

    Args:
        forward: `forward(*inputs) -> out`, or the tuple `(out, cache)`; with a mapping, `forward(**inputs)`. out has any shape. It
            is called on copies, 6 to 18 times a direction where it is smooth, about 40 times where it has kinks; where a gradient
            is wrong, as often again for each argument, and for each halving on the way to the wrong element.
        backward: `backward(dout, cache) -> gradients` for dout of out's shape; without a cache, `backward(dout)`, called right after
            forward. Gradients are one array or several, each in the shape of its argument, in the order of `wrt` or of all
            arguments (then None for labels); or a mapping by name, "W1" or "dW1". None where forward returns `(loss, gradients)`.
        inputs: One array, a tuple or list of arguments, or a mapping by name; a list of numbers is one array. What is
            differentiated is passed in float64, anything else (labels, options) as it is.
        wrt: Positions or names of the arguments that have a gradient; by default all arrays of floats or, where there are none,
            all floats and lists of floats.
        directions: How many directions are tried. An error missed by one with probability p is missed by n with p**n.
        seed: What directions are drawn from: the same seed gives the same report.

    Returns:
        A report: true or false, printable, with the worst element.

    Raises:
        ValueError: The arguments do not fit together: there is nothing to differentiate, forward returns no array of numbers,
            backward does not take a cache. What a gradient lacks is no error but a finding; what the two functions raise passes.

    Source: docs/gradient-checking.md.
    """
    if directions < 1:
        raise ValueError(f"directions is {directions}; it must be at least 1.")
    functions = Functions(forward, backward, inputs, wrt)
    out = functions.evaluate([functions.inputs])[0]
    gradients, complaints = functions.gradients(np.ones(out.shape))
    found = {name: ArgumentReport(name=name, agreement=Agreement.WRONG, message=c) for name, c in complaints.items()}
    found |= {n: _blank(functions, out, n, g) for n, g in gradients.items() if not np.isfinite(g).all()}
    good = [name for name in functions.names if name not in found]

    def pullback(v: Array) -> Mapping[str, Array]:
        grads, _ = functions.gradients(v)
        return {name: grads.get(name, np.full(functions.inputs[name].shape, np.nan)) for name in good}

    said = agreements(functions.evaluate, pullback, functions.inputs, good, out, seed, directions) if good else {}
    found |= {name: _report(name, along) for name, along in said.items()}
    noise = _noise(functions, out) if any(a.agreement is not Agreement.RIGHT for a in found.values()) else ""
    reports = tuple(_doubted(found[name], noise, _gaps(out)) for name in functions.names)
    wrong = next((a.name for a in reports if a.agreement is Agreement.WRONG and a.name in said), None)
    worst = localise(functions.evaluate, functions.inputs, wrong, out, said[wrong], pullback(said[wrong].weights)[wrong]) if wrong else None
    return GradcheckReport(arguments=reports, worst=worst)


def numeric_jvp(forward: Callable[..., Any], inputs: Any, direction: Any) -> Derivative:
    """Return the directional derivative of `forward` at `inputs`, with a measured bound on its error.

    Args:
        forward: As for `gradcheck`; of `(out, cache)` only out is used. It is called 7 to 19 times where it is smooth.
        inputs: As for `gradcheck`.
        direction: In the form of `inputs`, each array in the shape of its argument; None for an argument that stays where it is.
            A mapping need not name those.

    Returns:
        `value`, `bound` and `step`, each in the shape of the output, the `unit` of the arithmetic and the `size` of the output.

    Raises:
        ValueError: A direction has another shape than its argument, is not finite, or none is given; or as for `gradcheck`.

    Source: docs/gradient-checking.md.
    """
    functions = Functions(forward, None, inputs, None)
    names = list(functions.inputs)
    given = named(direction, names)
    if not isinstance(direction, Mapping) and len(given) != len(names):
        raise ValueError(f"there are {len(given)} directions for {len(names)} arguments; use None for an argument that stays where it is.")
    along = {name: np.asarray(u, np.float64) for name, u in given.items() if u is not None}
    for name, u in along.items():
        if name not in functions.names:
            raise ValueError(f"there is a direction for {name}; those that can move are {', '.join(functions.names)}.")
        if u.shape != functions.inputs[name].shape:
            raise ValueError(f"the direction of {name} has shape {u.shape}; it must have the argument's, {functions.inputs[name].shape}.")
        if not np.isfinite(u).all():
            raise ValueError(f"the direction of {name} holds numbers that are not finite.")
    if not along:
        raise ValueError("every direction is None: nothing moves.")
    return directional(functions.evaluate, functions.inputs, along, functions.evaluate([functions.inputs])[0])


def numeric_jacobian(forward: Callable[..., Any], x: Any) -> Derivative:
    """Return the Jacobian of `forward` at x, with a measured bound on each entry.

    Args:
        forward: `forward(x) -> out`, or the tuple `(out, cache)`. It is called 6 to 18 times for each element of x where it is smooth.
        x: Numbers of any shape.

    Returns:
        `value`, `bound` and `step` of shape (*out.shape, *x.shape), the `unit` of the arithmetic and the `size` of the output.

    Raises:
        ValueError: x holds no floats; or as for `gradcheck`.

    Source: docs/gradient-checking.md.
    """
    functions = Functions(forward, None, (x,), None)
    (name,) = functions.names
    out = functions.evaluate([functions.inputs])[0]
    shape = functions.inputs[name].shape
    columns = [directional(functions.evaluate, functions.inputs, {name: unit.reshape(shape)}, out) for unit in np.eye(int(np.prod(shape)))]
    whole = (*out.shape, *shape)
    value, bound, step = (np.stack([c[k] for c in columns], -1).reshape(whole) if columns else np.zeros(whole) for k in range(3))
    return Derivative(value, bound, step, float(np.finfo(out.dtype).eps), max((c.size for c in columns), default=0.0))


def _report(name: str, said: Along) -> ArgumentReport:
    """Return what a direction says."""
    undecided = said.agreement is Agreement.UNDECIDED
    return ArgumentReport(
        name=name,
        agreement=said.agreement,
        analytic=said.analytic,
        numeric=said.numeric,
        bound=said.bound,
        step=said.step,
        direction=said.along,
        dout=said.weights,
        left_out=int((said.weights == 0).sum()),
        outputs=said.weights.size,
        message="forward has a kink or a jump here, or too much noise, for differences to tell; try other inputs." if undecided else "",
    )


def _blank(functions: Functions, out: Array, name: str, gradient: Array) -> ArgumentReport:
    """Report a gradient that is not finite: that is wrong where forward has a slope."""
    index = tuple(int(i) for i in np.argwhere(~np.isfinite(gradient))[0])
    unit = np.zeros(gradient.shape)
    unit[index] = 1
    slope = directional(functions.evaluate, functions.inputs, {name: unit}, out)
    place = f" at [{', '.join(map(str, index))}]" if index else ""
    if known(slope).all():
        return ArgumentReport(name=name, agreement=Agreement.WRONG, message=f"its gradient is {gradient[index]}{place}.")
    said = f"its gradient is {gradient[index]}{place}, where differences of forward find no slope either; try other inputs."
    return ArgumentReport(name=name, agreement=Agreement.UNDECIDED, message=said)


def _noise(functions: Functions, out: Array) -> str:
    """Say how much forward differs from call to call: then nothing that its differences showed need be true."""
    with np.errstate(invalid="ignore"):
        apart = [np.abs(again - out) for again in functions.evaluate([functions.inputs] * REPEATS)]
        rounding = 64 * np.finfo(out.dtype).eps * np.abs(out).max(initial=0, where=np.isfinite(out))
    largest = max(float(a.max(initial=0, where=np.isfinite(a))) for a in apart)
    if largest > rounding:
        return f"forward returns other numbers for the same inputs, by up to {largest:.2g}; fix its seed, or pass what it draws as an argument."
    return ""


def _gaps(out: Array) -> str:
    """Say where there is nothing to differentiate."""
    missing = int((~np.isfinite(out)).sum())
    return f"forward is not finite in {missing} of its {out.size} outputs; try other inputs." if missing else ""


def _doubted(report: ArgumentReport, noise: str, gaps: str) -> ArgumentReport:
    """Take back what a doubtful forward was found to say; what backward alone lacks stays wrong, and so does a wrong slope by gaps."""
    stays = report.agreement is Agreement.WRONG and (report.dout is None or not noise)
    doubt = noise or gaps
    return report if stays or not doubt else replace(report, agreement=Agreement.UNDECIDED, message=doubt)
