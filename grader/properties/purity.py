"""Functions leave their arguments alone. A note by default; a check only where the assignment asks for a mark."""

from collections.abc import Sequence

from grader import messages
from grader.model import PARTS, Finding
from grader.properties.property import Check, Evidence, Judgement, Kind, plainly
from reference import LayerSpec

SUITS, PLACE = Kind.REFERENCE | Kind.ALONE | Kind.DESIGNED, 110


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check a part, where there are arrays to write into; a sixth of its points where it is asked for."""
    parts = PARTS if spec.differentiable else PARTS[:1]
    weights = {"forward": 1, "backward": 30}
    needs = {"forward": ("forward.value",), "backward": tuple(f"backward.{name}" for name in spec.gradients)}  # else zeros earn it
    title = messages.title_purity
    return [Check(name="purity", title=title(part), part=part, weight=weights[part], needs=needs[part]) for part in parts if spec.arguments]


plan = plainly


def judge(evidence: Evidence) -> Judgement:
    """Look at which arguments came back changed."""
    judged: dict[str, Finding | None] = {}
    for part in PARTS:
        stage = evidence.outcomes[0].stage(part)
        if stage and not stage.failure and evidence.spec.arguments:
            found = Finding(what=messages.mutates(part, stage.mutated)) if stage.mutated else None
            judged[f"{part}.purity"] = found
    return judged
