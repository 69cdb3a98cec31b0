"""Which of the legal readings of a task a submission follows: the one that most of its numbers agree with.

A reading is one way in which a right submission may differ: the factor of the regularisation, say, or what becomes of a size
that does not fit. All cases are judged by one reading, so loss and gradient must agree with each other; where they do not, the
loss says which it is, and the gradient is held to that.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from grader.casebank import Bank
from grader.model import PARTS, Answer, Case, Outcome
from grader.numerics.comparison import compare, fitted
from grader.properties.property import REFUSALS

Same = dict[tuple[int, int], bool]  # whether an array agrees with an expected one, by their identities


def choose(bank: Bank, narrowed: Mapping[str, Any], outcomes: Sequence[tuple[Case, Outcome]]) -> int:
    """Return the index of the reading; `narrowed` are the choices that the submission's convention makes."""
    return Followed(bank, narrowed, outcomes).chosen


class Followed:
    """How far outcomes agree with each reading. What two readings have in common is compared once."""

    def __init__(self, bank: Bank, narrowed: Mapping[str, Any], outcomes: Sequence[tuple[Case, Outcome]]) -> None:
        """Take the outcomes of the plain calls; `narrowed` are the choices that the submission's convention makes."""
        self._bank, self._outcomes = bank, outcomes
        self._legal = _legal(bank, narrowed)
        self._agreed: dict[int, float] = {}
        self._same: Same = {}

    def _agreeing(self, i: int) -> float:
        if i not in self._agreed:
            self._agreed[i] = agreement(self._bank.answers[i], self._outcomes, self._same)
        return self._agreed[i]

    @cached_property
    def chosen(self) -> int:
        """The index of the reading that explains most.

        One choice is settled after the other, in the order of the spec, so that six epsilons and two factors are eight
        comparisons and not twelve; where that does not explain everything, all are tried. Ties go to the reading that stands first.
        """
        readings, everything = self._bank.readings, len(self._outcomes)
        best, agreed = self._legal[0], self._agreeing(self._legal[0])
        for name in readings[0]:
            if agreed == everything:
                break
            rest = {k: v for k, v in readings[best].items() if k != name}
            for i in self._legal:
                if i != best and rest.items() <= readings[i].items():
                    other = self._agreeing(i)
                    best, agreed = (i, other) if other > agreed else (best, agreed)
        return best if agreed == everything else max(self._legal, key=self._agreeing)

    @property
    def entirely(self) -> bool:
        """Whether the chosen reading explains everything."""
        return self._agreeing(self.chosen) == len(self._outcomes)

    @property
    def tied(self) -> list[int]:
        """The other readings that explain as much as the chosen one, where that does not explain everything."""
        if self.entirely:
            return []
        return [i for i in self._legal if i != self.chosen and self._agreeing(i) == self._agreeing(self.chosen)]


def _legal(bank: Bank, narrowed: Mapping[str, Any]) -> list[int]:
    every = range(len(bank.readings))
    # An assignment may ask for what the convention never meant (its net, with ReLU): then the assignment decides.
    return [i for i in every if all(bank.readings[i].get(name, v) == v for name, v in narrowed.items())] or [*every]


def agreement(answers: Sequence[Answer], outcomes: Sequence[tuple[Case, Outcome]], same: Same | None = None) -> float:
    """Return in how many cases the outcomes agree with the answers; a case of which a part agrees counts in part.

    `same` holds what was compared before, and gets what is compared now.
    """
    known = {} if same is None else same
    return sum(_share(answers[case.number], case, outcome, known) for case, outcome in outcomes)


def _share(answer: Answer, case: Case, outcome: Outcome, same: Same) -> float:
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
            key = id(got), id(expected)
            if key not in same:
                shaped = fitted(got, expected.value.shape) if expected else None
                same[key] = expected is not None and shaped is not None and compare(case, shaped, expected) is None
            asked += weights[part]
            agreeing += weights[part] * same[key]
    return agreeing / asked if asked else 0.0
