"""Files kept with an order or a shipment: invoices, bills of lading. In the database and backup."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from extensions import db
from inventory.models import Attachment, Shipment, StockOrder, User
from inventory.rules.attachments import MB, MOST_BYTES_TOGETHER, NotKept, media_type
from inventory.services import accounts, changes
from inventory.services.import_drafts import clean_name


class Kept(NamedTuple):
    """A file as a page lists it; ``size`` in bytes."""

    id: int
    name: str
    size: int
    added_at: datetime
    who: str


def of_order(order_id: int) -> Sequence[Kept]:
    """Return the files of an order, oldest first. One statement, without their bytes."""
    return _kept(Attachment.order_id == order_id)


def of_shipment(shipment_id: int) -> Sequence[Kept]:
    """Return the files of a shipment, oldest first. One statement, without their bytes."""
    return _kept(Attachment.shipment_id == shipment_id)


def find(attachment_id: int) -> Attachment | None:
    """Return a file with its bytes."""
    statement = sa.select(Attachment).options(undefer(Attachment.content))
    return db.session.scalar(statement.where(Attachment.id == attachment_id))


def add(
    subject: StockOrder | Shipment, name: str, content: bytes, *, user_id: int | None
) -> Attachment:
    """Keep a file with an order or a shipment. Logged; flushes. Raises ``NotKept``."""
    name = clean_name(name)
    kind = media_type(name, content)
    column = Attachment.order_id if isinstance(subject, StockOrder) else Attachment.shipment_id
    total = sa.select(sa.func.coalesce(sa.func.sum(Attachment.size), 0)).where(column == subject.id)
    if (db.session.scalar(total) or 0) + len(content) > MOST_BYTES_TOGETHER:
        raise NotKept(f"Its files would have more than {MOST_BYTES_TOGETHER // MB} MB together.")
    attachment = Attachment(
        name=name,
        media_type=kind,
        size=len(content),
        content=content,
        user_id=user_id,
        added_at=accounts.now(),
    )
    setattr(attachment, column.key, subject.id)
    db.session.add(attachment)
    db.session.flush()
    _log(subject, f"File {name} added", user_id)
    return attachment


def delete(attachment: Attachment, *, user_id: int | None) -> None:
    """Delete a file for good. Logged; flushes."""
    _log(subject_of(attachment), f"File {attachment.name} deleted", user_id)
    db.session.delete(attachment)
    db.session.flush()


def subject_of(attachment: Attachment) -> StockOrder | Shipment:
    """Return what the file is kept with."""
    if attachment.order_id is not None:
        return db.session.get_one(StockOrder, attachment.order_id)
    return db.session.get_one(Shipment, attachment.shipment_id)


def _kept(condition: Any) -> Sequence[Kept]:
    rows = db.session.execute(
        sa.select(
            Attachment.id,
            Attachment.name,
            Attachment.size,
            Attachment.added_at,
            sa.func.coalesce(sa.func.nullif(User.name, ""), User.email, ""),
        )
        .outerjoin(User, User.id == Attachment.user_id)
        .where(condition)
        .order_by(Attachment.id)
    )
    return [Kept(*row) for row in rows]


def _log(subject: StockOrder | Shipment, text: str, user_id: int | None) -> None:
    if isinstance(subject, StockOrder):
        kind, name = "order", subject.reference
    else:
        kind, name = "shipment", subject.amazon_shipment_id
    changes.record(kind, subject.id, text, name=name, user_id=user_id)
