"""What every submission of a run is graded by: made once, sent to each process that grades."""

import hashlib
import json
import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from grader import carried, casebank, engine
from grader.assignment import Assignment, Task, built
from grader.classroom.packed import Packed
from grader.intake import Bundle
from grader.model import SubmissionResult
from grader.policy import apart_from
from grader.report.results import entry
from grader.sandbox.launch import open_launcher
from grader.summing_up import lost
from grader.version import VERSION, code
from grader.worker.jail import Tier


def versions() -> Mapping[str, str]:
    """Return the versions of what decides a verdict: processes where they differ must not grade one class."""
    return {"nablagrade": VERSION, "code of nablagrade": code(), "Python": platform.python_version(), "NumPy": np.__version__}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The assignment, the seed with the cases drawn from it, and how students' code is kept apart.

    Attributes:
        document: The assignment, checked.
        sha256: The hash of its file.
        seed: What the cases are drawn from.
        tier: How student code is kept apart: one tier a run, on every machine.
        second_worker: Make some calls again in a second worker.
        only: The tasks to grade; nothing stands for all.
        banks: The cases with the reference's answers, encoded, by task.
    """

    document: Mapping[str, Any]
    sha256: str
    seed: int
    tier: Tier
    second_worker: bool = True
    only: tuple[str, ...] = ()
    banks: Mapping[str, bytes] | None = None

    @property
    def assignment(self) -> Assignment:
        """The assignment, with those of its tasks that are graded, and those on whose layers they rest."""
        whole = built(self.document, self.sha256)
        return carried.with_layers(whole, self.only) if self.only else whole

    def drawn(self) -> "Terms":
        """Return the terms with their cases, which are drawn here and nowhere else, once."""
        if self.banks is not None:
            return self
        banks = {task.id: casebank.bank(task.spec, task.readings, self.seed, None) for task in self.assignment.tasks}
        return replace(self, banks={name: casebank.encoded(bank) for name, bank in banks.items()})

    def key(self, bundle: Bundle) -> str:
        """Return what the result of a submission is kept under: the hash of everything that it follows from.

        The policy is not among that: it is applied to results whenever a report is made.
        """
        digest = hashlib.sha256()
        asked = json.dumps(apart_from(self.document), sort_keys=True)
        follows = (asked, self.seed, self.tier, self.second_worker, *versions().values(), bundle.sha256, *bundle.notes)
        for part in follows:
            data = str(part).encode()
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()

    @contextmanager
    def grading(self) -> Iterator[Callable[[Bundle], Packed]]:
        """Start what workers are forked from, and give what grades one submission: its entry of `results.json`, packed.

        Raises:
            SandboxError: There is no such tier here.
        """
        asked, encoded = self.assignment, self.banks or {}
        banks = {task.id: self._bank(task, encoded[task.id]) for task in asked.tasks}
        with open_launcher(self.tier) as launcher, engine.grading(asked, banks, launcher, self.second_worker) as graded:
            yield partial(self._entry, graded)

    def lost(self, bundle: Bundle, why: str) -> Packed:
        """Return the packed entry of a submission over which the grader itself was lost."""
        return Packed.of(entry(lost(bundle, self.assignment, why)))

    def _entry(self, graded: Callable[[Bundle], SubmissionResult], bundle: Bundle) -> Packed:
        try:
            return Packed.of(entry(graded(bundle)))
        except Exception as error:  # noqa: BLE001 - a fault of ours in one submission is reported as ours and stops no other
            return self.lost(bundle, f"{type(error).__name__}: {error}")

    def _bank(self, task: Task, data: bytes) -> casebank.Bank:
        bank = casebank.decoded(data, casebank.readings(task.spec, task.readings))
        if bank is None:
            raise ValueError(f"the cases of {task.id} were damaged on their way")
        return bank
