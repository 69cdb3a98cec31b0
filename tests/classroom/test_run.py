"""A run grades what has no result yet, and nothing else; whenever it is ended, the next goes on."""

import contextlib
import os
import random
import shutil
import signal
import time
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from grader.classroom import run
from grader.classroom import store as stores
from grader.classroom.terms import Terms
from grader.intake import discover, read
from tests.classroom.conftest import RELU, WITH_NET, Counting, hand_in, terms_of

HEAD = {"schema": "urn:nablagrade:results:1", "assignment": {"seed": 1}}


@pytest.fixture(autouse=True)
def without_cases(monkeypatch: pytest.MonkeyPatch):
    """Draw no cases: the executor here would not look at them."""
    monkeypatch.setattr(Terms, "drawn", lambda self: self)


def graded(folder: Path, out: Path, terms: Terms, **options: Any) -> tuple[Counting, list[Any], int]:
    """Run once; return the executor, what the store holds, and how many results were there already."""
    executor = Counting()
    out.mkdir(exist_ok=True)
    with stores.opened(out) as store:
        store.begin(HEAD, terms.document)
        kept = run.grade(discover(folder), terms, store, executor, **options)
        return executor, list(store.results()["submissions"]), kept


def test_every_submission_has_a_result_and_the_same_text_is_graded_once(folder: Path, tmp_path: Path, terms: Terms):
    done: list[Any] = []

    executor, submissions, kept = graded(folder, tmp_path / "out", terms, on_done=done.append)

    assert [name for name, _ in executor.given] == ["student0", "student1", "student2", "student3"]
    assert [one["id"] for one in submissions] == [*(f"student{i}" for i in range(4)), "twin"]
    assert submissions[0] | {"id": "twin"} == submissions[4]
    assert len(done) == 5
    assert kept == 0


def test_a_second_run_grades_nothing_and_tells_of_every_submission(folder: Path, tmp_path: Path, terms: Terms):
    _, first, _ = graded(folder, tmp_path / "out", terms)
    done: list[Any] = []

    executor, second, kept = graded(folder, tmp_path / "out", terms, on_done=done.append)

    assert executor.runs == 0
    assert second == first
    assert (len(done), kept) == (5, 5)


def test_who_grades_begins_before_the_class_is_read_where_nothing_can_be_kept(
    folder: Path, tmp_path: Path, terms: Terms, monkeypatch: pytest.MonkeyPatch
):
    executor, begun = Counting(), []
    monkeypatch.setattr(run, "read", lambda one: begun.append(executor.runs) or read(one))

    for out, kept in (("new", 0), ("new", 5)):
        (tmp_path / out).mkdir(exist_ok=True)
        with stores.opened(tmp_path / out) as store:
            store.begin(HEAD, terms.document)
            executor.runs = 0
            assert run.grade(discover(folder), terms, store, executor) == kept

    assert begun == [1] * 5 + [0] * 5


def test_what_changed_is_graded_again_and_who_left_is_gone(folder: Path, tmp_path: Path, terms: Terms):
    graded(folder, tmp_path / "out", terms)
    hand_in(folder / "student1", RELU + "# changed\n")
    shutil.rmtree(folder / "student2")

    executor, submissions, _ = graded(folder, tmp_path / "out", terms)

    assert [name for name, _ in executor.given] == ["student1"]
    assert [one["id"] for one in submissions] == ["student0", "student1", "student3", "twin"]


def test_another_grader_grades_anew(folder: Path, tmp_path: Path, terms: Terms, monkeypatch: pytest.MonkeyPatch):
    graded(folder, tmp_path / "out", terms)
    monkeypatch.setattr("grader.classroom.terms.code", lambda: "another")

    executor, _, kept = graded(folder, tmp_path / "out", terms)

    assert (len(executor.given), kept) == (4, 0)


@pytest.mark.parametrize("change", [{"seed": 2}, {"tier": "landlock+seccomp"}, {"second_worker": False}])
def test_other_terms_are_another_grading(folder: Path, tmp_path: Path, terms: Terms, change: dict[str, Any]):
    graded(folder, tmp_path / "out", terms)

    executor, _, kept = graded(folder, tmp_path / "out", replace(terms, **change))

    assert len(executor.given) == 4
    assert kept == 0


def test_other_points_are_another_grading_and_another_policy_is_not(folder: Path, tmp_path: Path, terms: Terms):
    graded(folder, tmp_path / "out", terms)
    first, *others = terms.document["tasks"]
    policy = terms.document["policy"] | {"drop": {"layers": 1}}

    same, _, _ = graded(folder, tmp_path / "out", replace(terms, document=terms.document | {"policy": policy}, sha256="f" * 64))
    other, _, _ = graded(folder, tmp_path / "out", replace(terms, document=terms.document | {"tasks": [first | {"points": 7}, *others]}))

    assert same.given == []
    assert len(other.given) >= 4


def test_a_note_on_what_was_handed_in_is_part_of_its_key(terms: Terms, folder: Path):
    bundle = read(folder / "student0")

    assert terms.key(bundle) != terms.key(replace(bundle, notes=(*bundle.notes, *bundle.id.split())))


def test_one_task_is_graded_again_and_the_others_stay(folder: Path, tmp_path: Path, terms: Terms):
    _, before, _ = graded(folder, tmp_path / "out", terms)

    executor, after, _ = graded(folder, tmp_path / "out", terms, regrade=["relu"])

    assert {only for _, only in executor.given} == {("relu",)}
    for old, new in zip(before, after, strict=True):
        relu, *others = new["tasks"]
        assert relu["score"] == round(old["tasks"][0]["score"] + 1, 4)
        assert others == old["tasks"][1:]
        assert new["score"] == round(old["score"] + 1, 4)
        assert new["max_score"] == old["max_score"] == 5
        assert new["translations"]["ko"] == {"()": "말", "('relu',)": "말"}


def test_a_regrading_that_was_ended_goes_on_and_the_next_one_begins_anew(folder: Path, tmp_path: Path, terms: Terms):
    def stop(_: Any) -> None:
        raise KeyboardInterrupt

    graded(folder, tmp_path / "out", terms)
    with pytest.raises(KeyboardInterrupt):
        graded(folder, tmp_path / "out", terms, regrade=["relu"], on_done=stop)

    on, _, _ = graded(folder, tmp_path / "out", terms, regrade=["relu"])
    anew, _, _ = graded(folder, tmp_path / "out", terms, regrade=["relu"])

    assert [name for name, _ in on.given] == ["student1", "student2", "student3"]
    assert len(anew.given) == 4


def test_a_run_that_is_ended_at_once_leaves_the_class_of_the_run_before(folder: Path, tmp_path: Path, terms: Terms):
    def stop(_: Any) -> None:
        raise KeyboardInterrupt

    _, before, _ = graded(folder, tmp_path / "out", terms)
    hand_in(folder / "student0", RELU + "# changed\n")
    with pytest.raises(KeyboardInterrupt):
        graded(folder, tmp_path / "out", terms, on_done=stop)

    with stores.looked_into(tmp_path / "out") as store:
        assert [one["id"] for one in store.results()["submissions"]] == [one["id"] for one in before[1:]]


def test_a_task_is_regraded_with_the_layers_that_its_net_rests_on(tmp_path: Path):
    everything = terms_of(tmp_path, WITH_NET)

    asked = {only: [task.id for task in replace(everything, only=(only,)).assignment.tasks] for only in ("affine", "two_layer_net")}

    assert asked == {"affine": ["affine"], "two_layer_net": ["relu", "affine", "two_layer_net"]}


def test_a_submission_that_went_away_is_told_of_and_stops_no_other(folder: Path, tmp_path: Path, terms: Terms):
    paths = discover(folder)
    shutil.rmtree(folder / "student1")
    (tmp_path / "out").mkdir()

    with stores.opened(tmp_path / "out") as store:
        store.begin(HEAD, terms.document)
        run.grade(paths, terms, store, Counting())

        notes = {one["id"]: one["notes"] for one in store.results()["submissions"]}

    assert notes["student1"] == ["student1: left out, it is no longer there."]
    assert len(notes) == 5


def _run_slowly(folder: str, out: str, terms: Terms, begun: Any) -> None:
    Terms.drawn = lambda self: self  # type: ignore[method-assign]
    put = stores.Store.put

    def told(self: stores.Store, *kept: Any, **more: Any) -> None:
        put(self, *kept, **more)
        begun.set()

    stores.Store.put = told  # type: ignore[method-assign]
    with stores.opened(Path(out)) as store:
        store.begin(HEAD, terms.document)
        run.grade(discover(Path(folder)), terms, store, Counting(), on_done=lambda _: time.sleep(0.002))


def test_fifty_kills_at_random_moments_lose_nothing(tmp_path: Path, terms: Terms):
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    for number in range(100):
        hand_in(folder / f"student{number:03}", f"{RELU}# {number}\n")
    _, uninterrupted, _ = graded(folder, tmp_path / "whole", terms)
    out.mkdir()
    context, moments = get_context("fork"), random.Random(0)
    grown = []

    for number in range(50):
        begun = context.Event()
        process = context.Process(target=_run_slowly, args=(str(folder), str(out), terms, begun))
        process.start()
        if number % 5 == 0:  # the others may be killed before they have graded anybody
            begun.wait(20)
        time.sleep(moments.uniform(0, 0.02))
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        if (out / stores.NAME).is_file():
            with contextlib.suppress(stores.ReportError), stores.looked_into(out) as store:
                grown.append(store.count())

    executor, submissions, kept = graded(folder, out, terms)
    assert submissions == uninterrupted
    assert grown == sorted(grown)
    assert len(executor.given) + kept == 100
    assert kept > 0
