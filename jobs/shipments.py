"""Sync of inbound shipments and the orders made from them: every 30 minutes, whole nightly."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from amazon.types import InboundShipment
from inventory.models import SyncKind
from inventory.rules import reading
from inventory.rules.shipments import OPEN_TO_ASK, TERMINAL_TO_ASK
from inventory.services import (
    orders,
    sending_news,
    shipment_reading,
    shipments,
    staleness,
    syncs,
)
from inventory.services.shipments import Seen
from jobs.job import Job
from jobs.shipment_lines import read_lines

#: Asked for again at each sync: Amazon's "last updated" can trail the change itself.
OVERLAP = timedelta(hours=2)
#: Amazon reads full seconds: what changed within the last one is part of the window too.
A_SECOND = timedelta(seconds=1)


def sync_shipments(job: Job) -> None:
    """Bring shipments, their lines and their orders up to date with Amazon.

    Reads what is open by status, then what is over by window, then lines; one page per
    transaction. Amazon's marketplace does not filter, so a connection is read once. Safe to
    run again from any point: the mark moves with the success alone. Scope: empty, "full", or
    the FBA id of the one shipment to read.
    """
    if job.scope not in ("", syncs.FULL):
        _sync_one(job)
        return
    started = job.started()
    mark = syncs.read_at(job.connection.id, SyncKind.SHIPMENTS)
    expected = shipment_reading.count(job.connection.id, is_open=True)
    job.commit(stage="Open shipments", done=0, expected=expected or None)
    seen = Seen(started, job.run_id, is_first=mark is None)
    chain = _ask(job, statuses=OPEN_TO_ASK)
    found = _import(job, chain, seen, "Open shipments", expected)
    chain = _over(job, started, mark)
    found |= _import(job, chain, seen, "Closed shipments", None, done=len(found))
    _ask_for_missing(job, found, seen)
    wanted = shipment_reading.lines_to_read(job.connection.id, started, full=job.scope != "")
    job.commit(stage="Lines", done=0, expected=len(wanted.wanted) or None)
    read_lines(job, wanted, seen)
    changed = shipment_reading.mark_unknown_skus(job.connection.id)
    orders.follow(job.connection.id, changed, job.run_id)
    sending_news.hear(job.connection.id, job.run_id)
    staleness.evaluate(job.connection.id, run_id=job.run_id)
    syncs.mark(job.connection.id, SyncKind.SHIPMENTS, "", started)
    if job.scope:
        syncs.mark(job.connection.id, SyncKind.SHIPMENTS, job.scope, started)
    job.commit(stage="")


def _sync_one(job: Job) -> None:
    seen = Seen(job.now(), job.run_id)
    _import(job, _ask(job, shipment_ids=[job.scope]), seen, "Shipment", 1)
    wanted = shipment_reading.one_to_read(job.connection.id, job.scope)
    job.commit()
    read_lines(job, wanted, seen)
    sending_news.hear(job.connection.id, job.run_id)
    staleness.evaluate(job.connection.id, run_id=job.run_id)
    job.commit()


def _ask(
    job: Job,
    *,
    statuses: Sequence[str] | None = None,
    shipment_ids: Sequence[str] | None = None,
    window: tuple[datetime, datetime] | None = None,
) -> Iterator[list[InboundShipment]]:
    after, before = window or (None, None)
    return job.client.get_shipments(
        marketplace_id=job.connection.primary_marketplace_id,
        statuses=statuses,
        shipment_ids=shipment_ids,
        updated_after=after,
        updated_before=before,
    )


def _over(job: Job, started: datetime, mark: datetime | None) -> Iterator[list[InboundShipment]]:
    """The first time, and in the nightly reading, the whole history; else what changed since."""
    since = started - reading.HISTORY if mark is None or job.scope else mark - OVERLAP
    window = (since, job.now() + A_SECOND)
    return _ask(job, statuses=TERMINAL_TO_ASK, window=window)


def _import(
    job: Job,
    pages: Iterable[list[InboundShipment]],
    seen: Seen,
    stage: str,
    expected: int | None,
    *,
    done: int = 0,
) -> set[str]:
    found: set[str] = set()
    for page in pages:
        found |= {remote.shipment_id for remote in page}
        result = shipments.import_page(job.connection.id, page, seen)
        so_far = done + len(found)
        job.commit(
            stage=stage,
            done=so_far,
            expected=None if expected is None else max(expected, so_far),
            counts=result.counts,
        )
    return found


def _ask_for_missing(job: Job, found: set[str], seen: Seen) -> None:
    """An open shipment that no list brought is asked for by its id before it is judged.

    One that does not come even then stays as it is: nothing is deleted.
    """
    missing = shipment_reading.open_but_unseen(job.connection.id, found)
    job.commit()
    if missing:
        pages = _ask(job, shipment_ids=missing)
        _import(job, pages, seen, "Shipments not listed", None, done=len(found))
