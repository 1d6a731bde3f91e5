"""Brings FBA stock up to date, marketplace by marketplace."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from amazon.errors import RejectedError
from inventory.models import SyncKind
from inventory.services import (
    changes,
    local_stock,
    second_looks,
    stock,
    stock_pools,
    syncs,
    warehouses,
)
from inventory.services.warehouses import Place
from jobs.job import Job
from jobs.local_stock import read_split

logger = logging.getLogger(__name__)

#: Up to so many rows a marketplace is read whole each time: at most 20 calls, and only that
#: sees changes of what is inbound.
ALWAYS_WHOLE = 1000
#: Amazon's clock and ours differ, and a change takes a while to show.
OVERLAP = timedelta(minutes=15)


def sync_stock(job: Job) -> None:
    """Read the stock of each marketplace in use; what is missing at Amazon becomes zero.

    Where marketplaces share a pool, what each country holds of it comes every 4 hours.
    One that Amazon refuses is left out, unless it refuses all: then raises ``RejectedError``.
    """
    started = job.started()
    tasks = _tasks(job, started)
    job.commit(expected=sum(task.known for task in tasks) or None)
    done, refusals = 0, []
    for task in tasks:
        try:
            done = _read(job, task, started, done)
        except RejectedError as error:
            logger.warning("stock of %s left out: %s", task.place.marketplace_id, error)
            refusals.append(error)
    if refusals and len(refusals) == len(tasks):
        raise refusals[-1]
    if not refusals and all(task.is_whole for task in tasks):
        stock_pools.find_pools(job.connection.id)
        local_stock.complete(job.connection.id)
    for scope in {job.scope, ""}:
        syncs.mark(job.connection.id, SyncKind.STOCK, scope, started)
    job.commit(done=done)
    read_split(job, started)


@dataclass(frozen=True, slots=True)
class _Task:
    """One marketplace to read: whole, or what changed since. ``known`` are its stock rows."""

    place: Place
    known: int
    since: datetime | None

    @property
    def is_whole(self) -> bool:
        return self.since is None


def _tasks(job: Job, started: datetime) -> list[_Task]:
    """A run that had to wait leaves out what it has read: those have its own mark."""
    places = warehouses.in_use(job.connection.id, job.connection.primary_marketplace_id)
    tasks = []
    for place in places:
        known = stock.row_count(place.warehouse_id)
        read_at = syncs.read_at(job.connection.id, SyncKind.STOCK, place.marketplace_id)
        if read_at is not None and read_at >= started:
            continue
        is_whole = job.scope == syncs.FULL or known <= ALWAYS_WHOLE or read_at is None
        tasks.append(_Task(place, known, None if is_whole or not read_at else read_at - OVERLAP))
    return tasks


def _read(job: Job, task: _Task, started: datetime, done: int) -> int:
    """Store one marketplace's rows; return how many rows were read in all."""
    place = task.place
    seen: set[str] = set()
    pages = job.client.get_inventory_summaries(
        marketplace_id=place.marketplace_id, start=task.since
    )
    for page in pages:
        counts = stock.import_page(job.connection.id, place.warehouse_id, page)
        seen.update(row.seller_sku for row in page)
        done += len(page)
        job.commit(stage=f"Stock in {place.country}", done=done, counts=counts.as_dict())
    if task.is_whole:
        _judge_missing(job, place, seen, started)
    syncs.mark(job.connection.id, SyncKind.STOCK, place.marketplace_id, started)
    job.commit()
    return done


def _judge_missing(job: Job, place: Place, seen: set[str], started: datetime) -> None:
    """The chain was whole: what it did not show is not there, unless it showed nothing."""
    key = (job.connection.id, SyncKind.STOCK, place.marketplace_id)
    if seen:
        second_looks.forget(*key)
    elif stock.row_count(place.warehouse_id, with_units=True) and not second_looks.agrees(
        *key, started
    ):
        sentence = f"Amazon showed no stock at all in {place.country}. Zero if it says so again"
        changes.record("warehouse", place.warehouse_id, sentence, cause="amazon", run_id=job.run_id)
        job.commit(stage=sentence)
        return
    counts = stock.zero_missing(place.warehouse_id, seen)
    job.commit(counts={"changed": counts.changed})
