"""Vendors: who goods are bought from, and what each asks for an item."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from extensions import db
from inventory.models import StockOrder, Variant, Vendor, VendorItem
from inventory.services import accounts, changes

FIELDS = (
    "name", "email", "phone", "contact", "line1", "line2", "city", "state", "postal_code",
    "country", "currency", "payment_terms", "lead_time_days", "notes",
)  # fmt: skip
ITEM_FIELDS = ("vendor_sku", "unit_cost", "units_per_case", "minimum_units")


class VendorNameTaken(Exception):
    """Another vendor has this name."""


class VendorInUse(Exception):
    """Orders name the vendor. ``orders``: how many."""

    def __init__(self, orders: int) -> None:
        self.orders = orders
        super().__init__(f"{orders} orders")


class NoSuchVariant(Exception):
    """No variant has this SKU."""


def create(values: Mapping[str, Any], *, user_id: int | None) -> Vendor:
    """Add a vendor with the named ``FIELDS``. Flushes. Raises ``VendorNameTaken``."""
    vendor = Vendor(created_at=accounts.now(), **values)
    try:
        with db.session.begin_nested():
            db.session.add(vendor)
    except IntegrityError:
        raise VendorNameTaken(values["name"]) from None
    changes.record("vendor", vendor.id, "Added the vendor", name=vendor.name, user_id=user_id)
    return vendor


def save(vendor: Vendor, values: Mapping[str, Any], *, enabled: bool, user_id: int | None) -> bool:
    """Store what differs, as one entry of the log; False when nothing does.

    Flushes. Raises ``VendorNameTaken``, and ``StaleDataError`` when somebody else saved first.
    """
    fields = {
        name: [getattr(vendor, name), value]
        for name, value in values.items()
        if getattr(vendor, name) != value
    }
    if enabled != (vendor.disabled_at is None):
        fields["enabled"] = [not enabled, enabled]
    if not fields:
        return False
    try:
        with db.session.begin_nested():
            for name in fields.keys() & values.keys():
                setattr(vendor, name, values[name])
            if "enabled" in fields:
                vendor.disabled_at = None if enabled else accounts.now()
    except IntegrityError:
        raise VendorNameTaken(values["name"]) from None
    summary = "Vendor changed" if fields.keys() - {"enabled"} else _switched(enabled)
    changes.record("vendor", vendor.id, summary, name=vendor.name, fields=fields, user_id=user_id)
    return True


def delete(vendor: Vendor, *, user_id: int | None) -> None:
    """Delete a vendor that no order names, with its items. Flushes. Raises ``VendorInUse``."""
    orders = order_count(vendor.id)
    if orders:
        raise VendorInUse(orders)
    changes.record("vendor", vendor.id, "Deleted the vendor", name=vendor.name, user_id=user_id)
    db.session.delete(vendor)
    db.session.flush()


def order_count(vendor_id: int) -> int:
    """Return how many orders name the vendor."""
    count = sa.select(sa.func.count()).where(StockOrder.vendor_id == vendor_id)
    return db.session.scalar(count.select_from(StockOrder)) or 0


def usable(also: int | None = None) -> Sequence[Vendor]:
    """Return the vendors an order can name, by name: those in use, and the one of id ``also``."""
    wanted = sa.or_(Vendor.disabled_at.is_(None), Vendor.id == also)
    return db.session.scalars(sa.select(Vendor).where(wanted).order_by(Vendor.name)).all()


def named(name: str) -> Vendor | None:
    """Return the vendor of this name."""
    return db.session.scalar(sa.select(Vendor).where(Vendor.name == name))


def put_item(
    vendor: Vendor, sku: str, values: Mapping[str, Any], *, user_id: int | None
) -> list[VendorItem]:
    """Say what the vendor asks for the variants of ``sku``, with ``ITEM_FIELDS``; return them.

    A SKU that several connections have is several variants: the vendor sells the same goods to
    each. Flushes. Raises ``NoSuchVariant``.
    """
    variants = db.session.scalars(sa.select(Variant.id).where(Variant.sku == sku)).all()
    if not variants:
        raise NoSuchVariant(sku)
    items = [_put(vendor.id, variant_id, values) for variant_id in variants]
    db.session.flush()
    changes.record("vendor", vendor.id, f"Item {sku} set", name=vendor.name, user_id=user_id)
    return items


def remove_item(vendor: Vendor, variant_id: int, *, user_id: int | None) -> None:
    """Take an item off the vendor's list; nothing happens when it is not there. Flushes."""
    item = db.session.get(VendorItem, (vendor.id, variant_id))
    if item is None:
        return
    text = f"Item {item.variant.sku} removed"
    db.session.delete(item)
    db.session.flush()
    changes.record("vendor", vendor.id, text, name=vendor.name, user_id=user_id)


def put_costs(vendor_id: int, costs: Mapping[int, Any]) -> int:
    """Store variant id -> unit cost in the vendor's currency; return how many differed. Flushes."""
    found = sa.select(VendorItem).where(
        VendorItem.vendor_id == vendor_id, VendorItem.variant_id.in_(list(costs))
    )
    known = {item.variant_id: item for item in db.session.scalars(found)}
    differing = 0
    for variant_id, cost in costs.items():
        item = known.get(variant_id)
        if item is None:
            item = VendorItem(vendor_id=vendor_id, variant_id=variant_id)
            db.session.add(item)
        if item.unit_cost != cost:
            item.unit_cost, differing = cost, differing + 1
    db.session.flush()
    return differing


def _put(vendor_id: int, variant_id: int, values: Mapping[str, Any]) -> VendorItem:
    item = db.session.get(VendorItem, (vendor_id, variant_id))
    if item is None:
        item = VendorItem(vendor_id=vendor_id, variant_id=variant_id)
        db.session.add(item)
    for name in ITEM_FIELDS:
        setattr(item, name, values[name])
    return item


def _switched(enabled: bool) -> str:
    return "Enabled" if enabled else "Disabled"
