"""Each function returns what was asked for: it returns at all, as many values, of the right shape and dtype, all finite."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader import messages
from grader.model import PARTS, Answer, Array, Failure, FailureKind, Finding, Part, Stage
from grader.numerics.comparison import fitted
from grader.properties.property import REFUSALS, Blocked, Check, Evidence, Judgement, Kind, flawed, plainly
from reference import LayerSpec

SUITS, PLACE = Kind.REFERENCE | Kind.ALONE | Kind.DESIGNED, 0


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check a part; it bears no points, since zeros of the right shape would pass it."""
    parts = PARTS if spec.differentiable else PARTS[:1]
    return [Check(name="contract", title=messages.title_contract(part), part=part) for part in parts]


plan = plainly


def judge(evidence: Evidence) -> Judgement:
    """Judge both parts of the plain call."""
    return {f"{part}.contract": _part(evidence, part) for part in PARTS if part == "forward" or evidence.spec.differentiable}


def _part(evidence: Evidence, part: Part) -> Finding | Blocked | None:
    stage = evidence.outcomes[0].stage(part)
    if stage is None:
        return None if evidence.case.dout is None or evidence.answer.refusal else Blocked(messages.NEEDS_FORWARD)
    return breach(evidence.spec, part, stage, evidence.answer, evidence.limits)


def breach(spec: LayerSpec, part: Part, stage: Stage, answer: Answer, limits: Mapping[str, Any]) -> Finding | Blocked | None:
    """Say in what that which came back from one part breaks the contract; None where it does not."""
    if stage.failure:
        return None if answer.refusal and stage.failure.kind in REFUSALS else _failed(part, stage.failure, limits)
    if answer.refusal:
        return None
    for name, expected in answer.values.items():
        like = next((a.name for a in spec.arguments if a.gradient == name), "")
        if name in stage.values and (finding := broken(name, stage.values[name], expected.value.shape, like, right=expected.value)):
            return finding
    return None


def _failed(part: Part, failure: Failure, limits: Mapping[str, Any]) -> Finding | Blocked:
    # What this jail cannot load is no mistake of the student's; nor is it an excuse, which anybody could give.
    if failure.kind in (FailureKind.NOT_RUN, FailureKind.ENVIRONMENT):
        return Blocked(messages.failed_call(part, failure, limits))
    return Finding(
        what=messages.failed_call(part, failure, limits),
        next_step=messages.mend_loading(failure) if failure.kind is FailureKind.LOAD else messages.after(failure),
        trace=failure.trace,
        of_one_case=failure.kind is not FailureKind.LOAD,
    )


def broken(name: str, got: Array, shape: tuple[int, ...], like: str = "", *, right: Array | None = None) -> Finding | None:
    """Say in what an array breaks the contract: its shape (that of `like`), its dtype, or an entry that is no finite number."""
    fits = fitted(got, shape)
    if fits is None:
        return Finding(
            what=messages.wrong_shape(name, got.shape, shape, like),
            where=f"{name}.shape",
            got=str(got.shape),
            expected=str(shape),
            next_step=messages.return_shape(name, shape),
        )
    flaw = flawed(fits)
    if flaw == "dtype":
        return Finding(what=messages.wrong_dtype(name, str(got.dtype)), where=f"{name}.dtype", got=str(got.dtype), expected="float64")
    if flaw == "finite":
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(fits))[0])
        return Finding(
            what=messages.not_finite(name, int((~np.isfinite(fits)).sum()), str(fits[index])),
            where=f"{name}[{', '.join(map(str, index))}]" if index else name,
            got=None if right is None else float(fits[index]),
            expected=None if right is None else float(right[index]),
            next_step=messages.OVERFLOW,
        )
    return None
