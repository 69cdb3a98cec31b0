"""A worker is told the inputs, and nothing from which the answers, the seed or the plan could be read."""

from pathlib import Path
from typing import Any

import pytest

from grader import assignment, engine
from grader.casebank import bank
from grader.intake import read
from grader.model import Isolation
from grader.sandbox.process import Launcher, Process
from grader.worker import wire

SEED = 7_719_354_261
RIGHT = Path(__file__).parent.parent / "submissions" / "cs231n-loops-right"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every frame that is sent to a worker, the sources of the submission aside."""
    frames: list[bytes] = []
    send = Process.send

    def recording(self: Process, kind: int, meta: Any, buffers: Any, seconds: float) -> None:
        frames.append(wire.encode(kind, {**meta, "files": None}, buffers))
        send(self, kind, meta, buffers, seconds)

    monkeypatch.setattr(Process, "send", recording)
    return frames


@pytest.mark.slow
def test_no_seed_no_title_and_no_expected_value_is_sent_to_a_worker(sent: list[bytes], launcher: Launcher, tmp_path: Path):
    asked = assignment.load(assignment.bundled())

    report = engine.grade([read(RIGHT)], asked, launcher=launcher, isolation=Isolation(tier="process"), seed=SEED, cache=tmp_path)

    assert report.submissions[0].score == 197
    everything = b"".join(sent)
    assert len(sent) > 2 * len(asked.tasks)
    for word in (str(SEED), "seed", *(task.title for task in asked.tasks if " " in task.title)):
        assert word.encode() not in everything, word
    options = {word for task in asked.tasks for name, values in task.spec.options.items() for word in (name, *values)}
    for task in asked.tasks:
        made = bank(task.spec, task.readings, SEED, tmp_path)
        titles = {case.title for case in made.cases} - options  # "zeros" is a kind of padding, too
        assert all(f'"{title}"'.encode() not in everything for title in titles)
        outs = [answer.values["out"].value for answers in made.answers for answer in answers if "out" in answer.values]
        telling = [out for out in outs if len(set(out.ravel().tolist())) > 3 and not _given(out, made.cases)]
        assert telling or task.spec.whole or task.spec.scalar or task.spec.traits.out == ""
        assert all(out.tobytes() not in everything for out in telling), task.id


def _given(out: Any, cases: Any) -> bool:
    """Whether an input holds the right output as it is: ReLU of positive numbers, columns of one window."""
    return any(out.tobytes() in array.tobytes() for case in cases for array in (*case.arrays.values(), case.dout) if array is not None)
