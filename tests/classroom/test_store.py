"""The store keeps every result from the moment it is there, for one writer and any reader."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader.classroom import store as stores
from grader.classroom.packed import Packed
from grader.errors import ReportError

HEAD = {"schema": "urn:nablagrade:results:1", "assignment": {"id": "course", "title": "Course", "sha256": "0" * 64, "seed": 7}}

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def entry(identity: str, status: str = "passed") -> dict[str, Any]:
    return {"id": identity, "status": status, "notes": ["합성곱", "\udce4"], "score": 1.5, "tasks": [], "translations": {}}


def test_an_empty_folder_has_no_results(tmp_path: Path):
    with stores.opened(tmp_path) as store:
        assert store.head is None
        with pytest.raises(ReportError, match="nothing was graded yet"):
            store.results()


def test_finished_submissions_are_there_in_the_order_of_the_class_with_what_is_known_of_who_handed_them_in(tmp_path: Path, document: Any):
    with stores.opened(tmp_path) as store:
        store.begin(HEAD, document)
        store.enrol([("kim", "a", {"student": {"name": "김하늘"}}), ("lee", "b", {}), ("not finished", "c", {})])
        store.put("b", Packed.of(entry("b")))
        store.put("a", Packed.of(entry("a")))

        results = store.results()

        assert {name: results[name] for name in HEAD} == HEAD
        assert list(results["submissions"]) == [entry("kim") | {"student": {"name": "김하늘"}}, entry("lee")]
        assert len(results["submissions"]) == 2
        assert results["submissions"][-1]["id"] == "lee"
        assert [one["id"] for one in results["submissions"][:5]] == ["kim", "lee"]
        with pytest.raises(IndexError):
            results["submissions"][2]


def test_two_submissions_with_the_same_key_share_one_result(tmp_path: Path, document: Any):
    with stores.opened(tmp_path) as store:
        store.begin(HEAD, document)
        store.enrol([("kim", "same", {}), ("lee", "same", {})])
        store.put("same", Packed.of(entry("kim")))

        assert [one["id"] for one in store.results()["submissions"]] == ["kim", "lee"]


def test_an_error_of_ours_is_shown_but_never_taken_for_a_result(tmp_path: Path, document: Any):
    with stores.opened(tmp_path) as store:
        store.begin(HEAD, document)
        store.enrol([("kim", "a", {})])
        store.put("a", Packed.of(entry("kim", "errored")))

        assert store.get("a") is None
        assert [one["status"] for one in store.results()["submissions"]] == ["errored"]


def test_a_new_run_keeps_the_class_until_another_is_enrolled_and_the_results_for_good(tmp_path: Path, document: Any):
    with stores.opened(tmp_path) as store:
        store.begin(HEAD, document)
        store.enrol([("kim", "a", {})])
        store.put("a", Packed.of(entry("kim")))
    with stores.opened(tmp_path) as store:
        store.begin(HEAD, document)
        assert len(store.results()["submissions"]) == 1

        store.enrol([])

        assert len(store.results()["submissions"]) == 0
        assert store.get("a") == entry("kim")


def test_the_state_changes_with_whatever_a_report_shows(tmp_path: Path, document: Any):
    seen = []
    with stores.opened(tmp_path) as store:
        store.begin(HEAD, document)
        seen.append(store.state(NOW))
        store.enrol([("kim", "a", {})])
        store.put("a", Packed.of(entry("kim")))
        seen.append(store.state(NOW))
        store.put("a", Packed.of(entry("kim", "failed")))
        seen.append(store.state(NOW))
        store.begin(HEAD | {"grader_version": "9"}, document)
        store.enrol([("kim", "a", {})])
        seen.append(store.state(NOW))

        assert len(set(seen)) == len(seen)
        store.put("a", Packed.of(entry("kim", "failed")))
        assert store.state(NOW) == seen[-1]


def test_results_can_be_read_while_they_are_written_as_they_were_when_they_were_opened(tmp_path: Path, document: Any):
    with stores.opened(tmp_path) as store:
        store.begin(HEAD, document)
        store.enrol([("kim", "a", {}), ("lee", "b", {})])
        store.put("a", Packed.of(entry("kim")))
        with stores.looked_into(tmp_path) as reader:
            assert [one["id"] for one in reader.results()["submissions"]] == ["kim"]
            store.put("b", Packed.of(entry("lee")))
            assert [one["id"] for one in reader.results()["submissions"]] == ["kim"]
        with stores.looked_into(tmp_path) as reader:
            assert [one["id"] for one in reader.results()["submissions"]] == ["kim", "lee"]


def test_a_second_run_into_the_same_folder_is_refused(tmp_path: Path):
    with stores.opened(tmp_path), pytest.raises(ReportError, match="another run is grading into this folder"), stores.opened(tmp_path):
        pass


def test_a_folder_without_a_store_has_nothing_to_look_into(tmp_path: Path):
    with pytest.raises(ReportError, match="no class was graded"), stores.looked_into(tmp_path):
        pass


def test_a_store_of_another_version_is_left_alone(tmp_path: Path):
    database = sqlite3.connect(tmp_path / stores.NAME)
    database.execute("PRAGMA user_version = 99")
    database.close()

    for look in (stores.opened, stores.looked_into):
        with pytest.raises(ReportError, match="another version"), look(tmp_path):
            pass


def test_a_file_that_is_no_database_is_an_error_with_its_name(tmp_path: Path):
    (tmp_path / stores.NAME).write_text("no database, and long enough to be looked at as one" * 20, encoding="ascii")

    with pytest.raises(ReportError, match=r"class\.sqlite: file is not a database"), stores.opened(tmp_path):
        pass


def test_the_state_changes_when_students_may_see_more(tmp_path: Path, document: Any):
    closed = document | {"policy": document["policy"] | {"due": NOW.isoformat()}}
    with stores.opened(tmp_path) as store:
        store.begin(HEAD, closed)

        before, at, after = (store.state(NOW + timedelta(hours=hours)) for hours in (-1, 0, 1))

        assert before != at == after


def test_a_damaged_result_is_none_and_says_how_it_is_mended(tmp_path: Path, document: Any):
    with stores.opened(tmp_path) as store:
        store.begin(HEAD, document)
        store.enrol([("kim", "a", {})])
        store.put("a", Packed.of(entry("kim")))
    database = sqlite3.connect(tmp_path / stores.NAME)
    database.execute("UPDATE results SET entry = x'00'")
    database.commit()
    database.close()

    with stores.opened(tmp_path) as store:
        assert store.get("a") is None
        with pytest.raises(ReportError, match="the result of kim is damaged; grade the class again"):
            list(store.results()["submissions"])
