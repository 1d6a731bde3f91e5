"""Search everywhere: orders, shipments and listings by what stands on a label or a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Listing, Shipment, StockOrder
from inventory.services import lists

#: Rows shown of each kind; ``Hits.has_more`` says that there are further ones.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Found:
    """Hits of one kind, the best first."""

    rows: Sequence[Any]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """What a text was found in. ``exact`` is the one row whose id it is: (kind, row)."""

    orders: Found
    shipments: Found
    listings: Found
    exact: tuple[str, Any] | None

    @property
    def is_empty(self) -> bool:
        return not (self.orders.rows or self.shipments.rows or self.listings.rows)


def everywhere(text: str) -> Hits:
    """Return what begins with ``text``: reference, FBA id, SKU, ASIN, FNSKU, name, title.

    An id that names one thing is its exact hit; an order and its only shipment share their
    FBA id, and count as the order. Blank finds nothing. Three statements.
    """
    nothing = Found([], False)
    if not text:
        return Hits(nothing, nothing, nothing, None)
    orders = _found(
        sa.select(StockOrder).where(
            lists.begins(text, StockOrder.reference, StockOrder.extra_reference)
        ),
        StockOrder.reference,
        StockOrder.id,
        text,
    )
    shipments = _found(
        sa.select(Shipment).where(lists.begins(text, Shipment.amazon_shipment_id, Shipment.name)),
        Shipment.amazon_shipment_id,
        Shipment.id,
        text,
    )
    codes = (Listing.seller_sku, Listing.asin, Listing.fnsku, Listing.title)
    listings = _found(
        sa.select(Listing).where(lists.begins(text, *codes)), Listing.seller_sku, Listing.id, text
    )
    return Hits(orders, shipments, listings, _exact(text, orders, shipments, listings))


def _found(statement: "sa.Select[Any]", code: Any, tie: Any, text: str) -> Found:
    best = sa.case((sa.func.lower(code) == text.lower(), 0), else_=1)
    ordered = statement.order_by(best, code, tie).limit(SHOWN + 1)
    rows = db.session.scalars(ordered).all()
    return Found(rows[:SHOWN], len(rows) > SHOWN)


def _exact(text: str, orders: Found, shipments: Found, listings: Found) -> tuple[str, Any] | None:
    wanted = text.lower()
    same_orders = [row for row in orders.rows if row.reference.lower() == wanted]
    same_shipments = [row for row in shipments.rows if row.amazon_shipment_id.lower() == wanted]
    same_listings = [row for row in listings.rows if wanted in _codes(row)]
    if len(same_orders) == 1 and len(same_shipments) < 2 and not same_listings:
        return "order", same_orders[0]
    if len(same_shipments) == 1 and not same_orders and not same_listings:
        return "shipment", same_shipments[0]
    if len(same_listings) == 1 and not same_orders and not same_shipments:
        return "listing", same_listings[0]
    return None


def _codes(row: Listing) -> set[str]:
    return {row.seller_sku.lower(), row.asin.lower(), row.fnsku.lower()} - {""}
