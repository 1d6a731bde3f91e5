"""Brings the catalogue up to date: listings, their offers, and the seller's own (FBM) stock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from amazon.client import SellingPartnerClient
from amazon.stock import LISTINGS_LIMIT
from amazon.types import ListingPage
from inventory.models import SyncKind
from inventory.models.listings import Channel
from inventory.services import changes, listings, second_looks, stock, syncs, warehouses
from inventory.services.catalogue import Identity
from inventory.services.listings import Imported
from inventory.services.warehouses import Place
from jobs import reports
from jobs.job import Job

REPORT = "GET_MERCHANT_LISTINGS_ALL_DATA"
OVERLAP = timedelta(minutes=15)
SMALLEST_WINDOW = timedelta(minutes=1)


class TooManyListings(Exception):
    """More match than Amazon shows: the report has them all."""


def sync_listings(job: Job) -> None:
    """Read the listings of each marketplace in use: whole, or what changed since last time.

    searchListingsItems shows 1,000 at most; above that comes the report. What is no longer
    shown by a whole answer is marked inactive.
    """
    walk = _Walk(job, started=job.started())
    facts = job.connection
    places = warehouses.in_use(facts.id, facts.primary_marketplace_id)
    walk.fbm_warehouse_id = warehouses.fbm_id(facts.id)
    since = {
        place: syncs.read_at(facts.id, SyncKind.LISTINGS, place.marketplace_id) for place in places
    }
    job.commit(stage="Listings")
    for place in places:
        if (read_at := since[place]) and read_at >= walk.started:
            walk.is_whole = False  # read before this run had to wait
            continue
        _read(walk, place, None if job.scope == syncs.FULL else read_at)
        syncs.mark(facts.id, SyncKind.LISTINGS, place.marketplace_id, walk.started)
        job.commit()
    if walk.is_whole and walk.fbm_seen and walk.fbm_warehouse_id:
        counts = stock.zero_missing(walk.fbm_warehouse_id, walk.fbm_seen)
        job.commit(counts={"changed": counts.changed})
    for scope in {job.scope, ""}:
        syncs.mark(facts.id, SyncKind.LISTINGS, scope, walk.started)
    job.commit()


@dataclass(slots=True)
class _Walk:
    """What a run has seen so far."""

    job: Job
    started: datetime
    fbm_warehouse_id: int | None = None
    done: int = 0
    is_whole: bool = True
    fbm_seen: set[str] = field(default_factory=set)

    def store(self, place: Place, imported: Imported) -> None:
        """Store what comes with the listings, and commit the page."""
        if self.fbm_warehouse_id:
            stock.set_units(self.fbm_warehouse_id, imported.fbm_units)
        skus = (sku for channel, sku in imported.identities if channel == Channel.FBM)
        self.fbm_seen.update(skus)
        self.done += len(imported.identities)
        self.job.commit(
            stage=f"Listings in {place.country}", done=self.done, counts=imported.counts.as_dict()
        )


def _read(walk: _Walk, place: Place, read_at: datetime | None) -> None:
    if read_at is not None:
        try:
            _read_changes(walk, place, read_at - OVERLAP)
        except TooManyListings:
            _read_report(walk, place)
        else:
            walk.is_whole = False
        return
    facts, seen = walk.job.connection, set()
    pages = walk.job.client.search_listings_items(
        seller_id=facts.seller_id, marketplace_ids=(place.marketplace_id,)
    )
    total = 0
    for page in pages:
        if page.total > LISTINGS_LIMIT:
            _read_report(walk, place)
            return
        total = max(total, page.total)
        imported = listings.import_items(facts.id, page.items, facts.primary_marketplace_id)
        seen |= imported.identities
        walk.store(place, imported)
    if len({sku for _, sku in seen}) < total:
        walk.is_whole = False  # shorter than it promised: nothing can be said of the rest
        return
    _close_missing(walk, place, seen)


def _read_changes(walk: _Walk, place: Place, after: datetime) -> None:
    facts = walk.job.connection
    for page in changed_pages(
        walk.job.client, facts.seller_id, place.marketplace_id, after, walk.started
    ):
        walk.store(place, listings.import_items(facts.id, page.items, facts.primary_marketplace_id))


def changed_pages(
    client: SellingPartnerClient,
    seller_id: str,
    marketplace_id: str,
    after: datetime,
    before: datetime,
) -> Iterator[ListingPage]:
    """Yield the pages of listings changed between two times, window by window.

    A window with more than Amazon shows is halved. Raises ``TooManyListings`` when that
    does not help, besides ``AmazonError``.
    """
    pages = client.search_listings_items(
        seller_id=seller_id,
        marketplace_ids=(marketplace_id,),
        updated_after=after,
        updated_before=before,
    )
    for page in pages:
        if page.total > LISTINGS_LIMIT:
            break
        yield page
    else:
        return
    if before - after <= SMALLEST_WINDOW:
        raise TooManyListings
    middle = after + (before - after) / 2
    yield from changed_pages(client, seller_id, marketplace_id, after, middle)
    yield from changed_pages(client, seller_id, marketplace_id, middle, before)


def _read_report(walk: _Walk, place: Place) -> None:
    facts, seen = walk.job.connection, set()
    fetched = reports.fetch(walk.job, REPORT, place.marketplace_id)
    if fetched is not None:
        for batch in walk.job.client.download_listings(fetched.document):
            imported = listings.import_rows(
                facts.id, place.marketplace_id, batch, facts.primary_marketplace_id
            )
            seen |= imported.identities
            walk.store(place, imported)
        reports.applied(fetched)
        walk.job.commit()
    _close_missing(walk, place, seen)


def _close_missing(walk: _Walk, place: Place, seen: set[Identity]) -> None:
    """The answer was whole: what it did not show is gone, unless it showed nothing."""
    job, facts = walk.job, walk.job.connection
    key = (facts.id, SyncKind.LISTINGS, place.marketplace_id)
    if seen:
        second_looks.forget(*key)
    elif listings.offered_count(facts.id, place.marketplace_id) and not second_looks.agrees(
        *key, walk.started
    ):
        sentence = f"Amazon showed no listings in {place.country}. Inactive if it says so again"
        changes.record("connection", facts.id, sentence, cause="amazon", run_id=job.run_id)
        walk.is_whole = False
        job.commit(stage=sentence)
        return
    counts = listings.close_missing(
        facts.id, place.marketplace_id, seen, facts.primary_marketplace_id
    )
    job.commit(counts=counts.as_dict())
