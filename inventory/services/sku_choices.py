"""Listings by what people type: a SKU, with channel and connection where it alone is not clear."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Connection, Listing, StockLevel
from inventory.services import lists
from inventory.services.listing_rows import chunks

#: "KT-1 (FBA, Harbour)"
NAMED = re.compile(r"(?P<sku>.+) \((?P<channel>FBA|FBM), (?P<connection>.+)\)")
ROWS = sa.select(
    Listing.id, Listing.seller_sku, Listing.channel, Connection.name, Listing.title
).join(Connection, Connection.id == Listing.connection_id)


@dataclass(frozen=True, slots=True)
class SkuChoice:
    """A listing as people tell it from others of the same SKU."""

    listing_id: int
    sku: str
    channel: str
    connection: str
    title: str

    @property
    def name(self) -> str:
        """Return the SKU with what makes it clear: "KT-1 (FBA, Harbour)"."""
        return f"{self.sku} ({self.channel}, {self.connection})"


def suggest(q: str, limit: int = 20) -> list[tuple[str, SkuChoice]]:
    """Return listings whose SKU, ASIN, FNSKU or title has ``q``, each with what to type for it.

    That is the SKU, and the whole name where the SKU is several listings'.
    """
    codes = lists.begins(q, Listing.seller_sku, Listing.asin, Listing.fnsku)
    wanted = sa.or_(codes, lists.matches(q, Listing.title))
    rows = _read(ROWS.where(wanted).order_by(Listing.seller_sku, Listing.id).limit(limit))
    known = by_sku({one.sku for one in rows})
    return [(one.sku if len(known[one.sku]) == 1 else one.name, one) for one in rows]


def find(text: str) -> Sequence[SkuChoice]:
    """Return the listings that ``text`` may mean: none, the one, or several to choose from."""
    if found := by_sku([text]).get(text):
        return found
    named = NAMED.fullmatch(text)
    return narrow(by_sku([named["sku"]]).get(named["sku"], []), named) if named else []


def narrow(found: Sequence[SkuChoice], said: Any) -> list[SkuChoice]:
    """Return those of ``found`` that have the ``channel`` and ``connection`` said; "" is any."""
    return [
        one
        for one in found
        if said["channel"].upper() in ("", one.channel)
        and said["connection"].casefold() in ("", one.connection.casefold())
    ]


def at(warehouse_id: int, found: Collection[SkuChoice]) -> set[int]:
    """Return which listings of ``found`` are listed in a warehouse."""
    listed: set[int] = set()
    for some in chunks(sorted({one.listing_id for one in found})):
        rows = sa.select(StockLevel.listing_id).where(
            StockLevel.warehouse_id == warehouse_id, StockLevel.listing_id.in_(some)
        )
        listed.update(db.session.scalars(rows))
    return listed


def prefer(found: Sequence[SkuChoice], listed: Collection[int]) -> Sequence[SkuChoice]:
    """Return the one of ``found`` that is listed already, where one alone is; else all."""
    known = [one for one in found if one.listing_id in listed]
    return known if len(known) == 1 else found


def by_sku(skus: Collection[str]) -> Mapping[str, list[SkuChoice]]:
    """Return SKU -> the listings that have it, exactly."""
    found: dict[str, list[SkuChoice]] = defaultdict(list)
    for some in chunks(sorted(skus)):
        for one in _read(ROWS.where(Listing.seller_sku.in_(some)).order_by(Listing.id)):
            found[one.sku].append(one)
    return found


def _read(statement: Any) -> list[SkuChoice]:
    return [SkuChoice(*row) for row in db.session.execute(statement)]
