"""What switching imports on or off would do: what counts on, and what would become orders."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from extensions import db
from inventory.models import OrderShipment, Shipment, StatusType, StockOrder
from inventory.rules.consequences import Affected, Consequence, counted, plural
from inventory.rules.shipments import creates_order
from inventory.services.consequences_rows import UNLINKED, shipment, shipments
from inventory.services.levels import Step


def off(steps: Sequence[Step]) -> list[Consequence]:
    """Return what would no longer count where importing is switched off, and what goes on."""
    found = []
    for step in steps:
        places = _switched(step, on=False)
        if not places:
            continue
        country = ", ".join(step.before.places[one].country for one in places)
        count, units = _total(_unlinked(places), Shipment.units_outstanding)
        link = f"{plural(units, 'unit')} of inbound"
        kept = f"On {counted(count, 'shipment')} not linked to an order yet."
        sentence = f"{link} would no longer count for {country}"
        found.append(Consequence("unlinked", units, sentence, units, kept, link))
        found += _linked(places)
    return found


def off_rows(steps: Sequence[Step]) -> Iterable[Affected]:
    """Return the shipments behind the units of ``off``."""
    for step in steps:
        for row in shipments(_unlinked(_switched(step, on=False))):
            was, would = "becomes an order", "stays a shipment"
            yield shipment(row, step.before, was, would, row.units_outstanding)


def linked_rows(steps: Sequence[Step]) -> Iterable[Affected]:
    """Return the linked open orders of what is switched off."""
    for step in steps:
        found = select(StockOrder).where(*_counting(_switched(step, on=False)))
        for row in db.session.scalars(found.order_by(StockOrder.expected_on, StockOrder.id)):
            place, units = step.before.name(row.destination_id), _to_come(row)
            was = would = f"counts {counted(units, 'unit')}"
            yield Affected(str(row.kind), row.id, row.reference, place, was, would, units)


def becoming(steps: Sequence[Step]) -> list[Consequence]:
    """Return how many shipments the next sync would make orders of, or no longer."""
    found = []
    for step in steps:
        more, fewer = [0, 0], [0, 0]
        for row in db.session.execute(_by_word(_importing(step))):
            before, after = _creates(step, row.warehouse_id, row.amazon_status)
            total = more if after and not before else fewer
            if before != after:
                total[0], total[1] = total[0] + row.orders, total[1] + row.units
        if more[0]:
            link = plural(more[0], "shipment")
            sentence = f"{link} would become {plural(more[0], 'order')} at the next sync"
            found.append(Consequence("becoming", more[0], sentence, more[1], link=link))
        if fewer[0] and not _switched(step, on=False):
            link = plural(fewer[0], "shipment")
            sentence = f"{link} would wait until SHIPPED to become {plural(fewer[0], 'order')}"
            found.append(Consequence("becoming", fewer[0], sentence, fewer[1], link=link))
    return found


def becoming_rows(steps: Sequence[Step]) -> Iterable[Affected]:
    """Return the shipments behind ``becoming``."""
    words = {True: "becomes an order at the next sync", False: "waits"}
    for step in steps:
        for row in shipments(_unlinked(_importing(step))):
            before, after = _creates(step, row.warehouse_id, row.amazon_status)
            if before != after:
                was, would = words[before], words[after]
                yield shipment(row, step.before, was, would, row.units_outstanding)


def _switched(step: Step, *, on: bool) -> list[int]:
    return [
        one for one in step.changed("sync_inbound") if step.after.value("sync_inbound", one) == on
    ]


def _importing(step: Step) -> list[int]:
    """Return the warehouses where other shipments than now would become orders."""
    return sorted({*step.changed("sync_inbound"), *step.changed("import_early")})


def _creates(step: Step, warehouse_id: int | None, word: str) -> tuple[bool, bool]:
    before, after = (
        bool(levels.value("sync_inbound", warehouse_id or 0))
        and creates_order(word, import_early=levels.value("import_early", warehouse_id or 0))
        for levels in step
    )
    return before, after


def _linked(places: Sequence[int]) -> list[Consequence]:
    to_come = func.sum(StockOrder.units_outstanding - StockOrder.units_ignored)
    count, units = db.session.execute(
        select(func.count(), func.coalesce(to_come, 0)).where(*_counting(places))
    ).one()
    if not count:
        return []
    link = f"linked open {plural(count, 'order')}"
    goes = "goes on counting until it closes" if count == 1 else "go on counting until they close"
    kept = "Close them in Seller Central or ignore their shipments to stop that."
    sentence = f"{link} {goes}, {counted(int(units), 'unit')}"
    return [Consequence("linked", count, sentence, int(units), kept, link)]


def _counting(places: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        StockOrder.destination_id.in_(places),
        StockOrder.status_type == StatusType.ACTIVE,
        exists().where(OrderShipment.order_id == StockOrder.id),
    )


def _to_come(row: StockOrder) -> int:
    return row.units_outstanding - row.units_ignored


def _unlinked(places: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return (Shipment.warehouse_id.in_(places), Shipment.is_open.is_(True), UNLINKED)


def _by_word(places: Sequence[int]) -> Select[Any]:
    word: tuple[Any, ...] = (Shipment.warehouse_id, Shipment.amazon_status)
    figures = (func.count().label("orders"), func.sum(Shipment.units_outstanding).label("units"))
    return select(*word, *figures).where(*_unlinked(places)).group_by(*word)


def _total(where: tuple[ColumnElement[bool], ...], units: Any) -> tuple[int, int]:
    found = select(func.count(), func.coalesce(func.sum(units), 0)).where(*where)
    count, total = db.session.execute(found).one()
    return count, int(total)
