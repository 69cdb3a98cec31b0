"""A finding with the call that shows it, as the student would write it: static text, of which nothing is run here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.model import CheckResult, Finding, Part
from grader.worker.conventions.adapter import Adapter
from reference import LayerSpec


def reproduced(spec: LayerSpec, adapter: Adapter, functions: Mapping[Part, str], lacks: Sequence[str], check: CheckResult) -> CheckResult:
    """Return a check whose findings have, in their case, the lines of the call: `call`, of which the last shows the wrong number.

    Args:
        spec: The layer.
        adapter: The convention of the submission.
        functions: The names of the student's functions, by part.
        lacks: Options that they do without.
        check: A check. One that a single plain call does not show is returned as it is: a law, or a second call.
    """
    shown = {"value", "contract", *spec.beside, *spec.gradients}
    if adapter.spelling is None or check.id.partition(".")[2] not in shown:
        return check
    return replace(check, findings=tuple(_called(spec, adapter, functions, lacks, check.part, found) for found in check.findings))


def _called(
    spec: LayerSpec, adapter: Adapter, functions: Mapping[Part, str], lacks: Sequence[str], part: Part, finding: Finding
) -> Finding:
    assert adapter.spelling
    spelling, case = adapter.spelling, finding.case
    asked: dict[Part, tuple[str, ...]] = {"forward": spelling.forward}
    if part == "backward":
        asked = {"backward": spelling.backward} if adapter.forward_optional else asked | {"backward": spelling.backward}
    whole = case.get("arrays") or (case and not case["shapes"])
    if not whole or not asked.keys() <= functions.keys():
        return finding
    lines = [line for templates in asked.values() for line in spelling.lines(templates, functions, case["options"], len(lacks))]
    return replace(finding, case={**case, "call": [*lines, *_shown(spec, adapter, finding)]})


def _shown(spec: LayerSpec, adapter: Adapter, finding: Finding) -> list[str]:
    """Return the line that shows a value, where the finding is about one."""
    assert adapter.spelling
    if finding.got is None or finding.expected is None or not finding.where:
        return []
    name = re.split(r"\W", finding.where)[0]
    place = adapter.spelling.place(name) if name in spec.gradients else name
    return [f"print({place}{finding.where.removeprefix(name)})"]
