"""The Flask extensions, created unbound (``app.create_app`` binds them), and our column types."""

import enum
import sqlite3
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from sqlalchemy.orm import DeclarativeBase, registry

#: False while a request that only reads is served: on SQLite its transaction may not write.
writing: ContextVar[bool] = ContextVar("writing", default=True)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC time. SQLite forgets the zone; this restores it, and refuses naive values."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(sa.types.TypeDecorator[Decimal]):
    """An amount, kept as a whole number of 1/10,000 units: exact on every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int((value * 10000).to_integral_value())

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 10000


class Rate(sa.types.TypeDecorator[Decimal]):
    """An exchange rate, kept as a whole number of 1/100,000,000: exact on every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int((value * 10**8).to_integral_value())

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 10**8


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UtcDateTime,
            date: sa.Date,
            Decimal: Money,
            dict[str, Any]: sa.JSON,
            list[Any]: sa.JSON,
            # Stored by value in a plain text column: a new member needs no ALTER TYPE.
            enum.Enum: sa.Enum(
                enum.Enum,
                native_enum=False,
                create_constraint=False,
                length=32,
                values_callable=lambda kind: [member.value for member in kind],
            ),
        },
    )


#: For tables whose rows the log names: else SQLite gives the id of the last row, once deleted, to
#: the next one, which would find the log, and the undo, of another.
IDS_ONCE = {"sqlite_autoincrement": True}

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()
login_manager = LoginManager()
login_manager.session_protection = None  # it guards "fresh" sessions only: nothing asks for one
csrf = CSRFProtect()
htmx = Htmx()

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


@sa.event.listens_for(sa.Engine, "connect")
def tune_sqlite(connection: Any, _record: object) -> None:
    """Make SQLite keep foreign keys, let readers and one writer work side by side, and wait."""
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # the "begin" listener below speaks, not the driver
        for pragma in (
            "foreign_keys = ON",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "busy_timeout = 5000",
        ):
            connection.execute(f"PRAGMA {pragma}")


@sa.event.listens_for(sa.Engine, "begin")
def begin_sqlite(connection: sa.Connection) -> None:
    """Take SQLite's write lock at the start: an upgrade half way is refused without waiting."""
    if connection.dialect.name != "sqlite":
        return
    may_write, pooled = writing.get(), connection.connection
    driver: Any = pooled.dbapi_connection
    if pooled.info.get("may_write", True) != may_write:
        driver.execute(f"PRAGMA query_only = {0 if may_write else 1}")
        pooled.info["may_write"] = may_write
    if may_write:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        driver.execute("BEGIN")  # takes no lock, so it has no error that needs translating
