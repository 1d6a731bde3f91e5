"""Reports asked of Amazon: what was asked for when, so that nothing is asked for twice.

``marketplace_ids`` are the marketplaces a report is about, joined by commas.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from extensions import db
from inventory.models import Report
from inventory.services import accounts

#: Amazon makes near-real-time reports anew every 30 minutes at most.
FRESH = timedelta(minutes=30)
#: A report not made after so long will not be made.
PATIENCE = timedelta(hours=2)

CREATED, DONE, APPLIED, FAILED = "created", "done", "applied", "failed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A report as it was when read; safe to use between transactions."""

    id: int
    amazon_report_id: str
    document_id: str
    created_at: datetime


def usable(connection_id: int, report_type: str, marketplace_ids: str) -> Asked | None:
    """Return the report to go on with: a fresh one that is done, else one being made."""
    now = accounts.now()
    rows = db.session.scalars(
        select(Report)
        .where(
            Report.connection_id == connection_id,
            Report.report_type == report_type,
            Report.marketplace_ids == marketplace_ids,
            Report.state != FAILED,
            Report.created_at > now - PATIENCE,
        )
        .order_by(Report.id.desc())
    )
    for row in rows:
        if row.state == CREATED or row.created_at > now - FRESH:
            return _asked(row)
    return None


def is_due(connection_id: int, report_type: str, marketplace_ids: str, every: timedelta) -> bool:
    """Return whether to ask for a report made ``every`` so often, or to go on with one.

    One that failed is not asked for again any sooner: Amazon would refuse.
    """
    newest = _newest(connection_id, report_type, marketplace_ids)
    age = accounts.now() - newest.created_at if newest else every
    if newest is None or age >= every:
        return True
    return (newest.state == CREATED and age < PATIENCE) or (newest.state == DONE and age < FRESH)


def add(connection_id: int, report_type: str, marketplace_ids: str, amazon_report_id: str) -> Asked:
    """Note that a report was asked for. Flushes."""
    row = Report(
        connection_id=connection_id,
        report_type=report_type,
        marketplace_ids=marketplace_ids,
        amazon_report_id=amazon_report_id,
        state=CREATED,
        created_at=accounts.now(),
    )
    db.session.add(row)
    db.session.flush()
    return _asked(row)


def note(report_id: int, state: str, document_id: str | None = None) -> None:
    """Note how far a report is: ``DONE`` with its document, ``APPLIED``, ``FAILED``. Flushes."""
    row = db.session.get_one(Report, report_id)
    row.state = state
    if document_id:
        row.document_id = document_id
    if state in (DONE, FAILED):
        row.finished_at = accounts.now()
    db.session.flush()


def give_up(connection_id: int, report_type: str, marketplace_ids: str) -> None:
    """Note that Amazon refuses the report, so that it is not asked for all the time. Flushes."""
    newest = _newest(connection_id, report_type, marketplace_ids)
    if newest is None or newest.state not in (CREATED, DONE):
        note(add(connection_id, report_type, marketplace_ids, "").id, FAILED)
    else:
        note(newest.id, FAILED)


def failed_lately(connection_id: int, report_type: str, marketplace_ids: str) -> int:
    """Return how many of the last two hours' reports failed."""
    return (
        db.session.scalar(
            select(func.count(Report.id)).where(
                Report.connection_id == connection_id,
                Report.report_type == report_type,
                Report.marketplace_ids == marketplace_ids,
                Report.state == FAILED,
                Report.created_at > accounts.now() - PATIENCE,
            )
        )
        or 0
    )


def _newest(connection_id: int, report_type: str, marketplace_ids: str) -> Report | None:
    return db.session.scalar(
        select(Report)
        .where(
            Report.connection_id == connection_id,
            Report.report_type == report_type,
            Report.marketplace_ids == marketplace_ids,
        )
        .order_by(Report.id.desc())
        .limit(1)
    )


def _asked(row: Report) -> Asked:
    return Asked(row.id, row.amazon_report_id, row.document_id, row.created_at)
