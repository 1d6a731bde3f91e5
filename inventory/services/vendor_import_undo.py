"""Takes back the vendors of a file: all of them, or none where one moved on since."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from extensions import db
from inventory.models import Change, Vendor, VendorItem
from inventory.services import import_undo, vendor_imports, vendors
from inventory.services.import_undo import MovedOn
from inventory.services.listing_rows import chunks


def undo(batch: str, *, user_id: int) -> int:
    """Delete the vendors that an import made, put back the others; return how many.

    0: undone or unknown. One entry of the log for each. Flushes; the caller commits. Raises
    ``MovedOn`` where something of it is not as the file left it, or an order names a new vendor.
    """
    acts = import_undo.acts_of(batch, "vendor")
    since = acts[-1].id if acts else 0
    made, moved = [], []
    for act in acts:
        vendor = _locked(act)
        if vendor is None or _moved(act, vendor, since):
            moved.append(act.subject_name)
        else:
            made.append((act, vendor))
    if moved:
        raise MovedOn(*moved[:5])
    for act, vendor in made:
        if act.inverse["is_new"]:
            db.session.delete(vendor)
        else:
            _put_back(vendor, act.inverse)
        import_undo.log(act, user_id)
    db.session.flush()
    db.session.expire_all()  # items were written past the session
    return len(acts)


def _locked(act: Change) -> Vendor | None:
    """Against an edit between the look and the deed."""
    return db.session.get(Vendor, act.subject_id, with_for_update=True, populate_existing=True)


def _moved(act: Change, vendor: Vendor, since: int) -> bool:
    inverse = act.inverse
    if any(getattr(vendor, name) != new for name, (_, new) in inverse["vendor"].items()):
        return True
    now = vendor_imports.items_of(vendor.id)
    if any(now.get(variant_id) != new for variant_id, (_, new) in inverse["items"].items()):
        return True
    return inverse["is_new"] and (vendors.order_count(vendor.id) > 0 or _touched(vendor, since))


def _touched(vendor: Vendor, since: int) -> bool:
    later = sa.select(Change.id).where(
        Change.subject_kind == "vendor", Change.subject_id == vendor.id, Change.id > since
    )
    return db.session.scalar(later.limit(1)) is not None


def _put_back(vendor: Vendor, inverse: Mapping[str, Any]) -> None:
    for name, (old, _) in inverse["vendor"].items():
        setattr(vendor, name, old)
    items = {variant_id: old for variant_id, (old, _) in inverse["items"].items()}
    for some in chunks([int(variant_id) for variant_id, old in items.items() if old is None]):
        new = sa.delete(VendorItem).where(
            VendorItem.vendor_id == vendor.id, VendorItem.variant_id.in_(some)
        )
        db.session.execute(new, execution_options={"synchronize_session": False})
    known = {variant_id: old for variant_id, old in items.items() if old is not None}
    vendor_imports.write_items(vendor.id, known)
