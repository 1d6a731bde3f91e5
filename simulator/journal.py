"""What the simulator remembers, in a SQLite file of its own that several processes share."""

import json
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

_TABLES = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS passed (id INTEGER PRIMARY KEY, at REAL NOT NULL, days INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS answer (
  id INTEGER PRIMARY KEY, operation TEXT NOT NULL, word TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bucket (name TEXT PRIMARY KEY, level REAL NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS call (operation TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS spent (code TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS report (
  id INTEGER PRIMARY KEY, region TEXT NOT NULL, type TEXT NOT NULL, marketplaces TEXT NOT NULL,
  created REAL NOT NULL, fate TEXT NOT NULL, polls INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS draft (
  id INTEGER PRIMARY KEY, region TEXT NOT NULL, plan TEXT NOT NULL, created REAL NOT NULL,
  known TEXT NOT NULL, revision INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS draft_plan ON draft (region, plan);
CREATE INDEX IF NOT EXISTS draft_revision ON draft (revision);
CREATE TABLE IF NOT EXISTS work (
  id INTEGER PRIMARY KEY, region TEXT NOT NULL, plan TEXT NOT NULL, name TEXT NOT NULL,
  operation TEXT NOT NULL, created REAL NOT NULL, fate TEXT NOT NULL, problems TEXT NOT NULL,
  changes TEXT NOT NULL, polls INTEGER NOT NULL DEFAULT 0, settled REAL);
CREATE INDEX IF NOT EXISTS work_name ON work (region, name);
CREATE INDEX IF NOT EXISTS work_open ON work (created) WHERE settled IS NULL;
CREATE TABLE IF NOT EXISTS prep (
  region TEXT NOT NULL, country TEXT NOT NULL, sku TEXT NOT NULL, category TEXT NOT NULL,
  types TEXT NOT NULL, PRIMARY KEY (region, country, sku));
"""


class PassedDays(NamedTuple):
    """At clock time ``at`` somebody let ``days`` pass in the story."""

    at: float
    days: int


class Journal:
    """One connection to the file, used by all threads of this process in turn."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._open()

    def _open(self) -> None:
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._db = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA busy_timeout = 10000")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_TABLES)

    def _reopen_after_fork(self) -> None:
        """A server that forks must not share its parent's connection: SQLite forbids it."""
        if self._process != os.getpid():
            self._open()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the only writing transaction of the file; roll back if the block raises."""
        self._reopen_after_fork()
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def fact(self, name: str, default: Any) -> Any:
        """Return a stored fact; store ``default`` where there is none yet."""
        query = "SELECT value FROM fact WHERE name = ?"
        found = self.rows(query, name)
        if not found:
            with self.writing() as db:
                db.execute("INSERT OR IGNORE INTO fact VALUES (?, ?)", (name, json.dumps(default)))
            found = self.rows(query, name)
        return json.loads(found[0][0])

    def remember(self, name: str, value: Any) -> None:
        """Store a fact, replacing an older one."""
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, json.dumps(value)))

    def pass_days(self, at: float, days: int) -> None:
        """Write down that days passed in the story."""
        with self.writing() as db:
            db.execute("INSERT INTO passed (at, days) VALUES (?, ?)", (at, days))

    def passed_days(self) -> tuple[PassedDays, ...]:
        """Return all passed days, oldest first."""
        return tuple(
            PassedDays(*row) for row in self.rows("SELECT at, days FROM passed ORDER BY id")
        )

    def script(self, operation: str, words: list[str]) -> None:
        """Replace the scripted next answers of an operation."""
        with self.writing() as db:
            db.execute("DELETE FROM answer WHERE operation = ?", (operation,))
            rows = [(operation, word) for word in words]
            db.executemany("INSERT INTO answer (operation, word) VALUES (?, ?)", rows)

    def calls(self) -> Counter[str]:
        """Return how often each operation was called, by all processes."""
        return Counter(dict(self.rows("SELECT operation, count FROM call")))

    def reset_calls(self) -> None:
        """Forget the counters."""
        with self.writing() as db:
            db.execute("DELETE FROM call")

    def spend(self, code: str) -> bool:
        """Mark a single-use code as used; ``False`` if it was used before."""
        with self.writing() as db:
            return db.execute("INSERT OR IGNORE INTO spent VALUES (?)", (code,)).rowcount == 1

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of a reading query."""
        self._reopen_after_fork()
        with self._lock:
            return self._db.execute(query, values).fetchall()


def count_call(db: sqlite3.Connection, operation: str) -> str:
    """Count a call and return the word scripted for it, ``ok`` where none is."""
    db.execute(
        "INSERT INTO call VALUES (?, 1) ON CONFLICT (operation) DO UPDATE SET count = count + 1",
        (operation,),
    )
    row = db.execute(
        "SELECT id, word FROM answer WHERE operation = ? ORDER BY id LIMIT 1", (operation,)
    ).fetchone()
    if row is None:
        return "ok"
    db.execute("DELETE FROM answer WHERE id = ?", (row[0],))
    return str(row[1])
