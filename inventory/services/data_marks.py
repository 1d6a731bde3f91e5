"""The mark of the data: another one after each transaction that changed what pages show.

It stands in the database, so all processes see it change together with the data; a page that
was drawn under one mark is true for as long as a reader finds the same. It is random and not
a count, so that a database put back to an earlier state never meets pages of another course.
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
    "sync_run",
}
#: The table of each write in a statement; "do update" and "for update" name none.
WRITES = re.compile(
    r'\b(?:insert\s+into|(?<!do )(?<!for )update|delete\s+from|truncate)\s+"?(\w+)',
    re.IGNORECASE,
)
RENEW = sa.text(
    "INSERT INTO data_mark (id, mark) VALUES (1, :mark) "
    "ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
)


@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def note(connection: sa.Connection, cursor: Any, statement: str, *_rest: Any) -> None:
    """Note on the connection that its transaction changed data."""
    if not writing.get() or statement.startswith("SELECT"):
        return
    # A statement that returns rows counts them only once they are read.
    changed = cursor.description is not None or cursor.rowcount != 0
    if changed and not QUIET.issuperset(map(str.lower, WRITES.findall(statement))):
        connection.info["has_changed_data"] = True


@sa.event.listens_for(sa.Engine, "commit")
def renew(connection: sa.Connection) -> None:
    """Give data that changed its new mark: last of all, for Postgres locks the row with it.

    Connections with the option ``unmarked`` (migrations, restoring) write while nobody reads,
    and perhaps before the table is there.
    """
    if not connection.info.pop("has_changed_data", False):
        return
    if not connection.get_execution_options().get("unmarked"):
        connection.execute(RENEW, {"mark": secrets.token_hex(8)})


@sa.event.listens_for(sa.Engine, "rollback")
def forget(connection: sa.Connection) -> None:
    """Nothing has changed after all. What a lost connection had noted went with it."""
    if not (connection.invalidated or connection.closed):
        connection.info.pop("has_changed_data", None)
