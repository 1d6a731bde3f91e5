"""Stock of the seller's own warehouses: counted and moved by people, each change in the ledger."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import and_, func, select

from extensions import db
from inventory.models import Listing, StockEntry, StockLevel, Warehouse, WarehouseKind
from inventory.services import accounts, stock
from inventory.services.listing_rows import chunks

#: Of one SKU in one place.
MOST_UNITS = 999_999_999
#: What is undone here; what an order brought is undone at the order.
UNDONE_HERE = ("form", "file")


class NotAnOwnWarehouse(Exception):
    """There is no own warehouse of this id: what Amazon holds is counted by Amazon."""


class NoSuchListing(Exception):
    """A listing of this id is not there."""


class ReasonMissing(Exception):
    """Units were taken out without a word on why."""


class TooManyUnits(Exception):
    """A SKU would have more than ``MOST_UNITS``."""


class CannotUndo(Exception):
    """The batch is not the last one of the warehouse, or is undone elsewhere."""


class BelowZero(Exception):
    """More units would go out than are there. ``short``: (SKU, units there, units after)."""

    def __init__(self, short: Sequence[tuple[str, int, int]]) -> None:
        self.short = list(short)
        super().__init__(
            "; ".join(
                f"{sku} has {there} units, {there - after} go out" for sku, there, after in short
            )
        )


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes stock, by what ("form", "file", "receipt", "undo"), for which order."""

    user_id: int | None
    cause: str
    order_id: int | None = None
    batch: str | None = None


def count(
    warehouse_id: int,
    listing_id: int,
    units: int,
    *,
    reason: str,
    user_id: int | None,
    cause: str,
    order_id: int | None = None,
    batch: str | None = None,
) -> StockEntry | None:
    """Set what an own warehouse holds of a listing to ``units``; ``None`` when it is so already.

    Raises ``NotAnOwnWarehouse``, ``NoSuchListing``, ``BelowZero``, ``TooManyUnits``. Flushes.
    """
    act = Act(user_id, cause, order_id, batch)
    entries = count_all(warehouse_id, {listing_id: units}, {listing_id: reason}, act)
    return entries[0] if entries else None


def count_all(
    warehouse_id: int, units: Mapping[int, int], reasons: Mapping[int, str], act: Act
) -> list[StockEntry]:
    """Set what an own warehouse holds: listing id -> units. Return the changes, as one batch.

    Raises as ``count``; nothing is changed then. Flushes.
    """
    return _write(warehouse_id, _lock(warehouse_id, units), units, reasons, act)


def adjust(
    warehouse_id: int, listing_id: int, delta: int, *, reason: str, user_id: int | None
) -> StockEntry | None:
    """Add ``delta`` units, or take them out: then with a reason. ``None`` for 0.

    Raises as ``count``, and ``ReasonMissing``. Flushes.
    """
    if delta < 0 and not reason:
        raise ReasonMissing
    held = _lock(warehouse_id, [listing_id])
    after = {listing_id: held[listing_id].units + delta}
    act = Act(user_id, "form")
    entries = _write(warehouse_id, held, after, {listing_id: reason}, act)
    return entries[0] if entries else None


def move(
    warehouse_id: int,
    deltas: Mapping[int, int],
    *,
    cause: str = "receipt",
    order_id: int | None,
    user_id: int | None,
    batch: str | None = None,
) -> list[StockEntry]:
    """Add units to an own warehouse (listing id -> units, negative: take out), as one batch.

    Return the entries of what changed. Raises as ``count``; nothing is changed then, for no
    listing. Two who move at once wait for one another. Flushes.
    """
    held = _lock(warehouse_id, deltas)
    after = {listing_id: held[listing_id].units + delta for listing_id, delta in deltas.items()}
    return _write(warehouse_id, held, after, {}, Act(user_id, cause, order_id, batch))


def lock(warehouse_id: int) -> None:
    """Let nobody else change the warehouse's stock until the commit; what is read now stays so.

    Raises ``NotAnOwnWarehouse``.
    """
    _lock(warehouse_id, ())


def undoable(warehouse_id: int) -> str | None:
    """Return the warehouse's last batch where it can be undone here, else ``None``."""
    last = db.session.execute(
        select(StockEntry.batch, StockEntry.cause)
        .where(StockEntry.warehouse_id == warehouse_id)
        .order_by(StockEntry.id.desc())
        .limit(1)
    ).first()
    return last.batch if last and last.cause in UNDONE_HERE else None


def undo(warehouse_id: int, batch: str, *, user_id: int | None) -> list[StockEntry]:
    """Set back what the last batch changed; return the new entries, cause "undo".

    Raises ``CannotUndo`` when anything was changed since. Flushes.
    """
    lock(warehouse_id)
    if not batch or undoable(warehouse_id) != batch:
        raise CannotUndo(batch)
    rows = db.session.execute(
        select(StockEntry.listing_id, StockEntry.units_before).where(
            StockEntry.warehouse_id == warehouse_id, StockEntry.batch == batch
        )
    )
    units = {row.listing_id: row.units_before for row in rows}
    return count_all(warehouse_id, units, {}, Act(user_id, "undo"))


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored of a listing before a change."""

    sku: str
    units: int


def held(warehouse_id: int, listing_ids: Collection[int]) -> dict[int, Held]:
    """Return listing -> what a warehouse holds of it, 0 where it holds none."""
    found: dict[int, Held] = {}
    for some in chunks(sorted(listing_ids)):
        rows = db.session.execute(
            select(Listing.id, Listing.seller_sku, func.coalesce(StockLevel.fulfillable, 0))
            .outerjoin(
                StockLevel,
                and_(StockLevel.listing_id == Listing.id, StockLevel.warehouse_id == warehouse_id),
            )
            .where(Listing.id.in_(some))
        )
        found |= {row[0]: Held(row[1], row[2]) for row in rows}
    return found


def _lock(warehouse_id: int, listing_ids: Collection[int]) -> dict[int, Held]:
    """Return what is stored, and let nobody else change this warehouse's stock until the commit.

    Postgres locks the warehouse's row, but not against rows that refer to it; SQLite has one
    writer anyway.
    """
    kind = db.session.scalar(
        select(Warehouse.kind).where(Warehouse.id == warehouse_id).with_for_update(key_share=True)
    )
    if kind != WarehouseKind.OWN:
        raise NotAnOwnWarehouse(warehouse_id)
    found = held(warehouse_id, listing_ids)
    if missing := set(listing_ids) - found.keys():
        raise NoSuchListing(min(missing))
    return found


def _write(
    warehouse_id: int,
    before: Mapping[int, Held],
    after: Mapping[int, int],
    reasons: Mapping[int, str],
    act: Act,
) -> list[StockEntry]:
    _refuse(before, after)
    changed = {one: units for one, units in after.items() if units != before[one].units}
    stock.set_units(warehouse_id, {one: (before[one].sku, units) for one, units in changed.items()})
    batch, now = act.batch or str(uuid4()), accounts.now()
    entries = [
        StockEntry(
            warehouse_id=warehouse_id,
            listing_id=one,
            at=now,
            user_id=act.user_id,
            units_before=before[one].units,
            units_after=units,
            cause=act.cause,
            reason=reasons.get(one, "")[:200],
            order_id=act.order_id,
            batch=batch,
        )
        for one, units in changed.items()
    ]
    db.session.add_all(entries)
    db.session.flush()
    return entries


def _refuse(before: Mapping[int, Held], after: Mapping[int, int]) -> None:
    short = [
        (before[one].sku, before[one].units, units) for one, units in after.items() if units < 0
    ]
    if short:
        raise BelowZero(short)
    if any(units > MOST_UNITS for units in after.values()):
        raise TooManyUnits
