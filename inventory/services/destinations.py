"""Which marketplace, and so which warehouse, a shipment belongs to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from extensions import db
from inventory.models import (
    CentrePlace,
    Connection,
    InboundPlan,
    Shipment,
    Warehouse,
    WarehouseKind,
)
from inventory.rules import flags
from inventory.rules.destinations import GUESSES, learned, marketplace_of
from inventory.rules.marketplaces import by_country

GUESS_FLAG = ("marketplace_guess",)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of where a connection's shipments go; marketplace ids by what says them."""

    primary: str
    region: str
    corrected: Mapping[str, str]
    learned: Mapping[str, str]
    warehouses: Mapping[str, int]


def known(connection: Any, corrected: Mapping[str, str] | None = None) -> Known:
    """Return what decides for a connection; ``corrected`` centres, where not the stored ones."""
    return Known(
        primary=connection.primary_marketplace_id,
        region=connection.region,
        corrected=corrections(connection.id) if corrected is None else corrected,
        learned=_centres(connection.id),
        warehouses=warehouses(connection.id),
    )


def decide(here: Known, connection_id: int, rows: Sequence[Any]) -> list[tuple[Any, str, str]]:
    """Return each of ``rows`` with its marketplace id and who says so.

    ``rows`` are shipments, or rows with their columns. One statement, for the plans.
    """
    plans = _plans(connection_id, {row.plan_id for row in rows if row.plan_id})
    return [(row, *_decided(here, row, plans)) for row in rows]


def place(connection: Connection, shipments: Sequence[Shipment]) -> list[Shipment]:
    """Set marketplace, warehouse and the mark of a guess; return the shipments that moved.

    What a person said stays. Flushes nothing.
    """
    if not shipments:
        return []
    here = known(connection)
    return [
        row
        for row, marketplace_id, source in decide(here, connection.id, shipments)
        if _put(row, marketplace_id, source, here.warehouses.get(marketplace_id))
    ]


def corrections(connection_id: int) -> dict[str, str]:
    """Return centre -> marketplace id, as people corrected it."""
    found = select(CentrePlace).where(CentrePlace.connection_id == connection_id)
    return {row.centre: row.marketplace_id for row in db.session.scalars(found)}


def _decided(here: Known, row: Any, plans: Mapping[str, str]) -> tuple[str, str]:
    country = by_country(here.region, row.destination_country)
    return marketplace_of(
        user=row.marketplace_id if row.marketplace_source == "user" else "",
        plan=plans.get(row.plan_id, ""),
        centre=here.corrected.get(row.destination_fc, ""),
        fc=here.learned.get(row.destination_fc, ""),
        country=country.id if country else "",
        primary=here.primary,
    )


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
