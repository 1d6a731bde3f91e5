"""Insert many rows that are new: a page of them with one statement."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import sqlalchemy as sa

from extensions import Model, db
from inventory.services import upserts
from inventory.services.upserts import Row


def insert(model: type[Model], rows: Iterable[Row]) -> None:
    """Insert ``rows``, all with the same columns; the others get their default.

    Raises ``IntegrityError`` where one is there already. Executes in the session's transaction;
    the new rows' ids are not told.
    """
    left, defaults = iter(rows), _defaults(model)
    while page := [{**defaults, **row} for row in islice(left, upserts.ROWS_PER_STATEMENT)]:
        connection = db.session.connection()
        plan = upserts.plan_of(model, connection.dialect.name, page[0], key=())
        values: Any = upserts.parameters(plan, page)
        if connection.dialect.name == "postgresql":
            values = (upserts.as_json(values),)
        connection.exec_driver_sql(plan.statement, values)


def _defaults(model: type[Model]) -> dict[str, Any]:
    known = {column.name: column.default for column in model.__table__.c}
    return {
        name: one.arg(None) if one.is_callable else one.arg  # a callable asks for a context
        for name, one in known.items()
        if isinstance(one, sa.ColumnDefault)
    }
