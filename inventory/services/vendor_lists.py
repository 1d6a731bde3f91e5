"""Vendors as a list and as a file, and what one vendor's page shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import StatusType, StockOrder, Variant, VariantLink, Vendor, VendorItem
from inventory.services import lists

VIEWS = ("enabled", "disabled", "all")
SORT = lists.Sort(Vendor.name, (Vendor.id,))
#: Newest orders on a vendor's page.
NEWEST = 50


@dataclass(frozen=True, slots=True)
class VendorFilter:
    """Which vendors; blank means any."""

    q: str = ""
    view: str = "enabled"


def page(wanted: VendorFilter, cursor: str) -> lists.Page:
    """Return one page of vendors by name, each with its open orders and units to come."""
    return lists.page(_rows(wanted), SORT, cursor)


def count(wanted: VendorFilter) -> int:
    """Count what the filter lets through."""
    return db.session.scalar(sa.select(sa.func.count(Vendor.id)).where(*_conditions(wanted))) or 0


def export(wanted: VendorFilter) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of the file."""
    for row in lists.everything(_rows(wanted), SORT):
        yield (
            row.name,
            row.email,
            row.phone,
            row.contact,
            row.line1,
            row.line2,
            row.city,
            row.state,
            row.postal_code,
            row.country,
            row.currency,
            row.payment_terms,
            row.lead_time_days,
            row.disabled_at is None,
            row.orders,
            row.units,
        )


def items(vendor_id: int) -> Sequence[Any]:
    """Return (variant id, SKU, title, vendor's SKU, cost, case, minimum) by SKU."""
    return db.session.execute(
        sa.select(
            VendorItem.variant_id,
            Variant.sku,
            Variant.title,
            VendorItem.vendor_sku,
            VendorItem.unit_cost,
            VendorItem.units_per_case,
            VendorItem.minimum_units,
        )
        .join(Variant, Variant.id == VendorItem.variant_id)
        .where(VendorItem.vendor_id == vendor_id)
        .order_by(Variant.sku, Variant.id)
    ).all()


def orders(vendor_id: int) -> Sequence[StockOrder]:
    """Return the vendor's newest orders."""
    return db.session.scalars(
        sa.select(StockOrder)
        .where(StockOrder.vendor_id == vendor_id)
        .order_by(StockOrder.created_on.desc(), StockOrder.id.desc())
        .limit(NEWEST)
    ).all()


def codes(vendor_id: int | None, listing_ids: Sequence[int]) -> dict[int, str]:
    """Return listing id -> the vendor's own SKU, where known. One statement."""
    if vendor_id is None:
        return {}
    rows = db.session.execute(
        sa.select(VariantLink.listing_id, VendorItem.vendor_sku)
        .join(VendorItem, VendorItem.variant_id == VariantLink.variant_id)
        .where(VendorItem.vendor_id == vendor_id, VariantLink.listing_id.in_(listing_ids))
    )
    return {row[0]: row[1] for row in rows}


def _rows(wanted: VendorFilter) -> lists.Statement:
    is_open = StockOrder.status_type == StatusType.ACTIVE
    coming = (
        sa.select(
            StockOrder.vendor_id,
            sa.func.count().label("orders"),
            sa.func.sum(StockOrder.units_outstanding - StockOrder.units_ignored).label("units"),
        )
        .where(is_open, StockOrder.vendor_id.is_not(None))
        .group_by(StockOrder.vendor_id)
        .subquery()
    )
    return (
        sa.select(
            *Vendor.__table__.columns,
            sa.func.coalesce(coming.c.orders, 0).label("orders"),
            sa.func.coalesce(coming.c.units, 0).label("units"),
        )
        .outerjoin(coming, coming.c.vendor_id == Vendor.id)
        .where(*_conditions(wanted))
    )


def _conditions(wanted: VendorFilter) -> list[Any]:
    found: list[Any] = []
    if wanted.q:
        found.append(lists.matches(wanted.q, Vendor.name, Vendor.email, Vendor.contact))
    if wanted.view == "enabled":
        found.append(Vendor.disabled_at.is_(None))
    elif wanted.view == "disabled":
        found.append(Vendor.disabled_at.is_not(None))
    return found
