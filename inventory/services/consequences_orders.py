"""What another order type or source would do to shipments and orders that are known."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, select

from extensions import db
from inventory.models import Shipment
from inventory.rules.consequences import Affected, Consequence, plural
from inventory.rules.orders import TRANSFER, Origin
from inventory.services import conversions
from inventory.services.consequences_rows import UNLINKED, shipment, shipments
from inventory.services.levels import Levels, Step

#: A shipment before SHIPPED, as ``rules.shipments`` has it: no order yet, one to come.
BELOW = ("", "UNCONFIRMED", "WORKING", "READY_TO_SHIP")


def told(found: Origin, levels: Levels) -> str:
    """Return what shipments become: "transfer orders from Prep Centre"."""
    if found.kind == TRANSFER:
        return f"transfer orders from {levels.name(found.source_id)}"
    return (
        "purchase orders, flagged “Source missing”" if found.source_missing else "purchase orders"
    )


def future(steps: Sequence[Step]) -> list[Consequence]:
    """Return how many shipments below SHIPPED would become other orders than now."""
    found = []
    for step in steps:
        places = [one for one in step.origins_changed() if step.after.value("sync_inbound", one)]
        counts = _counts(_future(places)) if places else {}
        totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for place in places:
            total = totals[told(step.after.origin(place), step.after)]
            count, units = counts.get(place, (0, 0))
            total[0], total[1] = total[0] + count, total[1] + units
        for words, (count, units) in totals.items():
            link = f"future {plural(count, 'shipment')}"
            sentence = f"{link} would become {words}"
            found.append(Consequence("future", count, sentence, units, link=link))
    return found


def future_rows(steps: Sequence[Step]) -> Iterable[Affected]:
    """Return the shipments behind ``future``."""
    for step in steps:
        places = [one for one in step.origins_changed() if step.after.value("sync_inbound", one)]
        for row in shipments(_future(places)):
            was, would = (
                told(levels.origin(row.warehouse_id or 0), levels)
                for levels in (step.before, step.after)
            )
            yield shipment(row, step.before, was, would, row.units_shipped)


def untouched(steps: Sequence[Step]) -> list[Consequence]:
    """Return the warehouses that keep to a type or a source of their own."""
    found = []
    for step in steps:
        if not step.origins_changed():
            continue
        names = [
            step.before.name(one)
            for one in step.before.fba_ids
            if one not in step.origins_changed()
            and (step.before.places[one].order_type or step.before.places[one].default_source_id)
        ]
        if names:
            verb = "is" if len(names) == 1 else "are"
            sentence = f"{plural(len(names), 'warehouse')} {verb} not touched"
            kept = f"With settings of their own: {', '.join(names)}."
            found.append(Consequence("", len(names), sentence, kept=kept))
    return found


def existing(steps: Sequence[Step]) -> list[Consequence]:
    """Return the open orders that stay what they are, and offer to convert those that can be."""
    found = []
    for step in steps:
        places = step.origins_changed()
        groups = conversions.groups(step.after, places)
        if not groups:
            continue
        count = sum(one.orders for one in groups)
        ready = sum(one.orders for one in groups if not one.refused)
        kinds = {one.kind for one in groups}
        what = f"{kinds.pop()} orders" if len(kinds) == 1 else "what they are"
        link = f"open {plural(count, 'order')}"
        sentence = f"{link} {'stays' if count == 1 else 'stay'} {what}"
        kept = conversions.refusals(groups)
        offered = f"Convert {'it' if ready == 1 else f'these {ready:,}'} too (can be undone)"
        offer = "convert" if ready else ""
        units = sum(one.units for one in groups)
        found.append(Consequence("existing", count, sentence, units, kept, link, offer, offered))
    return found


def existing_rows(steps: Sequence[Step]) -> Iterable[Affected]:
    """Return the orders behind ``existing``: what a conversion would make of each."""
    for step in steps:
        for row in conversions.candidates(step.after, step.origins_changed()):
            after = step.after.origin(row.destination_id)
            was = f"{row.kind} order" + _from(step.before, row.source_id)
            would = f"{after.kind} order" + _from(step.after, after.source_id)
            if row.refused:
                would = f"cannot be converted: {row.refused}"
            place = step.before.name(row.destination_id)
            yield Affected(
                str(row.kind), row.id, row.reference, place, was, would, row.units_outstanding
            )


def _future(places: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return (Shipment.warehouse_id.in_(places), Shipment.status.in_(BELOW), UNLINKED)


def _counts(where: tuple[ColumnElement[bool], ...]) -> dict[int, tuple[int, int]]:
    place = Shipment.warehouse_id
    totals = (func.count(), func.sum(Shipment.units_shipped))
    found = db.session.execute(select(place, *totals).where(*where).group_by(place))
    return {place or 0: (count, int(units)) for place, count, units in found}


def _from(levels: Levels, source_id: int | None) -> str:
    return f" from {levels.name(source_id)}" if source_id else ""
