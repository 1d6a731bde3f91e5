"""Vendors and their items brought in from a file: looked at first, then all or nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Variant, Vendor, VendorItem
from inventory.rules import sheets, vendor_sheets
from inventory.rules.sheets import Problem
from inventory.rules.vendor_sheets import ITEM, SheetVendor
from inventory.services import accounts, changes, upserts, vendors
from inventory.services.listing_rows import chunks


@dataclass(frozen=True, slots=True)
class CheckedVendors:
    """What a file would bring, and every problem by row: with one, nothing is brought."""

    vendors: list[SheetVendor]
    #: Vendors that are there, by their name in small letters.
    known: Mapping[str, Vendor]
    #: SKU -> the variants that have it.
    variants: Mapping[str, Sequence[int]]
    problems: list[Problem]
    notes: list[str]

    @property
    def new_count(self) -> int:
        return sum(one.name.casefold() not in self.known for one in self.vendors)


def check(content: bytes) -> CheckedVendors:
    """Return what the file would bring. Writes nothing. Raises ``sheets.SheetError``."""
    sheet = sheets.read(content, vendor_sheets.COLUMNS)
    found, problems = vendor_sheets.vendors(sheet)
    known = {vendor.name.casefold(): vendor for vendor in db.session.scalars(sa.select(Vendor))}
    variants = _variants({sku for one in found for sku in one.skus})
    for one in found:
        for item in one.items:
            if item.sku not in variants:
                sentence = f"“{item.sku[:40]}”: no variant has this SKU."
                problems.append(Problem(item.row, "sku", sentence))
    problems.sort(key=lambda one: (one.row, one.column))
    return CheckedVendors(found, known, variants, problems, sheet.notes)


def bring(checked: CheckedVendors, name: str, *, user_id: int) -> str:
    """Add the vendors of the file called ``name`` and change those that are there; say so.

    A blank cell leaves what is stored. One entry of the log for each vendor. Flushes; the caller
    commits. Asked for with problems left it raises ``ValueError``.
    """
    if checked.problems:
        raise ValueError("the file has problems")
    written = 0
    for one in checked.vendors:
        vendor = _put(one, checked.known.get(one.name.casefold()), user_id)
        rows = _items(vendor.id, one, checked.variants)
        written += upserts.upsert(VendorItem, rows, key=("vendor_id", "variant_id")).written
        if one.items:
            text = f"{len(one.items)} items set by the file {name}"
            changes.record("vendor", vendor.id, text, name=vendor.name, user_id=user_id)
    db.session.flush()
    db.session.expire_all()  # items were written past the session
    count = len(checked.vendors)
    return f"{count} vendor{'' if count == 1 else 's'} brought in, {written} items changed."


def _put(one: SheetVendor, known: Vendor | None, user_id: int) -> Vendor:
    if known is None:
        made = {"name": one.name, **one.said}
        vendor = Vendor(created_at=accounts.now(), **made)
        db.session.add(vendor)
        db.session.flush()
        text = "Added the vendor"
        changes.record("vendor", vendor.id, text, name=vendor.name, user_id=user_id)
        return vendor
    is_enabled = known.disabled_at is None
    vendors.save(known, one.said, enabled=is_enabled, user_id=user_id)
    return known


def _items(
    vendor_id: int, one: SheetVendor, variants: Mapping[str, Sequence[int]]
) -> list[dict[str, Any]]:
    stored = sa.select(VendorItem).where(VendorItem.vendor_id == vendor_id)
    known = {item.variant_id: item for item in db.session.scalars(stored)}
    rows = []
    for item in one.items:
        for variant_id in variants[item.sku]:
            old = known.get(variant_id)
            kept = {name: getattr(old, name, None) for name in ITEM}
            kept["vendor_sku"] = kept["vendor_sku"] or ""
            rows.append({"vendor_id": vendor_id, "variant_id": variant_id, **kept, **item.said})
    return rows


def _variants(skus: set[str]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for some in chunks(sorted(skus)):
        rows = db.session.execute(
            sa.select(Variant.sku, Variant.id).where(Variant.sku.in_(some)).order_by(Variant.id)
        )
        for sku, variant_id in rows:
            found[sku].append(variant_id)
    return dict(found)
