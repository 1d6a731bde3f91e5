"""Write many rows with one statement, touching only those that differ from what is stored.

The statement is compiled once for each shape of rows: ``INSERT … ON CONFLICT DO UPDATE …
WHERE any column IS DISTINCT FROM the new one``. SQLite executes it for one row after the
other, which is its fastest way. Postgres gets a page of rows as one JSON parameter: as fast as
the driver's pipeline, and the answer tells new rows from changed ones.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB

from extensions import Model, db

ROWS_PER_STATEMENT = 1000
_DIALECTS: dict[str, sa.Dialect] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(paramstyle="format"),  # type: ignore[no-untyped-call]
}

Row = Mapping[str, Any]
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by what became of them."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Self) -> "Counts":
        return Counts(
            self.created + other.created,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )

    @property
    def written(self) -> int:
        return self.created + self.changed

    def as_dict(self) -> dict[str, int]:
        """Return the counts as ``Job.commit`` takes them."""
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}


def upsert(
    model: type[Model],
    rows: Iterable[Row],
    *,
    key: Sequence[str],
    silent: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> Counts:
    """Insert ``rows``, or change the stored ones with the same ``key`` where they differ.

    All rows have the same columns; ``key`` is unique in the table, and the last row of a key
    wins. ``silent`` columns are written along but are no reason to write (the time of a
    change), ``kept`` ones are set in new rows only. Column defaults do not apply. Executes in
    the session's transaction; objects already loaded are not refreshed.
    """
    left = iter(rows)
    counts = Counts()
    while page := list(islice(left, ROWS_PER_STATEMENT)):
        connection = db.session.connection()
        plan = plan_of(model, connection.dialect.name, page[0], key, silent=silent, kept=kept)
        write = _write_sqlite if connection.dialect.name == "sqlite" else _write_postgres
        counts += write(connection, plan, parameters(plan, page))
    return counts


@dataclass(frozen=True, slots=True)
class Plan:
    """The statement for one shape of rows, and how a row becomes its parameters."""

    statement: str
    last_row: str
    columns: tuple[str, ...]
    key_of: Callable[[Values], Values]
    #: What the driver needs instead of the Python value, by place in the parameters.
    processors: tuple[tuple[int, Callable[[Any], Any]], ...]


def plan_of(
    model: type[Model],
    dialect: str,
    columns: Iterable[str],
    key: Sequence[str],
    *,
    silent: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> Plan:
    """Return the plan for rows of ``columns``, compiled when it is asked for first.

    Without a ``key`` it inserts, and nothing else.
    """
    table, named = model.__table__, set(columns)
    assert isinstance(table, sa.Table)
    ordered = tuple(column.name for column in table.c if column.name in named)
    return _compiled(_Shape(table, dialect, ordered, tuple(key), tuple(silent), tuple(kept)))


def parameters(plan: Plan, page: Sequence[Row], defaults: Row | None = None) -> list[Values]:
    """Return rows as the driver takes them, in the order of the plan's columns.

    ``defaults`` has the values of columns that the rows do not name.
    """
    named, others = page[0], defaults or {}
    columns: list[Sequence[Any]] = [
        list(map(itemgetter(name), page)) if name in named else [others[name]] * len(page)
        for name in plan.columns
    ]
    for place, process in plan.processors:
        columns[place] = _processed(columns[place], process)
    return list(zip(*columns, strict=True))


def as_json(page: Sequence[Values]) -> str:
    """Return a page of ``parameters`` as the one that Postgres gets."""
    return json.dumps(page, ensure_ascii=False, default=str)


def _processed(values: Sequence[Any], process: Callable[[Any], Any]) -> list[Any]:
    """Rows of a page share their times: an object seen once is not worked out again."""
    if values and values.count(values[0]) == len(values):
        return [process(values[0])] * len(values)
    distinct = dict(zip(map(id, values), values, strict=True))
    results = {identity: process(value) for identity, value in distinct.items()}
    return list(map(results.__getitem__, map(id, values)))


def _write_sqlite(connection: sa.Connection, plan: Plan, page: list[Values]) -> Counts:
    """SQLite numbers new rows one above the last, and only them: no row was deleted between."""
    before = connection.exec_driver_sql(plan.last_row).scalar() or 0
    written = connection.exec_driver_sql(plan.statement, page).rowcount
    if not written:
        return Counts(unchanged=len(page))
    created = (connection.exec_driver_sql(plan.last_row).scalar() or 0) - before
    return Counts(created, written - created, len(page) - written)


def _write_postgres(connection: sa.Connection, plan: Plan, page: list[Values]) -> Counts:
    """A row with a locker (xmax) was there before: the statement had to lock it."""
    unique = list({plan.key_of(values): values for values in page}.values())
    found = connection.exec_driver_sql(plan.statement, (as_json(unique),)).scalars().all()
    created = sum(found)
    return Counts(created, len(found) - created, len(page) - len(found))


@dataclass(frozen=True)
class _Shape:
    """What a plan is made of. ``columns`` in the table's order, as the compiler has them."""

    table: sa.Table
    dialect: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    silent: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def compared(self) -> list[str]:
        apart = {*self.key, *self.silent, *self.kept}
        return [name for name in self.columns if name not in apart]


@lru_cache(maxsize=256)
def _compiled(shape: _Shape) -> Plan:
    dialect = _DIALECTS[shape.dialect]
    types = [shape.table.c[name].type.dialect_impl(dialect) for name in shape.columns]
    processors = [_processor(one, dialect) for one in types]
    return Plan(
        statement=_statement(shape, dialect),
        last_row=f"SELECT max(rowid) FROM {shape.table.name}",  # noqa: S608 - a name of ours
        columns=shape.columns,
        key_of=_picker([shape.columns.index(name) for name in shape.key]),
        processors=tuple((place, one) for place, one in enumerate(processors) if one),
    )


def _processor(kind: Any, dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """Return what makes of a value what the driver takes; JSON is its text, within a page too."""
    return json.dumps if isinstance(kind, sa.JSON) else kind.bind_processor(dialect)


def _picker(places: Sequence[Any]) -> Callable[[Any], Values]:
    """Return ``itemgetter``, but one that answers with a tuple always."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)


def _statement(shape: _Shape, dialect: sa.Dialect) -> str:
    if shape.dialect == "sqlite":
        names: dict[str, Any] = {name: sa.bindparam(name) for name in shape.columns}
        statement = _guarded(sqlite.insert(shape.table).values(names), shape)
        compiled = statement.compile(dialect=dialect)
        assert tuple(compiled.positiontup or ()) == shape.columns
        return str(compiled)
    source = postgresql.insert(shape.table).from_select(shape.columns, _from_json(shape))
    guarded: Any = _guarded(source, shape)
    if shape.key:
        guarded = guarded.returning(sa.literal_column(f"{shape.table.name}.xmax = 0"))
    return str(guarded.compile(dialect=dialect))


Insert = TypeVar("Insert", sqlite.Insert, postgresql.Insert)


def _guarded(statement: Insert, shape: _Shape) -> Insert:
    """Return ``statement`` with what happens to rows that are there already."""
    new, old = statement.excluded, shape.table.c
    if not shape.key:
        return statement
    if not shape.compared:
        return statement.on_conflict_do_nothing(index_elements=list(shape.key))
    return statement.on_conflict_do_update(
        index_elements=list(shape.key),
        set_={name: new[name] for name in (*shape.compared, *shape.silent)},
        where=sa.or_(*(old[name].is_distinct_from(new[name]) for name in shape.compared)),
    )


def _from_json(shape: _Shape) -> sa.Select[Any]:
    """Return the rows of one parameter: a JSON list of lists in the order of the columns.

    JSONB is read once for all fields of a row; a field that is itself JSON lies in it as text.
    """
    page = sa.func.jsonb_array_elements(sa.cast(sa.bindparam("page"), JSONB))
    value = page.column_valued("page_row")
    fields = []
    for place, name in enumerate(shape.columns):
        kind = shape.table.c[name].type
        # As plain text, so that what is too long is refused and not cut in silence.
        kind = sa.Text() if isinstance(kind, sa.String) else kind
        fields.append(sa.cast(value.op("->>")(sa.literal_column(str(place))), kind))
    return sa.select(*fields)
