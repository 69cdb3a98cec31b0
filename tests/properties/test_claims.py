"""Claims of an instructor are asked of every input, and the first entry that shows that one does not hold is told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader import messages
from grader.model import Answer, Array, Call, Case, Failure, FailureKind, Finding, Outcome, Stage
from grader.properties import claims
from grader.properties.property import Blocked
from reference import Claim, catalogue
from reference.spec import Argument, LayerSpec, Traits
from tests.support import case_of, evidence, expected

SMALL = Claim(name="small", title="the output is below 10", holds=lambda _, outputs: outputs["out"] < 10)
DOWN = Claim(name="down", title="dx is never above dout", holds=lambda inputs, outputs: outputs["dx"] <= inputs["dout"], part="backward")
RELU = replace(catalogue()["relu"], claims=(SMALL, DOWN))
OWN = LayerSpec(
    name="own",
    arguments=(Argument(name="x", axes="N D", gradient="dx"), Argument(name="n", axes="N")),
    axes={},
    scenarios=(),
    traits=Traits(out="N D"),
    claims=(SMALL, DOWN),
)
ONES = np.ones((2, 3))
CASE = case_of(ONES, x=ONES)
ANSWER = Answer(values={"out": expected(ONES), "dx": expected(ONES)})
FAILURE = Failure(kind=FailureKind.EXCEPTION, text="ValueError: no")


def judge(
    out: Any = ONES, dx: Any = ONES, *, spec: LayerSpec = RELU, answer: Answer = ANSWER, case: Case = CASE, asked: Call | None = None
) -> Mapping[str, Any]:
    """Judge what forward and backward gave; None stands for a stage that is not there."""
    stages = [None if a is None else a if isinstance(a, Stage) else Stage(values={n: np.asarray(a)}) for n, a in (("out", out), ("dx", dx))]
    return claims.judge(evidence(spec, case, answer, Outcome(forward=stages[0], backward=stages[1]), calls=[asked or Call(case=case)]))


def test_a_claim_is_a_check_of_its_part_that_waits_for_the_contract():
    found = [(c.name, c.title, c.part, c.weight, c.needs) for c in claims.checks(RELU)]

    assert found == [
        ("small", "the output is below 10", "forward", 24, ("forward.contract",)),
        ("down", "dx is never above dout", "backward", 24, ("backward.contract",)),
    ]
    assert [c.weight for c in claims.checks(OWN)] == [1, 1]


@pytest.mark.parametrize("spec", [RELU, OWN], ids=["with a reference", "without"])
def test_claims_that_hold_find_nothing(spec: LayerSpec):
    assert judge(spec=spec) == {"forward.small": None, "backward.down": None}


def test_the_first_entry_that_breaks_a_claim_is_told_with_the_number_of_all():
    out = np.ones((2, 3))
    out[0, 2] = out[1, 1] = 20

    judged = judge(out)

    assert judged["forward.small"] == Finding(
        what="This does not hold at 2 of 6 entries, the first of them [0, 2]: the output is below 10.", next_step=messages.retrace(CASE)
    )
    assert judged["backward.down"] is None


def test_a_claim_about_backward_is_asked_with_dout_and_the_gradients():
    judged = judge(dx=2 * ONES)

    assert judged["forward.small"] is None
    assert judged["backward.down"].what == "This does not hold at 6 of 6 entries, the first of them [0, 0]: dx is never above dout."


def test_where_no_backward_was_asked_for_its_claims_are_not_asked_either():
    assert judge(dx=None, asked=Call(case=CASE, forward_only=True)) == {"forward.small": None}


def test_what_must_be_refused_is_asked_nothing():
    assert judge(answer=Answer(refusal="no")) == {}


@pytest.mark.parametrize(
    "lost",
    [None, Stage(failure=FAILURE), [[np.nan] * 3] * 2, ONES.astype(int), np.ones((3, 2))],
    ids=["nothing", "failed", "nan", "whole", "turned"],
)
def test_what_breaks_its_contract_is_asked_nothing(lost: Any):
    blocked = {part: Blocked(messages.blocked(part)) for part in ("forward", "backward")}

    assert judge(out=lost) == {"forward.small": blocked["forward"], "backward.down": blocked["backward"]}
    assert judge(dx=lost) == {"forward.small": None, "backward.down": blocked["backward"]}
    assert judge(out=lost, spec=OWN) == {"forward.small": blocked["forward"], "backward.down": blocked["backward"]}
    assert judge(dx=lost, spec=OWN) == {"forward.small": None, "backward.down": blocked["backward"]}


@pytest.mark.parametrize("spec", [RELU, OWN], ids=["with a reference", "without"])
def test_a_claim_gets_float64_in_the_right_shape_and_copies_of_all_inputs_and_options(spec: LayerSpec):
    seen: dict[str, Any] = {}

    def holds(inputs: Mapping[str, Any], outputs: Mapping[str, Array]) -> bool:
        seen.update(inputs=dict(inputs), outputs=dict(outputs))
        inputs["x"][:] = inputs["dout"][:] = 0
        return True

    case = case_of(ONES.copy(), x=ONES.copy(), options={"k": 7})
    claimed = replace(spec, claims=(Claim(name="seen", title="all is seen", holds=holds, part="backward"),))

    assert judge(ONES.astype(np.float32)[None], ONES[None], spec=claimed, case=case) == {"backward.seen": None}
    assert {name: (a.shape, a.dtype) for name, a in seen["outputs"].items()} == dict.fromkeys(("out", "dx"), ((2, 3), np.float64))
    assert (seen["inputs"].keys(), seen["inputs"]["k"]) == ({"x", "dout", "k"}, 7)
    assert (case.arrays["x"] == 1).all()
    assert (case.dout == 1).all()


def test_a_claim_about_a_single_number_names_no_entry():
    question = case_of(x=ONES)
    spec = replace(OWN, claims=(SMALL,))

    assert judge(20.0, None, spec=spec, case=question)["forward.small"].what == "This does not hold: the output is below 10."
    assert judge(5.0, None, spec=spec, case=question) == {"forward.small": None}
    assert isinstance(judge(ONES, None, spec=spec, case=question)["forward.small"], Blocked)
