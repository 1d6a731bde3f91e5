"""Reads the lines of shipments with the fewest calls, and lets their orders follow."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from amazon.errors import MissingRoleError, RejectedError
from amazon.shipments import ITEM_LIMIT
from amazon.types import PlanItem, ShipmentItem
from extensions import db
from inventory.models import Connection
from inventory.rules import reading
from inventory.services import line_readings, orders, shipment_lines
from inventory.services.shipment_reading import ToRead, Wanted
from inventory.services.shipments import Seen
from jobs.job import Job

logger = logging.getLogger(__name__)

A_SECOND = timedelta(seconds=1)
SHIPMENTS_PER_STEP = 50


@dataclass(slots=True)
class _Progress:
    """What is still wanted, by FBA id, and how much is done."""

    wanted: dict[str, Wanted]
    seen: Seen
    total: int
    done: int = 0
    #: Shipments that show more lines than Amazon gives one by one.
    cut: list[Wanted] = field(default_factory=list)


def read_lines(job: Job, to_read: ToRead, seen: Seen) -> None:
    """Read the lines of all that is wanted, and bring their orders up to date.

    By windows of time, newest first, where that takes fewer calls than one per shipment;
    what no window brought, or brought with lines missing, is then read by itself. Received
    units are right either way: the figures are today's, only the window is of older changes.
    """
    progress = _Progress(dict(to_read.wanted), seen, len(to_read.wanted))
    lines = reading.estimated_lines(to_read.every_count)
    if reading.fewer_calls(len(progress.wanted), lines):
        for window in reading.windows(job.now() + A_SECOND):
            _read_window(job, progress, window)
    for one in list(progress.wanted.values()):
        _read_one(job, progress, one)
    if progress.cut:
        _read_cut(job, progress)


def _read_window(
    job: Job, progress: _Progress, window: tuple[datetime, datetime]
) -> dict[int, set[str]]:
    """Read one window; return the SKUs it had of each shipment, whole or not.

    It brings lines of others as well, for the same calls: late corrections are among them.
    """
    read: dict[int, set[str]] = defaultdict(set)
    pages = job.client.get_shipment_items(
        marketplace_id=job.connection.primary_marketplace_id,
        updated_after=window[0],
        updated_before=window[1],
    )
    for page in pages:
        result = shipment_lines.import_lines(job.connection.id, page, progress.seen)
        for id_, skus in result.skus.items():
            read[id_] |= skus
        _tell(job, progress, result.counts, reading_now=len(read))
    for part in _parts(read):
        doubtful = line_readings.incomplete(part)
        _finish(job, progress, {id_: part[id_] for id_ in part if id_ not in doubtful})
    return read


def _parts(read: Mapping[int, set[str]]) -> Iterator[dict[int, set[str]]]:
    """A window can hold thousands of shipments, and other writers wait for a transaction."""
    rest = iter(read.items())
    while part := dict(islice(rest, SHIPMENTS_PER_STEP)):
        yield part


def _read_one(job: Job, progress: _Progress, one: Wanted) -> None:
    """Read one shipment's lines. As many as Amazon shows at most means that it was cut."""
    if (one.line_count or 0) >= ITEM_LIMIT:
        progress.cut.append(one)
        return
    items = _ask(job, one)
    result = shipment_lines.import_lines(job.connection.id, items, progress.seen)
    if len(items) >= ITEM_LIMIT:
        _tell(job, progress, result.counts)
        progress.cut.append(one)
        return
    read = {one.id: result.skus.get(one.id, set())}
    _finish(job, progress, read, refused=() if items else (one.id,), counts=result.counts)


def _ask(job: Job, one: Wanted) -> list[ShipmentItem]:
    """Return the lines; none when Amazon refuses to show them (of a deleted one it may).

    No lines is no news: a shipment without any cannot be made.
    """
    try:
        return job.client.get_shipment_items_by_shipment_id(
            shipment_id=one.amazon_id, marketplace_id=job.connection.primary_marketplace_id
        )
    except MissingRoleError:
        raise
    except RejectedError as error:
        logger.warning("lines of shipment %d: %s", one.id, error)
        return []


def _read_cut(job: Job, progress: _Progress) -> None:
    """A window has no limit of lines: find the shortest one that has the shipments in it.

    Where it does not bring them whole, the plan tells at least what was shipped.
    """
    ids = [one.amazon_id for one in progress.cut]
    window = _narrowest(job, ids)
    read = _read_window(job, progress, window) if window else {}
    for one in progress.cut:
        if one.amazon_id not in progress.wanted:
            continue
        items = _ask(job, one) if one.id not in read else []
        planned = _planned(job, one)
        result = shipment_lines.import_lines(job.connection.id, items, progress.seen)
        shipment_lines.import_planned(one.id, planned, progress.seen)
        skus = read.get(one.id, set()) | result.skus.get(one.id, set())
        _finish(job, progress, {one.id: skus}, cut={one.id}, counts=result.counts)


def _narrowest(job: Job, ids: list[str]) -> tuple[datetime, datetime] | None:
    best = None
    for window in reading.halves(job.now() + A_SECOND):
        pages = job.client.get_shipments(
            marketplace_id=job.connection.primary_marketplace_id,
            shipment_ids=ids,
            updated_after=window[0],
            updated_before=window[1],
        )
        if {remote.shipment_id for page in pages for remote in page} != set(ids):
            break
        best = window
    return best


def _planned(job: Job, one: Wanted) -> list[PlanItem]:
    if not one.plan_shipment_id:
        return []
    pages = job.client.list_shipment_items(plan_id=one.plan_id, shipment_id=one.plan_shipment_id)
    return [item for page in pages for item in page]


def _finish(
    job: Job,
    progress: _Progress,
    whole: Mapping[int, Collection[str]],
    *,
    cut: Collection[int] = (),
    refused: Collection[int] = (),
    counts: Mapping[str, int] | None = None,
) -> None:
    """Note the lines as read and bring the orders up to date, in one transaction."""
    connection = db.session.get_one(Connection, job.connection.id)
    line_readings.finish(connection, whole, progress.seen, cut=cut, refused=refused)
    followed = orders.follow(job.connection.id, whole, job.run_id)
    done = [amazon_id for amazon_id, one in progress.wanted.items() if one.id in whole]
    for amazon_id in done:
        del progress.wanted[amazon_id]
    progress.done += len(done)
    _tell(job, progress, _sum(counts or {}, followed.counts))


def _tell(
    job: Job, progress: _Progress, counts: Mapping[str, int], *, reading_now: int = 0
) -> None:
    done = min(progress.total, progress.done + reading_now)
    job.commit(stage="Lines", done=done, expected=progress.total or None, counts=counts)


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {*one, *other}}
