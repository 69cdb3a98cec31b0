"""The store of a class: one SQLite database in the folder of the reports, written to by one run, read by anybody.

Every finished submission is committed at once, so a run that is killed loses at most those in flight. Results are kept by what they
follow from (`Terms.key`): a submission that is unchanged is never graded twice, and two that are alike are graded once.
"""

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, overload

import filelock

from grader.classroom.packed import Packed, unpacked
from grader.errors import ReportError
from grader.policy import Policy, from_document
from grader.report.results import Results
from grader.report.settled import settled

NAME = "class.sqlite"
SCHEMA = 1
TABLES = f"""
CREATE TABLE results (key TEXT PRIMARY KEY, errored INTEGER NOT NULL, digest BLOB NOT NULL, entry BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE class (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, about TEXT NOT NULL);
CREATE TABLE regraded (key TEXT PRIMARY KEY, tasks TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {SCHEMA};
"""
FINISHED = "FROM class JOIN results USING (key)"


class Store:
    """What became of the submissions of a class."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Take an open database; `opened` opens one."""
        self._database = database

    @property
    def head(self) -> Results | None:
        """What `results.json` holds beside the submissions; None before the first run."""
        head: Results | None = json.loads(self.noted("head") or "null")
        return head

    def begin(self, head: Results, document: Mapping[str, Any]) -> None:
        """Begin a run; results of earlier runs stay, for who has them in common, and so does the class until it is enrolled anew.

        Args:
            head: What `results.json` holds beside the submissions.
            document: The assignment, checked.
        """
        self.note("head", json.dumps(head))
        self.note("document", json.dumps(document))

    def enrol(self, everybody: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
        """Say who is in the class, in its order, all at once.

        Args:
            everybody: The id of each submission, what its result is kept under, and what is known about who handed it in.
        """
        rows = [(i, name, key, json.dumps(dict(about), ensure_ascii=False)) for i, (name, key, about) in enumerate(everybody)]
        with self._database:
            self._database.execute("DELETE FROM class")
            self._database.executemany("INSERT INTO class VALUES (?, ?, ?, ?)", rows)

    def get(self, key: str) -> Results | None:
        """Return a result that was kept; an error of ours is none, nor is what was damaged on the disk."""
        found = self._database.execute("SELECT entry, digest FROM results WHERE key = ? AND NOT errored", (key,)).fetchone()
        return unpacked(found[0]) if found and hashlib.sha256(found[0]).digest() == found[1] else None

    def put(self, key: str, packed: Packed, regraded: Sequence[str] = ()) -> None:
        """Keep a result; it is on the disk when this returns.

        Args:
            key: What it is kept under.
            packed: The result.
            regraded: The tasks of it that were graded again.
        """
        with self._database:
            self._database.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)",
                (key, packed.status == "errored", hashlib.sha256(packed.data).digest(), packed.data),
            )
            if regraded:
                self._database.execute("INSERT OR REPLACE INTO regraded VALUES (?, ?)", (key, json.dumps(sorted(regraded))))

    def regraded(self, tasks: Sequence[str]) -> set[str]:
        """Return the keys of the results of which just these tasks were graded again since that was last forgotten."""
        found = self._database.execute("SELECT key FROM regraded WHERE tasks = ?", (json.dumps(sorted(tasks)),))
        return {key for (key,) in found}

    def forget_regraded(self) -> None:
        """Forget what was graded again: all is."""
        with self._database:
            self._database.execute("DELETE FROM regraded")

    def count(self) -> int:
        """Return how many results are kept, of this class or another."""
        found: int = self._database.execute("SELECT count(*) FROM results").fetchone()[0]
        return found

    def state(self, now: datetime) -> str:
        """Return a hash that is another whenever `results` would be, or when what students may see of them changes with the time."""
        rows = [
            *self._database.execute("SELECT value FROM run WHERE name IN ('head', 'document') ORDER BY name"),
            *self._database.execute(f"SELECT id, about, key, hex(digest) {FINISHED} ORDER BY position"),
        ]
        opens = self._policy().opens
        return hashlib.sha256(repr((rows, bool(opens and now >= opens))).encode()).hexdigest()

    def _policy(self) -> Policy:
        return from_document(json.loads(self.noted("document") or "{}"))

    def note(self, name: str, value: str) -> None:
        """Keep a word about this folder, under a name."""
        with self._database:
            self._database.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (name, value))

    def noted(self, name: str) -> str | None:
        """Return what was kept under a name."""
        found = self._database.execute("SELECT value FROM run WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else None

    def results(self) -> Results:
        """Return what `results.json` holds of what is finished, under the policy of the assignment; submissions are read when looked at.

        Raises:
            ReportError: Nothing was graded yet.
        """
        head = self.head
        if head is None:
            raise ReportError("nothing was graded yet.")
        return settled(head | {"submissions": Submissions(self._database)}, self._policy())


class Submissions(Sequence[Results]):
    """The finished submissions of a class in its order, one in memory at a time."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Look into a database; what is finished later is there at the next look."""
        self._database = database

    def __len__(self) -> int:
        """Count them."""
        count: int = self._database.execute(f"SELECT count(*) {FINISHED}").fetchone()[0]
        return count

    def __iter__(self) -> Iterator[Results]:
        """Read one after the other."""
        return self._read("ORDER BY position")

    @overload
    def __getitem__(self, index: int) -> Results: ...

    @overload
    def __getitem__(self, index: slice) -> list[Results]: ...

    def __getitem__(self, index: int | slice) -> Results | list[Results]:
        """Read one, or some."""
        places = range(len(self))[index]
        if isinstance(places, int):
            return next(self._read("ORDER BY position LIMIT 1 OFFSET ?", places))
        return [self[place] for place in places]

    def _read(self, which: str, *values: int) -> Iterator[Results]:
        for identity, about, entry in self._database.execute(f"SELECT id, about, entry {FINISHED} {which}", values):
            try:
                result = unpacked(entry)
            except (ValueError, zlib.error) as error:
                raise ReportError(f"the result of {identity} is damaged; grade the class again, which mends it.") from error
            yield result | {"id": identity} | json.loads(about)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """Open the store of a folder to write to it.

    Raises:
        ReportError: Another run writes to it, it is of another version, or it cannot be written.
    """
    lock = filelock.FileLock(folder / f"{NAME}.lock")
    try:
        with lock.acquire(blocking=False), closing(sqlite3.connect(folder / NAME)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            if _version(database, folder) == 0:
                database.executescript(TABLES)
            yield Store(database)
    except filelock.Timeout as error:
        raise ReportError(f"{folder}: another run is grading into this folder; wait for it, or choose another.") from error
    except sqlite3.DatabaseError as error:
        raise ReportError(f"{folder / NAME}: {error}.") from error


@contextmanager
def looked_into(folder: Path) -> Iterator[Store]:
    """Open the store of a folder to read it, as it is now, also while a run writes to it.

    Raises:
        ReportError: There is none, or it is of another version.
    """
    file = folder / NAME
    if not file.is_file():
        raise ReportError(f"{folder}: no class was graded into this folder.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("BEGIN")  # reports go through the class many times, and shall all tell of the same one
            _version(database, folder)
            yield Store(database)
    except sqlite3.DatabaseError as error:
        raise ReportError(f"{file}: {error}.") from error


def _version(database: sqlite3.Connection, folder: Path) -> int:
    found: int = database.execute("PRAGMA user_version").fetchone()[0]
    if found not in (0, SCHEMA):
        raise ReportError(f"{folder / NAME}: written by another version of the grader; choose another folder.")
    return found
