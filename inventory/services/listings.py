"""Listings as Amazon shows them: one per connection, channel and seller SKU."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select, update

from amazon.types import InventorySummary, ListingItem, ListingRow
from extensions import db
from inventory.models import Listing, ListingOffer
from inventory.models.listings import Channel
from inventory.rules import listings as rules
from inventory.services import accounts, catalogue, listing_rows
from inventory.services.catalogue import Identity, Seen
from inventory.services.listing_rows import Stored, chunks
from inventory.services.upserts import Counts, upsert

KEY = ("connection_id", "channel", "seller_sku")


@dataclass(frozen=True, slots=True)
class Imported:
    """A page that was stored: counts are listings, ``identities`` all it showed.

    ``fbm_units`` maps the ids of FBM listings to (SKU, units), where the answer told them
    and speaks for the listing.
    """

    counts: Counts
    identities: set[Identity]
    fbm_units: dict[int, tuple[str, int]] = field(default_factory=dict)


def import_items(
    connection_id: int, items: Sequence[ListingItem], primary_marketplace: str
) -> Imported:
    """Store a page of searchListingsItems. A SKU in both channels becomes two listings.

    Shown are the primary marketplace's fields, else the first's. New listings get a variant
    of their own. Flushes.
    """
    return _import(connection_id, catalogue.of_items(items), primary_marketplace)


def import_rows(
    connection_id: int, marketplace_id: str, rows: Sequence[ListingRow], primary_marketplace: str
) -> Imported:
    """Store a batch of GET_MERCHANT_LISTINGS_ALL_DATA of one marketplace. Flushes.

    The report has no FNSKU and no dates, and question marks for the letters its code page
    lacks; what is stored already and better stays.
    """
    seen = catalogue.of_rows(marketplace_id, rows)
    whole = (_with_its_letters(connection_id, one) for one in seen)
    return _import(connection_id, whole, primary_marketplace)


def ensure(connection_id: int, skus: Mapping[str, str], channel: str = "FBA") -> dict[str, int]:
    """Return the listing ids of ``skus`` (SKU -> FNSKU, may be empty), making what is missing.

    A listing made here has the status "unknown": seen in a shipment or in stock, not in the
    catalogue. A missing FNSKU is filled in. Flushes.
    """
    return _ensure(connection_id, channel, {sku: {"fnsku": skus[sku][:20]} for sku in skus})


def ensure_in_stock(connection_id: int, rows: Iterable[InventorySummary]) -> dict[str, int]:
    """Return the FBA listing ids of ``rows`` by SKU, as ``ensure`` does. Flushes.

    Fills in what the catalogue did not say: the inventory knows ASIN, FNSKU and title.
    """
    details = {
        row.seller_sku: {
            "asin": row.asin[:20],
            "fnsku": row.fnsku[:20],
            "title": rules.cut(row.title),
        }
        for row in rows
    }
    return _ensure(connection_id, Channel.FBA, details)


def close_missing(
    connection_id: int, marketplace_id: str, seen: set[Identity], primary_marketplace: str
) -> Counts:
    """Mark as inactive what a marketplace no longer shows. Call after a whole chain only.

    ``seen`` is everything the chain showed. Nothing is deleted: a listing on offer nowhere
    is "inactive". Flushes; the counts are listings.
    """
    found = db.session.execute(
        select(Listing.channel, Listing.seller_sku).where(
            Listing.connection_id == connection_id, _is_offered_in(marketplace_id)
        )
    ).all()
    gone = [(channel, sku) for channel, sku in found if (channel, sku) not in seen]
    stored = listing_rows.find(connection_id, gone)
    for chunk in chunks([one.id for one in stored.values()]):
        db.session.execute(
            update(ListingOffer)
            .where(
                ListingOffer.listing_id.in_(chunk), ListingOffer.marketplace_id == marketplace_id
            )
            .values(status=""),
            execution_options={"synchronize_session": False},
        )
    listing_rows.add_offers(stored.values())
    rows = (
        _row(connection_id, identity, one, one.offers, primary_marketplace)
        for identity, one in stored.items()
    )
    upsert(Listing, rows, key=KEY, kept=("created_at",))
    return Counts(changed=len(stored))


def offered_count(connection_id: int, marketplace_id: str) -> int:
    """Return how many listings are on offer in a marketplace, as far as we know."""
    return (
        db.session.scalar(
            select(func.count(Listing.id)).where(
                Listing.connection_id == connection_id, _is_offered_in(marketplace_id)
            )
        )
        or 0
    )


def _is_offered_in(marketplace_id: str) -> Any:
    return (
        select(ListingOffer.listing_id)
        .where(
            ListingOffer.listing_id == Listing.id,
            ListingOffer.marketplace_id == marketplace_id,
            ListingOffer.status != "",
        )
        .exists()
    )


def _import(connection_id: int, seen: Iterable[Seen], primary_marketplace: str) -> Imported:
    unique = {one.identity: one for one in seen}
    stored = listing_rows.find(connection_id, unique)
    listing_rows.add_offers(stored.values())
    offers = {
        identity: catalogue.beside(one, stored[identity].offers if identity in stored else {})
        for identity, one in unique.items()
    }
    rows = {
        identity: _row(connection_id, identity, stored.get(identity), its, primary_marketplace)
        for identity, its in offers.items()
    }
    upsert(Listing, rows.values(), key=KEY, kept=("created_at",))
    listing_rows.title_variants(stored, rows)
    ids = {identity: one.id for identity, one in stored.items()}
    ids |= _welcome(connection_id, {one: rows[one] for one in unique if one not in stored})
    _store_offers(ids, offers)
    changed = sum(_differs(one, rows[key], offers[key]) for key, one in stored.items())
    return Imported(
        Counts(len(unique) - len(stored), changed, len(stored) - changed),
        set(unique),
        {
            ids[identity]: (one.seller_sku, one.fbm_units)
            for identity, one in unique.items()
            if one.fbm_units is not None
            and rules.speaks_for(one.offers, offers[identity], primary_marketplace)
        },
    )


def _row(
    connection_id: int,
    identity: Identity,
    stored: Stored | None,
    offers: Mapping[str, rules.Offer],
    primary_marketplace: str,
) -> dict[str, Any]:
    return {
        "connection_id": connection_id,
        "channel": identity[0],
        "seller_sku": identity[1],
        **rules.shown(offers, primary_marketplace, stored.shown if stored else {}),
        "created_at": accounts.now(),
    }


def _differs(
    stored: Stored, row: Mapping[str, Any], offers: Mapping[str, Mapping[str, Any]]
) -> bool:
    return offers != stored.offers or any(row[name] != old for name, old in stored.shown.items())


def _welcome(connection_id: int, new: Mapping[Identity, Mapping[str, Any]]) -> dict[Identity, int]:
    """Return the ids of listings just made, and give them their variants."""
    found = listing_rows.find(connection_id, new)
    ids = {identity: one.id for identity, one in found.items()}
    listing_rows.give_variants({ids[identity]: row for identity, row in new.items()})
    return ids


def _store_offers(
    ids: Mapping[Identity, int], offers: Mapping[Identity, Mapping[str, rules.Offer]]
) -> None:
    upsert(
        ListingOffer,
        (
            {"listing_id": ids[identity], "marketplace_id": marketplace_id, **offer}
            for identity, its in offers.items()
            for marketplace_id, offer in its.items()
        ),
        key=("listing_id", "marketplace_id"),
    )


def _ensure(
    connection_id: int, channel: str, details: Mapping[str, Mapping[str, str]]
) -> dict[str, int]:
    stored = listing_rows.find(connection_id, ((channel, sku) for sku in details))
    rows = {}
    for sku, fields in details.items():
        identity = (channel, sku)
        before = stored[identity].shown if identity in stored else {}
        known = {name: before.get(name) or fields.get(name, "") for name in rules.SHOWN}
        if identity in stored and known == before:
            continue
        rows[identity] = {
            "connection_id": connection_id,
            "channel": channel,
            "seller_sku": sku,
            **known,
            "status": before.get("status", "unknown"),
            "created_at": accounts.now(),
        }
    upsert(Listing, rows.values(), key=KEY, kept=("created_at",))
    listing_rows.title_variants(stored, rows)
    ids = {identity: one.id for identity, one in stored.items()}
    ids |= _welcome(connection_id, {one: row for one, row in rows.items() if one not in stored})
    return {sku: ids[(channel, sku)] for sku in details}


def _with_its_letters(connection_id: int, seen: Seen) -> Seen:
    if "?" not in seen.seller_sku:
        return seen
    candidates = listing_rows.of_lossy_sku(connection_id, seen.channel, seen.seller_sku)
    matches = [sku for sku in candidates if rules.is_lossy(seen.seller_sku, sku)]
    return replace(seen, seller_sku=matches[0]) if len(matches) == 1 else seen
