"""The mark of the data: another one after each transaction that changed what pages show.

Sync runs, which are written all the time and which few pages show, have a mark of their own.
Both stand in the database, so all processes see them change together with the data; a page that
was drawn under one mark is true for as long as a reader finds the same. They are random
and no counts, so that a database put back to an earlier state never meets pages of another course.
"""

import re
import secrets
from typing import Any

import sqlalchemy as sa

from extensions import writing

#: Tables that no list shows: what jobs and sign-ins write all the time.
QUIET = {
    "alembic_version",
    "connection_lease",
    "data_mark",
    "import_draft",
    "leader",
    "login_throttle",
    "report",
    "submission",
}
RUNS = "sync_run"
#: The table of each write in a statement; "do update" and "for update" name none.
WRITES = re.compile(
    r'\b(?:insert\s+into|(?<!do )(?<!for )update|delete\s+from|truncate)\s+"?(\w+)',
    re.IGNORECASE,
)
#: By the marks that are renewed: that of the data, that of the runs, or both.
RENEW = {
    names: sa.text(
        "INSERT INTO data_mark (id, mark, runs) VALUES (1, :new, :new) ON CONFLICT (id) DO UPDATE "  # noqa: S608 - our own names
        "SET " + ", ".join(f"{name} = excluded.{name}" for name in sorted(names))
    )
    for names in map(frozenset, ({"mark"}, {"runs"}, {"mark", "runs"}))
}


@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def note(connection: sa.Connection, cursor: Any, statement: str, *_rest: Any) -> None:
    """Note on the connection what its transaction changed: data, runs."""
    if not writing.get() or statement.startswith("SELECT"):
        return
    # A statement that returns rows counts them only once they are read.
    changed = cursor.description is not None or cursor.rowcount != 0
    if not changed:
        return
    tables = {table.lower() for table in WRITES.findall(statement)}
    marks: set[str] = connection.info.setdefault("marks", set())
    if RUNS in tables:
        marks.add("runs")
    if tables - QUIET - {RUNS}:
        marks.add("mark")


@sa.event.listens_for(sa.Engine, "commit")
def renew(connection: sa.Connection) -> None:
    """Give data that changed its new mark: last of all, for Postgres locks the row with it.

    Connections with the option ``unmarked`` (migrations, restoring) write while nobody reads,
    and perhaps before the table is there.
    """
    changed = frozenset(connection.info.pop("marks", ()))
    if changed and not connection.get_execution_options().get("unmarked"):
        connection.execute(RENEW[changed], {"new": secrets.token_hex(8)})


@sa.event.listens_for(sa.Engine, "rollback")
def forget(connection: sa.Connection) -> None:
    """Nothing has changed after all. What a lost connection had noted went with it."""
    if not (connection.invalidated or connection.closed):
        connection.info.pop("marks", None)
