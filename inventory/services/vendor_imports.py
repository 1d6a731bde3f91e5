"""Vendors and their items brought in from a file: looked at first, then all or nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from extensions import db
from inventory.models import Variant, Vendor, VendorItem
from inventory.rules import sheets, vendor_sheets
from inventory.rules.sheets import Problem
from inventory.rules.vendor_sheets import ITEM, SheetVendor
from inventory.services import accounts, changes, upserts
from inventory.services.listing_rows import chunks
from inventory.services.order_bringing import BROUGHT
from inventory.services.order_facts import number, plain


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


@dataclass(frozen=True, slots=True)
class BroughtVendors:
    """What a file became."""

    vendors: int
    #: Items that differ from before.
    items: int
    #: By which it is undone.
    batch: str

    def __str__(self) -> str:
        vendors = f"{self.vendors:,} vendor{'' if self.vendors == 1 else 's'}"
        return f"{vendors} brought in, {_items(self.items)}."


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


def bring(checked: CheckedVendors, name: str, *, user_id: int) -> BroughtVendors:
    """Add the vendors of the file called ``name`` and change those that are there.

    A blank cell leaves what is stored. One entry of the log for each vendor that differs.
    Flushes; the caller commits. Asked for with problems left it raises ``ValueError``.
    """
    if checked.problems:
        raise ValueError("the file has problems")
    batch, items = str(uuid4()), 0
    for one in checked.vendors:
        known = checked.known.get(one.name.casefold())
        vendor = known or Vendor(name=one.name, created_at=accounts.now())
        fields = _set(vendor, one.said)
        if known is None:
            db.session.add(vendor)
        db.session.flush()
        pairs = _put_items(vendor.id, one, checked.variants)
        items += len(pairs)
        if known is None or fields or pairs:
            told = f"{BROUGHT} {name}" + (f": {_items(len(pairs))}" if pairs else "")
            change = changes.record(
                "vendor", vendor.id, told, name=vendor.name, fields=fields, user_id=user_id
            )
            change.batch = batch
            change.inverse = {"is_new": known is None, "vendor": fields, "items": pairs}
    db.session.flush()
    db.session.expire_all()  # items were written past the session
    return BroughtVendors(len(checked.vendors), items, batch)


def items_of(vendor_id: int) -> dict[str, list[Any]]:
    """Return what a vendor asks, in JSON: variant id -> the columns of ``ITEM``."""
    columns = [getattr(VendorItem, name) for name in ITEM]
    found = sa.select(VendorItem.variant_id, *columns).where(VendorItem.vendor_id == vendor_id)
    return {
        str(variant_id): [sku, plain(cost), *rest]
        for variant_id, sku, cost, *rest in db.session.execute(found)
    }


def write_items(vendor_id: int, items: Mapping[str, list[Any]]) -> None:
    """Store items as ``items_of`` has them."""
    rows = []
    for variant_id, values in items.items():
        row = dict(zip(ITEM, values, strict=True))
        row["unit_cost"] = None if row["unit_cost"] is None else number(row["unit_cost"])
        rows.append({"vendor_id": vendor_id, "variant_id": int(variant_id), **row})
    upserts.upsert(VendorItem, rows, key=("vendor_id", "variant_id"))


def _set(vendor: Vendor, said: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Write what differs; return name -> [old, new]."""
    fields = {
        name: [getattr(vendor, name), value]
        for name, value in said.items()
        if getattr(vendor, name) != value
    }
    for name, (_, new) in fields.items():
        setattr(vendor, name, new)
    return fields


def _put_items(
    vendor_id: int, one: SheetVendor, variants: Mapping[str, Sequence[int]]
) -> dict[str, tuple[list[Any] | None, list[Any]]]:
    """Write the items that differ; return variant id -> (old, new), as ``items_of`` has them."""
    known = items_of(vendor_id) if one.items else {}
    pairs: dict[str, tuple[list[Any] | None, list[Any]]] = {}
    for item in one.items:
        said = dict(item.said)
        if "unit_cost" in said:
            said["unit_cost"] = plain(said["unit_cost"])
        for variant_id in map(str, variants[item.sku]):
            old = known.get(variant_id)
            kept = dict(zip(ITEM, old or ["", None, None, None], strict=True))
            new = list((kept | said).values())
            if old != new:
                pairs[variant_id] = (old, new)
    write_items(vendor_id, {variant_id: new for variant_id, (_, new) in pairs.items()})
    return pairs


def _items(count: int) -> str:
    return f"{count:,} item{'' if count == 1 else 's'} changed"


def _variants(skus: set[str]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for some in chunks(sorted(skus)):
        rows = db.session.execute(
            sa.select(Variant.sku, Variant.id).where(Variant.sku.in_(some)).order_by(Variant.id)
        )
        for sku, variant_id in rows:
            found[sku].append(variant_id)
    return dict(found)
