"""Which listing a typed SKU is on an order, and what the vendor asks for it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Connection,
    Listing,
    VariantLink,
    Vendor,
    VendorItem,
    Warehouse,
    WarehouseKind,
)
from inventory.services import lists

#: Offered to a search for lines.
OFFERED = 10
UNKNOWN = "No listing has this SKU."
SEVERAL = "Several connections have this SKU. Choose one under “SKUs of”."


class Found(NamedTuple):
    """A listing that a SKU stands for, and the vendor's terms for it, ``None`` where unknown."""

    listing_id: int
    connection_id: int
    channel: str
    sku: str
    title: str = ""
    variant_id: int | None = None
    unit_cost: Decimal | None = None
    units_per_case: int | None = None
    minimum_units: int | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """SKU -> its listing, and for the others a sentence on what is wrong with them."""

    found: Mapping[str, Found]
    faults: Mapping[str, str]


def resolve(
    skus: Collection[str],
    destination: Warehouse,
    *,
    vendor: Vendor | None = None,
    connection_id: int | None = None,
    known: Mapping[str, int] | None = None,
) -> Resolved:
    """Return what each SKU is at ``destination``. One statement, however many SKUs.

    An Amazon warehouse takes its own connection's listings of its channel. Elsewhere a SKU of
    one connection is that; of several the line's own (``known``: SKU -> listing id), else that
    of ``connection_id``, else it is asked.
    """
    by_sku: dict[str, list[Found]] = defaultdict(list)
    elsewhere: set[str] = set()
    taken = _taken(destination)
    for row in _candidates(set(skus), vendor):
        if taken and (row.connection_id, row.channel) != taken:
            elsewhere.add(row.sku)
        else:
            by_sku[row.sku].append(row)
    found = {sku: rows[0] for sku, rows in by_sku.items() if len(rows) == 1}
    faults: dict[str, str] = {}
    missing = f"{destination.name} takes no listing with this SKU."
    for sku in skus:
        if sku in found:
            continue
        here = _meant(by_sku[sku], (known or {}).get(sku), connection_id)
        if len({one.connection_id for one in here}) == 1:
            found[sku] = min(here, key=lambda one: (one.channel, one.listing_id))
        else:
            faults[sku] = SEVERAL if here else missing if sku in elsewhere else UNKNOWN
    return Resolved(found, faults)


def offers(text: str, destination: Warehouse | None) -> Sequence[Any]:
    """Return up to ten (SKU, title) for a search of SKU, ASIN, FNSKU or title. One statement."""
    found = sa.select(Listing.seller_sku, sa.func.max(Listing.title)).where(
        sa.or_(
            lists.begins(text, Listing.seller_sku, Listing.asin, Listing.fnsku),
            lists.matches(text, Listing.title),
        )
    )
    if destination is not None:
        found = found.where(*_of(destination))
    by_sku = found.group_by(Listing.seller_sku).order_by(Listing.seller_sku).limit(OFFERED)
    return db.session.execute(by_sku).all()


def connections() -> Sequence[Any]:
    """Return (id, name) of the connections, by name: those whose SKUs an order can have."""
    return db.session.execute(
        sa.select(Connection.id, Connection.name).order_by(Connection.name)
    ).all()


def _candidates(skus: Collection[str], vendor: Vendor | None) -> Iterable[Found]:
    is_same_vendor = sa.and_(
        VendorItem.variant_id == VariantLink.variant_id,
        VendorItem.vendor_id == (vendor.id if vendor else None),
    )
    # Past the session, as ``lists.read``: it takes as long again for thousands of rows.
    rows = db.session.connection().execute(
        sa.select(
            Listing.id,
            Listing.connection_id,
            Listing.channel,
            Listing.seller_sku,
            Listing.title,
            VariantLink.variant_id,
            VendorItem.unit_cost,
            VendorItem.units_per_case,
            VendorItem.minimum_units,
        )
        .outerjoin(VariantLink, VariantLink.listing_id == Listing.id)
        .outerjoin(VendorItem, is_same_vendor)
        .where(_among(skus, Listing.seller_sku))
    )
    return list(map(Found._make, rows.all()))


def _taken(place: Warehouse) -> tuple[int, str] | None:
    """Return the connection and channel whose listings a place takes, ``None`` for any."""
    if place.connection_id is None:
        return None
    return place.connection_id, "FBA" if place.kind == WarehouseKind.FBA else "FBM"


def _meant(
    rows: Sequence[Found], listing_id: int | None, connection_id: int | None
) -> Sequence[Found]:
    """Return of several listings with one SKU those that are meant."""
    own = [one for one in rows if one.listing_id == listing_id]
    chosen = [one for one in rows if one.connection_id == connection_id]
    return own or chosen or rows


def _of(place: Warehouse) -> list[Any]:
    taken = _taken(place)
    return [Listing.connection_id == taken[0], Listing.channel == taken[1]] if taken else []


def _among(texts: Iterable[str], column: Any) -> Any:
    """Return the condition that ``column`` is one of ``texts``: one parameter, however many.

    A parameter for each costs more than the search, in the driver of Postgres above all.
    """
    given = sa.bindparam(None, json.dumps(list(texts), ensure_ascii=False), sa.Text())
    if db.engine.dialect.name == "sqlite":
        return column.in_(sa.select(sa.func.json_each(given).table_valued("value").c.value))
    one = sa.func.json_array_elements_text(sa.cast(given, sa.JSON)).column_valued("one")
    return column.in_(sa.select(one))
