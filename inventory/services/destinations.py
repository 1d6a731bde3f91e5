"""Which marketplace, and so which warehouse, a shipment belongs to."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from extensions import db
from inventory.models import Connection, InboundPlan, Shipment, Warehouse, WarehouseKind
from inventory.rules import flags
from inventory.rules.destinations import GUESSES, learned, marketplace_of
from inventory.rules.marketplaces import by_country

GUESS_FLAG = ("marketplace_guess",)


def place(connection: Connection, shipments: Sequence[Shipment]) -> list[Shipment]:
    """Set marketplace, warehouse and the mark of a guess; return the shipments that moved.

    What a person said stays. Flushes nothing.
    """
    if not shipments:
        return []
    centres = _centres(connection.id)
    plans = _plans(connection.id, {row.plan_id for row in shipments if row.plan_id})
    known = warehouses(connection.id)
    moved = []
    for row in shipments:
        country = by_country(connection.region, row.destination_country)
        marketplace_id, source = marketplace_of(
            user=row.marketplace_id if row.marketplace_source == "user" else "",
            plan=plans.get(row.plan_id, ""),
            fc=centres.get(row.destination_fc, ""),
            country=country.id if country else "",
            primary=connection.primary_marketplace_id,
        )
        if _put(row, marketplace_id, source, known.get(marketplace_id)):
            moved.append(row)
    return moved


def guessed(connection_id: int) -> Sequence[Shipment]:
    """Return the shipments whose marketplace is a guess."""
    return db.session.scalars(
        select(Shipment).where(
            Shipment.connection_id == connection_id, Shipment.marketplace_source.in_(GUESSES)
        )
    ).all()


def _put(row: Shipment, marketplace_id: str, source: str, warehouse_id: int | None) -> bool:
    words = ["marketplace_guess"] if source in GUESSES else []
    after = (marketplace_id, source, warehouse_id, flags.replaced(row.flags, GUESS_FLAG, words))
    before = (row.marketplace_id, row.marketplace_source, row.warehouse_id, row.flags)
    row.marketplace_id, row.marketplace_source, row.warehouse_id, row.flags = after
    return after != before


def _centres(connection_id: int) -> dict[str, str]:
    pairs = (
        select(Shipment.destination_fc, Shipment.marketplace_id)
        .where(
            Shipment.connection_id == connection_id,
            Shipment.marketplace_source.in_(("plan", "user")),
        )
        .distinct()
    )
    return learned((centre, marketplace_id) for centre, marketplace_id in db.session.execute(pairs))


def _plans(connection_id: int, plan_ids: Iterable[str]) -> dict[str, str]:
    found = select(InboundPlan.plan_id, InboundPlan.marketplace_id).where(
        InboundPlan.connection_id == connection_id, InboundPlan.plan_id.in_(set(plan_ids))
    )
    return {row.plan_id: row.marketplace_id for row in db.session.execute(found)}


def warehouses(connection_id: int) -> dict[str, int]:
    """Return marketplace id -> the connection's FBA warehouse."""
    found = select(Warehouse.marketplace_id, Warehouse.id).where(
        Warehouse.connection_id == connection_id, Warehouse.kind == WarehouseKind.FBA
    )
    return {row.marketplace_id or "": row.id for row in db.session.execute(found)}
