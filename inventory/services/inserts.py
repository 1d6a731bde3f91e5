"""Insert many rows that are new: a page of them with one statement."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from extensions import Model, db
from inventory.services import upserts
from inventory.services.upserts import Row


def insert(model: type[Model], rows: Iterable[Row]) -> None:
    """Insert ``rows``, all with the same columns; the others get their default.

    Raises ``IntegrityError`` where one is there already. Executes in the session's transaction;
    the new rows' ids are not told.
    """
    left, defaults, connection = iter(rows), _defaults(model), db.session.connection()
    dialect = connection.dialect.name
    with _sent_ahead(connection) if dialect == "postgresql" else nullcontext():
        while page := list(islice(left, upserts.ROWS_PER_STATEMENT)):
            plan = upserts.plan_of(model, dialect, {**defaults, **page[0]}, key=())
            values: Any = upserts.parameters(plan, page, defaults)
            if dialect == "postgresql":
                values = (upserts.as_json(values),)
            connection.exec_driver_sql(plan.statement, values)


@contextmanager
def _sent_ahead(connection: sa.Connection) -> Iterator[None]:
    """Wait for no page: Postgres writes one while the next is made.

    What it refuses may be told at the end only, past SQLAlchemy, which would have named it.
    """
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error) from error


def _defaults(model: type[Model]) -> dict[str, Any]:
    known = {column.name: column.default for column in model.__table__.c}
    return {
        name: one.arg(None) if one.is_callable else one.arg  # a callable asks for a context
        for name, one in known.items()
        if isinstance(one, sa.ColumnDefault)
    }
