"""A finding with the call that shows it, as the student would write it: static text, of which nothing is run here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.diagnosis.examination import Ask
from grader.model import Array, Call, Case, CheckResult, Finding, Outcome, Part
from grader.worker.conventions.adapter import Adapter
from grader.worker.conventions.spelling import Spelling
from reference import LayerSpec


def reproduced(
    check: CheckResult, spec: LayerSpec, adapter: Adapter, functions: Mapping[Part, str], lacks: Sequence[str], ask: Ask
) -> CheckResult:
    """Return a check whose findings have, in their case, the lines of the call: `call`, of which the last shows the wrong number.

    Args:
        check: A check. One that a single plain call does not show is returned as it is: a law, or a second call.
        spec: The layer.
        adapter: The convention of the submission.
        functions: The names of the student's functions, by part.
        lacks: Options that they do without.
        ask: Makes calls, for the transcript of one where the convention does not tell.
    """
    if check.id.partition(".")[2] not in {"value", "contract", *spec.beside, *spec.gradients}:
        return check
    findings = []
    for found in check.findings:
        whole = found.case.get("arrays") or (found.case and not found.case["shapes"])
        spelling = adapter.spelling
        if not whole:
            lines = []
        elif spelling:
            lines = _spelt(spec, spelling, functions, lacks, check.part, found, alone=adapter.forward_optional)
        else:
            lines = _transcribed(spec, check.part, found, ask)
        findings.append(replace(found, case={**found.case, "call": lines}) if lines else found)
    return replace(check, findings=tuple(findings))


def _spelt(
    spec: LayerSpec, spelling: Spelling, functions: Mapping[Part, str], lacks: Sequence[str], part: Part, finding: Finding, *, alone: bool
) -> list[str]:
    """Return the lines of a convention in which the names of the functions tell all; where backward can, it stands `alone`."""
    asked: dict[Part, tuple[str, ...]] = {"forward": spelling.forward}
    if part == "backward":
        asked = {"backward": spelling.backward} if alone else asked | {"backward": spelling.backward}
    if not asked.keys() <= functions.keys():
        return []
    lines = [line for templates in asked.values() for line in spelling.lines(templates, functions, finding.case["options"], len(lacks))]
    name = _name(finding)
    return [*lines, *_shown(finding, name, spelling.place(name) if name in spec.gradients else name)]


def _transcribed(spec: LayerSpec, part: Part, finding: Finding, ask: Ask) -> list[str]:
    """Return the lines of a call that is made once more; none where it then gives another number, as one does that draws at random."""
    if not finding.where and not finding.trace:  # it may have hung, and would again
        return []
    case = _case(finding)
    (outcome,) = ask([Call(case=case, forward_only=part == "forward", transcribed=True)])
    stages = [stage for stage in (outcome.forward, outcome.backward) if stage]
    if not stages or not stages[0].lines or (finding.got is not None and not _same(finding, outcome)):
        return []
    name = _name(finding)
    place = f"grads[{name!r}]" if name in spec.gradients and name in case.arrays else name
    return [*(line for stage in stages for line in stage.lines), *_shown(finding, name, place)]


def _case(finding: Finding) -> Case:
    """Return the case of a finding, of which the report has the arrays; an upstream gradient that is no array is 1."""
    told = finding.case
    arrays: dict[str, Array] = {name: np.array(values).reshape(told["shapes"][name]) for name, values in told["arrays"].items()}
    arrays = {name: a.astype(told["dtype"]) if a.dtype.kind == "f" else a for name, a in arrays.items()}
    dout = arrays.pop("dout", np.ones((), told["dtype"] or None))
    return Case(number=told.get("number", 0), title=told["title"], arrays=arrays, options=told["options"], dout=dout)


def _same(finding: Finding, outcome: Outcome) -> bool:
    """Whether a number came back as the finding has it."""
    name, at = _name(finding), tuple(map(int, re.findall(r"\d+", finding.where.partition("[")[2])))
    values = {n: a for stage in (outcome.forward, outcome.backward) if stage for n, a in stage.values.items()}
    if name not in values or len(at) != values[name].ndim:
        return True  # a shape, say, which the call has shown anyhow
    return finding.got is not None and bool(np.array_equal(float(values[name][at]), float(finding.got), equal_nan=True))


def _name(finding: Finding) -> str:
    return re.split(r"\W", finding.where or "")[0]


def _shown(finding: Finding, name: str, place: str) -> list[str]:
    """Return the line that shows a value by its place, where the finding is about one."""
    if finding.got is None or finding.expected is None or not finding.where:
        return []
    return [f"print({place}{finding.where.removeprefix(name)})"]
