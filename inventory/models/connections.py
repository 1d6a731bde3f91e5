"""Links to Amazon: applications, connections, and the marketplaces each may see."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import IDS_ONCE, Model


class OrderType(StrEnum):
    """What inbound shipments made in Seller Central become."""

    AUTO = "auto"
    PURCHASE = "purchase"
    TRANSFER = "transfer"


class ConnectionHealth(StrEnum):
    """What the last contact with Amazon said about the connection as a whole."""

    NEW = "new"
    TESTING = "testing"
    HEALTHY = "healthy"
    FAILING = "failing"


class Application(Model):
    """An Amazon application: the client id and secret that tokens are renewed with."""

    __table_args__ = IDS_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    client_id: Mapped[str] = mapped_column(String(255))
    client_secret_encrypted: Mapped[str] = mapped_column(Text)
    #: ``amzn1.sp.solution…``; needed for OAuth only.
    application_id: Mapped[str] = mapped_column(String(255), default="")
    secret_expires_on: Mapped[date | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Connection(Model):
    """One seller account's link to Amazon, in one region."""

    __table_args__ = (
        UniqueConstraint("seller_id", "region"),
        CheckConstraint("pickup_delay_days >= 0", name="pickup_delay"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    region: Mapped[str] = mapped_column(String(2))
    seller_id: Mapped[str] = mapped_column(String(32))
    primary_marketplace_id: Mapped[str] = mapped_column(String(20))
    is_sandbox: Mapped[bool] = mapped_column(default=False)
    #: NULL: the application given by the environment.
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    refresh_token_encrypted: Mapped[str] = mapped_column(Text, default="")
    #: "token" (pasted), "oauth" or "sandbox".
    authorised_by: Mapped[str] = mapped_column(String(16), default="token")
    #: OAuth authorisations end after 365 days; NULL when no date is known.
    authorised_until: Mapped[date | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    health: Mapped[ConnectionHealth] = mapped_column(default=ConnectionHealth.NEW)
    #: A sentence with advice, when ``health`` is failing.
    trouble: Mapped[str] = mapped_column(String(500), default="")
    #: What has to be done about it: "token_revoked", "token_malformed", "client_refused".
    trouble_reason: Mapped[str] = mapped_column(String(32), default="")
    trouble_since: Mapped[datetime | None]
    tested_at: Mapped[datetime | None]
    #: Operations Amazon refused for want of a role, comma-separated.
    missing_roles: Mapped[str] = mapped_column(String(500), default="")

    # Settings. NULL means the built-in default.
    order_type: Mapped[OrderType | None]
    default_source_id: Mapped[int | None] = mapped_column(
        ForeignKey("warehouse.id", use_alter=True, ondelete="SET NULL")
    )
    pickup_delay_days: Mapped[int | None]
    sync_fees: Mapped[bool | None]
    import_early: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[Application | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None


class Participation(Model):
    """A marketplace as Amazon shows it to one connection."""

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True
    )
    marketplace_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    participating: Mapped[bool]
    suspended: Mapped[bool] = mapped_column(default=False)
    store_name: Mapped[str] = mapped_column(String(255), default="")


class OAuthRequest(Model):
    """A consent under way at Amazon. Its state works once and for half an hour."""

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    #: NULL: a new connection; else the one to authorise again.
    connection_id: Mapped[int | None] = mapped_column(
        ForeignKey("connection.id", ondelete="CASCADE"), index=True
    )
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE")
    )
    marketplace_id: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ConnectionDraft(Model):
    """A refresh token from a form refused for another field: kept so that nobody types it twice.

    The browser holds the key only. A draft is its user's, and is forgotten after an hour.
    """

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_encrypted: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
