"""The same numbers give the same answer in whatever order they lie in memory: that of a transpose, of a table's columns, of a MATLAB file.

Windows cut by `as_strided` with strides worked out from a shape hold other numbers there, and `nditer` goes through them in another
order. Whoever tries a layer by itself hands it what NumPy has just made, and sees nothing of it; behind a layer that ends in a
transpose it is garbage, without an error.

Backward is not asked: a gradient that is written into a reshape of `zeros_like(x)` is lost for such an x, too, but code that counts as
right does that.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from grader.language import say
from grader.model import Call, Case, Finding, Outcome
from grader.properties.property import Asked, Check, Evidence, Judgement, Kind, mismatch_finding, usable
from reference import LayerSpec

SUITS, PLACE = Kind.REFERENCE, 105

CASES = 2  # the first are of unequal axes and, where there is padding, one with and one without
MEND = say("Try your forward on np.asfortranarray(x). Take strides from x.strides; write into an array itself, not into its reshape.")


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check, a sixth of the forward points, and there only where it fails: code that never looks at memory did nothing for it."""
    del spec
    title = say("forward gives the same in whatever order its arrays lie in memory")
    return [Check(name="order", title=title, part="forward", weight=1, optional=True)]


def plan(spec: LayerSpec, cases: Sequence[Case], base: Callable[[Case], Call]) -> list[Asked]:
    """The plain call of the first cases after the plainest whose first argument can lie otherwise, and the same with all arrays turned."""
    del spec
    suited = [case for case in cases[1:] if not all(a.flags.f_contiguous for a in [*case.arrays.values()][:1])]
    return [Asked(case, [base(case), Call(case=case, forward_only=True, order="F")]) for case in suited[:CASES]]


def judge(evidence: Evidence) -> Judgement:
    """Judge the second call where the first was right, and is when it is made again: what was called before may have spoilt it, too."""
    plain, turned = evidence.outcomes
    if evidence.answer.refusal or not plain.forward or not plain.forward.values or _finding(evidence, plain):
        return {}
    found = _finding(evidence, turned)
    if found is None or any(_finding(evidence, again) for again in evidence.ask([replace(evidence.calls[1], order="C")])):
        return {}
    return {"forward.order": found}


def _finding(evidence: Evidence, outcome: Outcome) -> Finding | None:
    """Say where a call leaves the reference's answer. That it fails is no wrong answer: nobody goes on with an error."""
    forward = outcome.forward
    for name, expected in evidence.expected("forward").items():
        if forward is None or name not in forward.values:
            continue  # a convention does not show everything
        what = say("{name} is another where its arrays lie in memory as a transpose does, though the numbers are the same.", name=name)
        got = usable(forward, name, expected)
        found = Finding(what=what) if got is None else mismatch_finding(evidence.case, name, got, expected, what)
        if found:
            return replace(found, next_step=MEND, order="F")
    return None
