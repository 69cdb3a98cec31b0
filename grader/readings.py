"""Which of the legal readings of a task a submission follows: the one that most of its numbers agree with.

A reading is one way in which a right submission may differ: the factor of the regularisation, say, or what becomes of a size
that does not fit. All cases are judged by one reading, so loss and gradient must agree with each other; where they do not, the
loss says which it is, and the gradient is held to that.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from grader.casebank import Bank
from grader.model import PARTS, Answer, Case, Outcome
from grader.numerics.comparison import compare, fitted
from grader.properties.property import REFUSALS


def choose(bank: Bank, narrowed: Mapping[str, Any], outcomes: Sequence[tuple[Case, Outcome]]) -> int:
    """Return the index of the reading; `narrowed` are the choices that the submission's convention makes.

    One choice is settled after the other, in the order of the spec, so that six epsilons and two factors are eight
    comparisons and not twelve; where that does not explain everything, all are tried. Ties go to the reading that stands first.
    """
    legal = _legal(bank, narrowed)

    @cache
    def agreeing(i: int) -> float:
        return agreement(bank.answers[i], outcomes)

    best, agreed = legal[0], agreeing(legal[0])
    for name in bank.readings[0]:
        if agreed == len(outcomes):
            break
        rest = {k: v for k, v in bank.readings[best].items() if k != name}
        for i in legal:
            if i != best and rest.items() <= bank.readings[i].items():
                other = agreeing(i)
                best, agreed = (i, other) if other > agreed else (best, agreed)
    return best if agreed == len(outcomes) else max(legal, key=agreeing)


def tied(bank: Bank, narrowed: Mapping[str, Any], outcomes: Sequence[tuple[Case, Outcome]], chosen: int) -> list[int]:
    """Return the other readings that explain as much as the chosen one, where that does not explain everything."""
    agreed = agreement(bank.answers[chosen], outcomes)
    if agreed == len(outcomes):
        return []
    return [i for i in _legal(bank, narrowed) if i != chosen and agreement(bank.answers[i], outcomes) == agreed]


def _legal(bank: Bank, narrowed: Mapping[str, Any]) -> list[int]:
    every = range(len(bank.readings))
    # An assignment may ask for what the convention never meant (its net, with ReLU): then the assignment decides.
    return [i for i in every if all(bank.readings[i].get(name, v) == v for name, v in narrowed.items())] or [*every]


def agreement(answers: Sequence[Answer], outcomes: Sequence[tuple[Case, Outcome]]) -> float:
    """Return in how many cases the outcomes agree with the answers; a case of which a part agrees counts in part."""
    return sum(_share(answers[case.number], case, outcome) for case, outcome in outcomes)


def _share(answer: Answer, case: Case, outcome: Outcome) -> float:
    forward = outcome.forward
    if answer.refusal:
        return float(forward is not None and forward.failure is not None and forward.failure.kind in REFUSALS)
    stages = {part: stage.values for part in PARTS if (stage := outcome.stage(part))}
    # More than all gradients together: a wrong gradient has its reason in backward, and says nothing of what forward means.
    weights = {"forward": 1 + len(stages.get("backward", ())), "backward": 1}
    agreeing = asked = 0
    for part, values in stages.items():
        for name, got in values.items():
            expected = answer.values.get(name)
            shaped = fitted(got, expected.value.shape) if expected else None
            asked += weights[part]
            agreeing += weights[part] * (expected is not None and shaped is not None and compare(case, shaped, expected) is None)
    return agreeing / asked if asked else 0.0
