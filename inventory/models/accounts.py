"""Who may use the app, and the installation itself."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import IDS_ONCE, Model


class Role(StrEnum):
    OWNER = "owner"
    PLANNER = "planner"
    VIEWER = "viewer"


class Account(Model):
    """The one row of the installation: where its days begin and what its money is."""

    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("ignore_after_days >= 0", name="ignore_after_days"),
        CheckConstraint("next_reference >= 1", name="next_reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    timezone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))

    # The stock-order settings. NULL means the built-in default (rules.settings).
    lead_time_days: Mapped[int | None]
    #: The number that the next order made here gets, after its prefix.
    next_reference: Mapped[int] = mapped_column(default=1, server_default="1")
    purchase_prefix: Mapped[str] = mapped_column(String(20), default="PO-", server_default="PO-")
    transfer_prefix: Mapped[str] = mapped_column(String(20), default="TO-", server_default="TO-")
    #: The named status of new orders.
    default_status: Mapped[str] = mapped_column(String(64), default="Open", server_default="Open")
    #: Open "Send to Amazon" when an order to an FBA warehouse is saved.
    open_send: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Stop counting shipments that stay unreceived so many days past the expected date.
    ignore_stale: Mapped[bool] = mapped_column(default=False, server_default=false())
    ignore_after_days: Mapped[int] = mapped_column(default=30, server_default="30")
    #: The day (account time zone) the ignore rule last looked at every shipment.
    ignore_looked_on: Mapped[date | None]
    #: When the bank's newest exchange rates were read, and last asked for.
    rates_read_at: Mapped[datetime | None]
    rates_asked_at: Mapped[datetime | None]
    #: Why they could not be read; empty when they could.
    rates_problem: Mapped[str] = mapped_column(String(300), default="", server_default="")
    #: When newly ignored shipments were last mailed, or last found to be none.
    digest_sent_at: Mapped[datetime | None]
    #: The path of the calendar feed; only a hash is kept. NULL: no feed.
    feed_hash: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class SignsIn:
    """What Flask-Login asks of a user, and how pages call one."""

    id: Any
    email: Any
    name: Any
    nonce: Any
    disabled_at: Any
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    def get_id(self) -> str:
        return f"{self.id}.{self.nonce}"

    @property
    def shown_name(self) -> str:
        return str(self.name or self.email)


class User(SignsIn, Model):
    """A person who signs in."""

    __table_args__ = IDS_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Lower case, always.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    role: Mapped[Role]
    #: argon2id; NULL until the one-time link was used.
    password_hash: Mapped[str | None] = mapped_column(String(255))
    #: Part of every session's id: changing it ends the user's sessions.
    nonce: Mapped[str] = mapped_column(String(32))
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]


class OneTimeLink(Model):
    """An invitation or a password reset: works once, until it expires. Only a hash is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class LoginThrottle(Model):
    """Failed sign-ins of one account or one address, and until when it must wait."""

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]


class Submission(Model):
    """A form that was sent once: the same form sent again is answered with the first result."""

    value: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    location: Mapped[str] = mapped_column(String(500), default="")


class SavedView(Model):
    """A list's filters, sort and columns under a name, kept by one person."""

    __table_args__ = (UniqueConstraint("user_id", "page", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    #: The list's path: "/purchase-orders".
    page: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(60))
    #: The query string, without the question mark.
    query: Mapped[str] = mapped_column(String(1000))
