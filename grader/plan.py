"""Which calls are made of a submission: what every property needs of every input, each call made once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from grader.answers import answer
from grader.assignment import Task
from grader.model import Answer, Call, Case, Limits, Outcome
from grader.narrowing import allows
from grader.properties import Property
from grader.properties.laws import LAWS
from grader.properties.property import Evidence
from grader.worker.conventions.adapter import always
from reference import LayerSpec

Expressible = Callable[[Mapping[str, Any], dict[str, Any]], bool]


def stands_for(fixed: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    """Whether options have the values that are fixed, of which one may be the name of another option."""
    meant = {name: options.get(value, value) if isinstance(value, str) else value for name, value in fixed.items()}
    return all(options.get(name, value) == value for name, value in meant.items())


class Plans:
    """The plans of a run, each made once: submissions that spell a task alike share it, and what was worked out for it."""

    def __init__(self) -> None:
        """Start without any."""
        self._made: dict[Any, Plan] = {}

    def plan(
        self,
        task: Task,
        cases: Sequence[Case],
        fixed: Mapping[str, Any],
        properties: Sequence[Property],
        *,
        backward: bool,
        expressible: Expressible = always,
        varied: bool = True,
    ) -> "Plan":
        """Return the plan of a task for a convention that cannot express all options, nor, unless `varied`, unusual arguments."""
        key = (task.id, *fixed.items(), backward, expressible, varied)
        if key not in self._made:
            usual = [c for c in cases if varied or task.spec.usual(c.arrays)]
            meant = [c for c in usual if stands_for(fixed, c.options) and expressible(c.arrays, dict(c.options))]

            def asked(arrays: Mapping[str, Any], options: dict[str, Any]) -> bool:
                return allows(task.options, options) and expressible(arrays, options)

            self._made.setdefault(key, Plan(task.spec, meant, properties, fixed, backward=backward, expressible=asked))
        return self._made[key]


class Plan:
    """Which calls the properties need of which cases; the plain call of a case is made once and shared."""

    def __init__(
        self,
        spec: LayerSpec,
        cases: Sequence[Case],
        properties: Sequence[Property],
        fixed: Mapping[str, Any],
        *,
        backward: bool,
        expressible: Expressible = always,
    ) -> None:
        """Ask every property; what the convention cannot express (`fixed` says what it stands for) is not called."""
        self.spec, self.cases = spec, cases
        self._fixed, self._expressible = fixed, expressible
        self.base = {id(c): Call(case=c, forward_only=not backward) for c in cases}

        planned = [(p, asked) for p in properties for asked in p.plan(spec, cases, lambda c: self.base[id(c)])]
        self._asked = [(p, asked) for p, asked in planned if all(self.meant(call.case) for call in asked.calls)]
        self.calls = _once(call for p, asked in self._asked if p not in LAWS for call in asked.calls)
        made = set(map(id, self.calls))
        # Laws bear no points, so their calls come last, and only where there is time for them.
        self.calls_of_laws = _once(call for p, asked in self._asked if p in LAWS for call in asked.calls if id(call) not in made)
        self._worked_out: dict[Any, Answer] = {}

    def meant(self, case: Case) -> bool:
        """Whether the convention can express a case."""
        fits = stands_for(self._fixed, case.options)
        return fits and self._expressible(case.arrays, dict(case.options))

    def rows(
        self,
        outcomes: Mapping[int, Outcome],
        answers: Sequence[Answer],
        reading: Mapping[str, Any],
        limits: Limits,
        ask: Callable[[Sequence[Call]], Sequence[Outcome]],
        ask_anew: Callable[[Sequence[Call]], Sequence[Outcome]],
        of_versions: Mapping[str, Sequence[Answer]],
    ) -> Iterator[tuple[Property, Evidence]]:
        """Yield every property with what it sees of a case; `ask` and `ask_anew` make further calls.

        `of_versions` are the answers by which a further version of the function is judged, where they are others.
        """
        told = {"call_seconds": limits.call_seconds, "task_seconds": limits.task_seconds, "memory_mb": limits.memory_mb}
        for prop, (case, calls) in self._asked:
            if not all(id(call) in outcomes for call in calls):
                continue
            yield (
                prop,
                Evidence(
                    spec=self.spec,
                    case=case,
                    answer=of_versions.get(_version(calls[0]), answers)[case.number],
                    calls=calls,
                    outcomes=[outcomes[id(call)] for call in calls],
                    answer_to=partial(self._answer, answers=answers, reading=reading),
                    limits=told,
                    ask=ask,
                    ask_anew=ask_anew,
                    reading=reading,
                ),
            )

    def _answer(self, call: Call, answers: Sequence[Answer], reading: Mapping[str, Any]) -> Answer:
        """Return the reference's answer to a call: the bank's, or, for a case of a law's own, one worked out once for all."""
        if id(call.case) in self.base:
            return answers[call.case.number]
        key = (id(call.case), *reading.items())
        if key not in self._worked_out:
            self._worked_out[key] = answer(self.spec, call.case, reading)
        return self._worked_out[key]

    def plain(self, outcomes: Mapping[int, Outcome]) -> list[tuple[Case, Outcome]]:
        """Return every case with the outcome of its plain call."""
        return [(c, outcomes[id(self.base[id(c)])]) for c in self.cases]

    def versions(self, outcomes: Mapping[int, Outcome]) -> dict[str, list[tuple[Case, Outcome]]]:
        """Return the same of each further version that gave anything."""
        found: dict[str, list[tuple[Case, Outcome]]] = {}
        for _, (case, calls) in self._asked:
            outcome = outcomes.get(id(calls[0]))
            if (version := _version(calls[0])) and outcome and any(s and s.values for s in (outcome.forward, outcome.backward)):
                found.setdefault(version, []).append((case, outcome))
        return found


def _version(call: Call) -> str:
    return str(call.case.options.get("version", ""))


def _once(calls: Iterable[Call]) -> list[Call]:
    return list({id(call): call for call in calls}.values())
