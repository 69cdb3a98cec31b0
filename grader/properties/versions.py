"""Further versions of the same function, such as a naive one beside the vectorised: each is a check of its own, and right or wrong by itself.

The version that decides is judged by the other properties. One that was not handed in is not asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from grader import messages
from grader.model import PARTS, Call, Case, Finding
from grader.properties import contract
from grader.properties.property import Asked, Blocked, Check, Evidence, Judgement, Kind, Undecided, mismatch_finding, usable
from reference import LayerSpec

SUITS, PLACE = Kind.REFERENCE, 100


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check a part and version, as heavy as that of a repeated call or a fresh cache."""
    weights = {"forward": 1, "backward": 30}
    parts = PARTS if spec.backward else PARTS[:1]
    return [
        Check(name=version, title=messages.title_version(version), part=part, weight=weights[part], optional=True)
        for part in parts
        for version in spec.versions
    ]


def plan(spec: LayerSpec, cases: Sequence[Case], base: Callable[[Case], Call]) -> list[Asked]:
    """Ask every version for every case; the option `version` names it."""

    def named(case: Case, version: str) -> Call:
        return replace(base(case), case=replace(case, options={**case.options, "version": version}))

    return [Asked(case, [named(case, version)]) for version in spec.versions for case in cases]


def judge(evidence: Evidence) -> Judgement:
    """Compare all that a version gives with the reference's; a call that gives nothing says that there is no such version."""
    version = str(evidence.calls[0].case.options["version"])
    stages = [(part, stage) for part in PARTS if (stage := evidence.outcomes[0].stage(part))]
    if evidence.answer.refusal or not any(stage.failure or stage.values for _, stage in stages):
        return {}
    judged: dict[str, Finding | Blocked | Undecided | None] = {}
    broken = contract.judge(evidence)
    for part, stage in stages:
        found = broken.get(f"{part}.contract")
        for name, expected in evidence.expected(part).items():
            if found is None and name in stage.values and (got := usable(stage, name, expected)) is not None:
                found = mismatch_finding(evidence.case, name, got, expected, messages.version_differs(version, name))
        judged[f"{part}.{version}"] = found
    return judged
