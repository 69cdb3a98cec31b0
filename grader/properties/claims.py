"""What an instructor claims of a layer holds for the student's inputs and outputs; where it does not, the first entry that shows it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader import messages
from grader.model import Array, Finding, Stage
from grader.numerics.comparison import fitted
from grader.properties.property import Blocked, Check, Evidence, Judgement, Kind, flawed, plainly
from reference import Claim, LayerSpec

SUITS, PLACE = Kind.REFERENCE | Kind.ALONE, 70


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check a claim, which bears as much as a gradient among five."""
    weight = 1 if spec.unreferenced else 24
    return [Check(name=c.name, title=c.title, part=c.part, weight=weight, needs=(f"{c.part}.contract",)) for c in spec.claims]


plan = plainly


def judge(evidence: Evidence) -> Judgement:
    """Ask every claim about this input."""
    if evidence.answer.refusal:
        return {}
    return {f"{claim.part}.{claim.name}": _asked(evidence, claim) for claim in evidence.spec.claims if _meant(evidence, claim)}


def _meant(evidence: Evidence, claim: Claim) -> bool:
    return claim.part == "forward" or evidence.calls[0].dout is not None


def _asked(evidence: Evidence, claim: Claim) -> Finding | Blocked | None:
    case, outcome = evidence.case, evidence.outcomes[0]
    stages: tuple[Stage | None, ...] = (outcome.forward,) if claim.part == "forward" else (outcome.forward, outcome.backward)
    outputs: dict[str, Array] = {}
    for stage in stages:
        if stage is None or stage.failure or any(flawed(got) for got in stage.values.values()):
            return Blocked(messages.blocked(claim.part))
        outputs |= {name: got.astype(np.float64) for name, got in stage.values.items()}
    for name, shape in _shapes(evidence).items():
        if name in outputs:
            if (right := fitted(outputs[name], shape)) is None:
                return Blocked(messages.blocked(claim.part))
            outputs[name] = right
    inputs: dict[str, Any] = {**{name: a.copy() for name, a in case.arrays.items()}, **case.options}
    if case.dout is not None:
        inputs["dout"] = case.dout.copy()
    holds = claim.asked(inputs, outputs)
    if holds.all():
        return None
    first = ", ".join(str(i) for i in np.argwhere(~holds)[0])
    return Finding(what=messages.not_claimed(claim.title, first, int((~holds).sum()), holds.size), next_step=messages.retrace(case))


def _shapes(evidence: Evidence) -> dict[str, tuple[int, ...]]:
    """Return the shapes in which a claim may expect the outputs: those of the reference's, or, without one, as they are described."""
    if not evidence.spec.unreferenced:
        return {name: expected.value.shape for name, expected in evidence.answer.values.items()}
    case = evidence.case
    arrays = {a.gradient: case.arrays[a.name].shape for a in evidence.spec.arguments if a.gradient}
    return {"out": () if case.dout is None else case.dout.shape, **arrays}
