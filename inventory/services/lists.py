"""Pages of long lists, by keyset: page 2,000 is read as quickly as page 1."""

import base64
import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

import sqlalchemy as sa

from extensions import db

PAGE_ROWS = 50
#: Longer than any cursor of ours: the longest value in one is a title of 500 characters.
CURSOR_CHARACTERS = 8000
BIGGEST = 2**63 - 1

Column = Any  # an attribute of a model, or an expression over some
Statement: TypeAlias = "sa.Select[*tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order asked for; ``next`` and ``previous`` are cursors, ``None`` at an end."""

    rows: Sequence[Any]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Sort:
    """What a list is read by: ``column``, then ``ties``, which together are unique.

    With ``nullable`` the rows without a value come last, in both directions. The statement must
    select the column and the ties, under their own names.
    """

    column: Column
    ties: tuple[Column, ...]
    nullable: bool = False
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: behind (``back``: before) the row with these values."""

    back: bool
    value: Any
    ties: tuple[Any, ...]


def read(statement: Statement, **values: Any) -> Sequence[Any]:
    """Return all rows of a statement over columns, with ``values`` for its parameters.

    Past the session, whose care for mapped objects costs as much again as a short statement;
    and as named tuples, whose attributes are read twenty times as fast as those of its rows.
    """
    found = db.session.connection().execute(statement, values)
    return list(map(_record(tuple(found.keys())), found.all()))


def among(column: Column, ids: Iterable[int]) -> Any:
    """Return the condition that ``column`` is one of some thousand ids.

    They are written into the statement: as many parameters would cost the driver more time than
    the database needs for the rows.
    """
    wanted = sa.bindparam(
        "ids", list(ids), sa.Integer, expanding=True, literal_execute=True, unique=True
    )
    return column.in_(wanted)


@lru_cache(maxsize=64)
def _record(names: tuple[str, ...]) -> Callable[[Iterable[Any]], Any]:
    record: Any = namedtuple("Record", names)  # type: ignore[misc]
    made: Callable[[Iterable[Any]], Any] = record._make
    return made


def page(
    statement: Statement,
    sort: Sort,
    cursor: str = "",
    rows: int = PAGE_ROWS,
    *,
    entities: bool = False,
) -> Page:
    """Return one page of ``statement``. A cursor that cannot be read gives the first page.

    Reads one row more than it returns, in at most two statements (two where rows without a
    value are reached), and never counts. A statement over mapped classes is read as
    ``entities``.
    """
    position = _position(cursor, sort)
    back = position is not None and position.back
    found = _read(statement, sort, position, rows + 1, entities)
    if back and not found:
        return page(statement, sort, "", rows, entities=entities)
    more, found = len(found) > rows, found[:rows]
    if back:
        found.reverse()
    behind = bool(found) and (back or more)
    before = bool(found) and (more if back else position is not None)
    return Page(
        found,
        _cursor(found[-1], sort, back=False) if behind else None,
        _cursor(found[0], sort, back=True) if before else None,
    )


def everything(statement: Statement, sort: Sort) -> Iterator[Any]:
    """Yield all rows of ``statement`` in order, 500 at a time: for files."""
    column = sort.column
    by = [_direction(column, sort.descending), *(_direction(t, sort.descending) for t in sort.ties)]
    if sort.nullable:
        by.insert(0, column.is_(None))
    streamed = statement.order_by(*by).execution_options(yield_per=500)
    yield from db.session.execute(streamed)


def matches(text: str, *columns: Column) -> Any:
    """Return the condition that one of ``columns`` contains ``text``, whatever its case."""
    pattern = f"%{_escaped(text)}%"
    return sa.or_(*(column.ilike(pattern, escape="\\") for column in columns))


def begins(text: str, *columns: Column) -> Any:
    """Return the condition that one of ``columns`` begins with ``text``, whatever its case."""
    pattern = f"{_escaped(text)}%"
    return sa.or_(*(column.ilike(pattern, escape="\\") for column in columns))


def between(column: Column, first: date | None, last: date | None) -> list[Any]:
    """Return the conditions that ``column`` lies in a span; ``None`` is an open end."""
    ends = ((first, column.__ge__), (last, column.__le__))
    return [fulfils(end) for end, fulfils in ends if end]


def counts(views: Iterable[Sequence[Any]]) -> list[Any]:
    """Return for each view's conditions the column that counts the rows which fulfil them."""
    return [sa.func.count(sa.case((sa.and_(sa.true(), *conditions), 1))) for conditions in views]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _read(
    statement: Statement, sort: Sort, position: Position | None, limit: int, entities: bool
) -> list[Any]:
    """Read on from ``position``: rows with a value and rows without are read apart.

    So neither part asks the database to put NULLs anywhere, which would cost the index.
    """
    back = position is not None and position.back
    parts = [True, False] if sort.nullable else [True]
    if back:
        parts.reverse()
    found: list[Any] = []
    for known in parts:
        here = None
        if position is not None:
            if known == (position.value is None):
                # The position lies in the other part: this one is behind us, or all ahead.
                if known != back:
                    continue
            else:
                here = position
        backwards = sort.descending != back
        part = _part(statement, sort, here, limit - len(found), known=known, backwards=backwards)
        found += db.session.execute(part).all() if entities else read(part)
        if len(found) >= limit:
            break
    return found


# The same object again is the same key for the compiled SQL, without walking the statement.
@lru_cache(maxsize=256)
def _part(
    statement: Statement,
    sort: Sort,
    position: Position | None,
    limit: int,
    *,
    known: bool,
    backwards: bool,
) -> Statement:
    keys = (sort.column, *sort.ties) if known else sort.ties
    if sort.nullable:
        statement = statement.where(sort.column.is_not(None) if known else sort.column.is_(None))
    if position is not None:
        values = (position.value, *position.ties) if known else position.ties
        here = sa.tuple_(*(sa.literal(v, k.type) for v, k in zip(values, keys, strict=True)))
        row = sa.tuple_(*keys)
        statement = statement.where(row < here if backwards else row > here)
    return statement.order_by(*(_direction(key, backwards) for key in keys)).limit(limit)


def _direction(column: Column, descending: bool) -> Any:
    return column.desc() if descending else column.asc()


def _cursor(row: Any, sort: Sort, *, back: bool) -> str:
    values = [getattr(row, column.key) for column in (sort.column, *sort.ties)]
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    text = json.dumps([int(back), *plain], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _position(cursor: str, sort: Sort) -> Position | None:
    """Return what ``cursor`` says, ``None`` for nothing or nonsense: anybody can write one."""
    if not cursor or len(cursor) > CURSOR_CHARACTERS:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        back, value, *ties = json.loads(raw.decode())
        if back not in (0, 1) or len(ties) != len(sort.ties):
            return None
        if value is not None or not sort.nullable:
            value = _checked(value, sort.column)
        pairs = zip(ties, sort.ties, strict=True)
        return Position(bool(back), value, tuple(_checked(one, key) for one, key in pairs))
    except (ValueError, TypeError, RecursionError):
        return None


def _checked(value: Any, column: Column) -> Any:
    """Return ``value`` as the column's type; raises when it is none that the column holds."""
    kind = column.type.python_type
    if kind is date:
        return date.fromisoformat(value)
    if kind is int and (isinstance(value, bool) or not -BIGGEST <= value <= BIGGEST):
        raise ValueError(value)
    if not isinstance(value, kind) or (kind is str and not _storable(value)):
        raise TypeError(value)
    return value


def _storable(text: str) -> bool:
    text.encode()  # lone surrogates raise UnicodeEncodeError, a ValueError
    return "\x00" not in text
