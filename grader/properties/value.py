"""Forward gives the reference's values, each within its own rounding bound; what must be refused is refused."""

from collections.abc import Sequence

from grader import messages
from grader.language import say
from grader.model import Finding, Stage
from grader.properties.property import REFUSALS, Blocked, Check, Evidence, Judgement, Kind, mismatch_finding, plainly, usable
from reference import LayerSpec

SUITS, PLACE = Kind.REFERENCE, 10


def checks(spec: LayerSpec) -> Sequence[Check]:
    """One check, which bears four fifths of the forward points."""
    return [Check(name="value", title=messages.title_value(scalar=spec.scalar, whole=spec.whole), part="forward", weight=4)]


plan = plainly


def judge(evidence: Evidence) -> Judgement:
    """Compare the output with the reference's."""
    forward = evidence.outcomes[0].forward
    shown_by = evidence.spec.shown_by
    if forward is None or forward.failure or forward.values or shown_by is None:
        return {"forward.value": _judge(evidence)}
    return {"forward.value": _shown(evidence, shown_by)} if len(evidence.case.arrays["x"]) == 1 else {}


def _judge(evidence: Evidence) -> Finding | Blocked | None:
    forward = evidence.outcomes[0].forward
    if evidence.answer.refusal:
        return _refused(evidence, forward)
    expected = evidence.answer.values["out"]
    got = usable(forward, "out", expected)
    if got is None:
        return Blocked(messages.blocked("forward"))
    return mismatch_finding(evidence.case, "loss" if evidence.spec.scalar else "out", got, expected)


def _refused(evidence: Evidence, forward: Stage | None) -> Finding | Blocked | None:
    if forward is None or (forward.failure and forward.failure.kind not in REFUSALS):
        return Blocked(messages.blocked("forward"))
    if forward.failure or "out" not in forward.values:
        return None
    assert evidence.answer.refusal
    got = forward.values["out"]
    words = str(got[()]) if got.size == 1 else say("An array of shape {shape}", shape=got.shape)
    return Finding(what=messages.not_refused(words), got=words, expected=messages.heard(evidence.answer.refusal))


def _shown(evidence: Evidence, name: str) -> Finding | Blocked | None:
    """Judge a convention without a forward function, by the last bias of a single sample: softmax minus labels.

    Averaged or summed, over whichever axis: for one sample it is the same, so a mistake in the gradient stays in the gradient.
    """
    expected = evidence.answer.values[name]
    got = usable(evidence.outcomes[0].backward, name, expected)
    if got is None:
        return Blocked(messages.blocked("backward"))
    return mismatch_finding(evidence.case, name, got, expected, messages.shown_by(name))
