"""Loads the tables of a backup into a database of the same revision."""

import base64
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa

from commands.backup import rows_at_once
from extensions import Money, Rate, UtcDateTime, db


class Damaged(Exception):
    """Something that the manifest promises is not there."""


class Loading:
    """One load, in the one transaction of ``connection``: all of it, or nothing has changed."""

    def __init__(self, connection: sa.Connection, saved: zipfile.ZipFile) -> None:
        self._connection = connection
        self._inspector = sa.inspect(connection)
        self._saved = saved
        self._loaded: set[str] = set()
        self._later: list[sa.Update] = []

    def load(self, counts: dict[str, int]) -> int:
        """Replace the rows of the tables in ``counts`` (name -> rows); return how many are there.

        The names come in the order to load. Raises ``Damaged``.
        """
        for name in reversed(counts):
            self._connection.execute(sa.delete(sa.table(name)))
        for name, count in counts.items():
            if self._load_table(name) != count:
                raise Damaged(f"rows of {name} are missing")
        for update in self._later:
            self._connection.execute(update)
        if self._connection.dialect.name == "postgresql":
            self._count_on(list(counts))
        return sum(counts.values())

    def _load_table(self, name: str) -> int:
        table, waiting = self._table(name), self._waiting(name)
        rows = self._rows(name, table)
        count = 0
        batch = rows_at_once(table.c)
        while some := list(islice(rows, batch)):
            for row in some:
                self._put_off(table, waiting, row)
            self._connection.execute(sa.insert(table), some)
            count += len(some)
        self._loaded.add(name)
        return count

    def _table(self, name: str) -> sa.TableClause:
        """The columns as the database has them, with the types of our models."""
        known = db.metadata.tables.get(name)
        columns: list[sa.ColumnClause[Any]] = []
        for column in self._inspector.get_columns(name):
            ours = None if known is None else known.c.get(column["name"])
            kind = column["type"] if ours is None else ours.type
            columns.append(sa.column(column["name"], kind))
        return sa.table(name, *columns)

    def _waiting(self, name: str) -> set[str]:
        """The columns that refer to rows not loaded yet: in a circle, or in the same table."""
        return {
            column
            for foreign in self._inspector.get_foreign_keys(name)
            for column in foreign["constrained_columns"]
            if foreign["referred_table"] not in self._loaded
        }

    def _rows(self, name: str, table: sa.TableClause) -> Iterator[dict[str, Any]]:
        kinds = {column.name: column.type for column in table.c}
        try:
            lines = self._saved.open(f"tables/{name}.jsonl")
        except KeyError:
            raise Damaged(f"table {name} is missing") from None
        with lines:
            for line in lines:
                row = json.loads(line)
                yield {column: _typed(value, kinds[column]) for column, value in row.items()}

    def _put_off(self, table: sa.TableClause, waiting: set[str], row: dict[str, Any]) -> None:
        values = {column: row[column] for column in waiting if row[column] is not None}
        if values:
            key = self._inspector.get_pk_constraint(table.name)["constrained_columns"]
            matches = [table.c[column] == row[column] for column in key]
            self._later.append(sa.update(table).where(*matches).values(**values))
            row.update(dict.fromkeys(values))

    def _count_on(self, names: list[str]) -> None:
        """New rows get numbers after the loaded ones."""
        for name in names:
            if "id" in self._table(name).c:
                sequence = f"pg_get_serial_sequence('\"{name}\"', 'id')"
                last = "coalesce(max(id), 1), max(id) is not null"
                self._connection.execute(
                    sa.text(f'select setval({sequence}, {last}) from "{name}"')  # noqa: S608 - ours
                )


def _typed(value: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    """Return a JSON value as the Python value that the column takes."""
    if value is None or isinstance(kind, sa.JSON):
        return value
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, UtcDateTime | sa.DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(value)
    return Decimal(value) if isinstance(kind, Money | Rate) else value
