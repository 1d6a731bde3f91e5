"""ids once: on SQLite no row that the log names gets the id of one that is gone"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("application", "connection", "shipment", "stock_order", "user", "vendor", "warehouse")
ID = re.compile(r"\bid INTEGER NOT NULL(?: CONSTRAINT \w+ PRIMARY KEY(?: AUTOINCREMENT)?)?")
WORDS = sa.text(
    "SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL ORDER BY rowid"
)
KEY = re.compile(r",\s*CONSTRAINT \w+ PRIMARY KEY \(id\)")


def upgrade() -> None:
    for table in TABLES:
        _rebuild(table, f"id INTEGER NOT NULL CONSTRAINT pk_{table} PRIMARY KEY AUTOINCREMENT")


def downgrade() -> None:
    for table in TABLES:
        _rebuild(table, f"id INTEGER NOT NULL CONSTRAINT pk_{table} PRIMARY KEY")


def _rebuild(table: str, key: str) -> None:
    """Make the table again from its own words, which hold all its constraints, but for its id."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    found = connection.execute(WORDS, {"table": table}).all()
    (words,) = (sql for kind, sql in found if kind == "table")
    others = [sql for kind, sql in found if kind != "table"]
    words = ID.sub(key, KEY.sub("", words), count=1)
    words = re.sub(r'^CREATE TABLE "?\w+"?', 'CREATE TABLE "rebuilt"', words)
    for statement in (
        words,
        f'INSERT INTO "rebuilt" SELECT * FROM "{table}"',  # noqa: S608 - a name of ours
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "rebuilt" RENAME TO "{table}"',
        *others,
    ):
        connection.exec_driver_sql(statement)
