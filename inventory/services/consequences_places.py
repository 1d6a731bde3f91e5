"""What switching a warehouse off, or another stock basis, would do to stock and planning."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from extensions import db
from inventory.models import StockLevel
from inventory.rules.consequences import Affected, Consequence, counted, plural
from inventory.rules.stock import BASES
from inventory.services import centres
from inventory.services.levels import Step
from inventory.services.stock import LOCAL


def counted_by(basis: str) -> Any:
    """Return a stock row's units under a basis, in SQL; a pool's share stands for itself."""
    first, *others = (getattr(StockLevel, state) for state in BASES[basis])
    return func.coalesce(LOCAL, sum(others, start=first))


def enabled(steps: Sequence[Step]) -> list[Consequence]:
    """Return what leaves planning, or comes back, with a warehouse."""
    for step in steps:
        for one, before in step.before.places.items():
            after = step.after.places[one]
            if before.is_enabled != after.is_enabled:
                basis = step.after.value("stock_basis", one)
                return _planning(one, counted_by(basis), comes=after.is_enabled)
    return []


def _planning(warehouse_id: int, units_of: Any, *, comes: bool) -> list[Consequence]:
    total = func.coalesce(func.sum(units_of), 0)
    found = select(func.count(), total).where(StockLevel.warehouse_id == warehouse_id, units_of > 0)
    count, units = db.session.execute(found).one()
    one = plural(count, "SKU")
    verbs = ("comes back into", "come back into") if comes else ("leaves", "leave")
    verb = verbs[count != 1]
    kept = "Its orders and shipments stay as they are, and its history is kept."
    sentence = f"{one} with {counted(int(units), 'unit')} in stock {verb} planning"
    return [Consequence("", count, sentence, int(units), kept)]


def stock(steps: Sequence[Step]) -> list[Consequence]:
    """Return the units of stock under another basis."""
    found = []
    for step in steps:
        for one in step.changed("stock_basis"):
            was, would = _bases(step, one)
            sums = select(func.sum(was), func.sum(would)).where(StockLevel.warehouse_id == one)
            before, after = (int(total or 0) for total in db.session.execute(sums).one())
            link = f"{plural(after, 'unit')} of stock"
            sentence = f"{link} instead of {before:,}"
            found.append(Consequence("stock", after, sentence, after - before, link=link))
    return found


def stock_rows(steps: Sequence[Step]) -> Iterable[Affected]:
    """Return the SKUs whose stock would be another figure."""
    for step in steps:
        for one in step.changed("stock_basis"):
            was, would = _bases(step, one)
            found = select(StockLevel.listing_id, StockLevel.seller_sku, was, would).where(
                StockLevel.warehouse_id == one, was != would
            )
            for listing_id, sku, before, after in db.session.execute(
                found.order_by(StockLevel.seller_sku)
            ):
                words = counted(before, "unit"), counted(after, "unit")
                yield Affected("", listing_id, sku, step.before.name(one), *words, after - before)


def _bases(step: Step, warehouse_id: int) -> tuple[Any, Any]:
    was, would = (
        counted_by(levels.value("stock_basis", warehouse_id))
        for levels in (step.before, step.after)
    )
    return was, would


def guesses(steps: Sequence[Step]) -> list[Consequence]:
    """Return the shipments that another primary marketplace would place elsewhere."""
    moving = [row for step in steps for row, _to in _moves(step)]
    if not moving:
        return []
    link = f"{plural(len(moving), 'shipment')} of an unknown marketplace"
    verb = "moves" if len(moving) == 1 else "move"
    sentence = f"{link} {verb} to the new primary one"
    units = sum(row.units_outstanding for row in moving)
    return [Consequence("guesses", len(moving), sentence, units, link=link)]


def guesses_rows(steps: Sequence[Step]) -> Iterable[Affected]:
    """Return the shipments behind ``guesses``."""
    for step in steps:
        for row, marketplace_id in _moves(step):
            was, would = (centres.country(one) for one in (row.marketplace_id, marketplace_id))
            place = step.before.name(row.warehouse_id)
            name = row.amazon_shipment_id
            yield Affected("shipment", row.id, name, place, was, would, row.units_outstanding)


def _moves(step: Step) -> list[tuple[Any, str]]:
    before, after = (levels.connection for levels in step)
    if before.primary_marketplace_id == after.primary_marketplace_id:
        return []
    return centres.moves(after, {}, guesses_too=True)
