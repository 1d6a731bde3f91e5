"""The stored side of listings: what is there, and what new ones begin with."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select, update

from extensions import db
from inventory.models import Listing, ListingOffer, Variant, VariantLink
from inventory.rules.listings import NO_OFFER, SHOWN, Offer
from inventory.services import accounts
from inventory.services.catalogue import Identity

#: Below SQLite's limit of parameters in one statement.
IDS_PER_SELECT = 500
_OFFER_FIELDS = tuple(NO_OFFER)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stored:
    """A listing as it is stored: the fields it shows, and its offers by marketplace."""

    id: int
    shown: dict[str, str]
    offers: dict[str, Offer] = field(default_factory=dict)


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield ``values`` in parts that fit into one statement."""
    for start in range(0, len(values), IDS_PER_SELECT):
        yield values[start : start + IDS_PER_SELECT]


def find(connection_id: int, identities: Iterable[Identity]) -> dict[Identity, Stored]:
    """Return those of ``identities`` that are stored, without their offers."""
    by_channel: dict[str, list[str]] = {}
    for channel, sku in identities:
        by_channel.setdefault(channel, []).append(sku)
    columns = [getattr(Listing, name) for name in SHOWN]
    found: dict[Identity, Stored] = {}
    for channel, skus in by_channel.items():
        for chunk in chunks(skus):
            rows = db.session.execute(
                select(Listing.seller_sku, Listing.id, *columns).where(
                    Listing.connection_id == connection_id,
                    Listing.channel == channel,
                    Listing.seller_sku.in_(chunk),
                )
            )
            for sku, listing_id, *values in rows:
                shown = dict(zip(SHOWN, values, strict=True))
                found[(channel, sku)] = Stored(listing_id, shown)
    return found


def add_offers(stored: Iterable[Stored]) -> None:
    """Read the offers of ``stored`` into them."""
    by_id = {one.id: one for one in stored}
    columns = [getattr(ListingOffer, name) for name in _OFFER_FIELDS]
    for chunk in chunks(list(by_id)):
        rows = db.session.execute(
            select(ListingOffer.listing_id, ListingOffer.marketplace_id, *columns).where(
                ListingOffer.listing_id.in_(chunk)
            )
        )
        for listing_id, marketplace_id, *values in rows:
            fields = dict(zip(_OFFER_FIELDS, values, strict=True))
            by_id[listing_id].offers[marketplace_id] = fields


def give_variants(new: Mapping[int, Mapping[str, Any]]) -> None:
    """Give each new listing (id -> row) a variant of its own. Flushes."""
    now = accounts.now()
    variants = {
        listing_id: Variant(sku=row["seller_sku"], title=row["title"], created_at=now)
        for listing_id, row in new.items()
    }
    db.session.add_all(variants.values())
    db.session.flush()
    db.session.add_all(
        VariantLink(listing_id=listing_id, variant_id=variant.id, reason="own", linked_at=now)
        for listing_id, variant in variants.items()
    )
    db.session.flush()


def title_variants(
    stored: Mapping[Identity, Stored], rows: Mapping[Identity, Mapping[str, Any]]
) -> None:
    """Give the variants of listings that had no title, and have one in ``rows``, that title.

    A listing first seen in a shipment has none; a title that is there stays. Call after the
    listings were written.
    """
    ids = [
        one.id
        for identity, one in stored.items()
        if not one.shown["title"] and rows.get(identity, {}).get("title")
    ]
    title = (
        select(Listing.title)
        .join(VariantLink, VariantLink.listing_id == Listing.id)
        .where(VariantLink.variant_id == Variant.id, Listing.title != "")
        .order_by(Listing.id)
        .limit(1)
        .scalar_subquery()
    )
    for chunk in chunks(ids):
        links = select(VariantLink.variant_id).where(VariantLink.listing_id.in_(chunk))
        db.session.execute(
            update(Variant).where(Variant.id.in_(links), Variant.title == "").values(title=title),
            execution_options={"synchronize_session": False},
        )


def of_lossy_sku(connection_id: int, channel: str, sku: str) -> list[str]:
    """Return the stored SKUs that ``sku`` may stand for: ``?`` is any letter."""
    escaped = sku.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return list(
        db.session.scalars(
            select(Listing.seller_sku).where(
                Listing.connection_id == connection_id,
                Listing.channel == channel,
                Listing.seller_sku.like(escaped.replace("?", "_"), escape="\\"),
            )
        )
    )
