"""Inbound plans: stored as listed, and what they know of shipments joined on the FBA id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from amazon.types import InboundPlan as AmazonPlan
from amazon.types import PlanShipment, TransportationOption
from extensions import db
from inventory.models import Connection, InboundPlan, Shipment
from inventory.rules.fees import quoted_on
from inventory.services import accounts, destinations, expectations
from inventory.services.shipments import by_amazon_id

PARTNERED = "AMAZON_PARTNERED_CARRIER"


@dataclass(frozen=True, slots=True)
class Listed:
    """What a page of plans did; ``all_known``: nothing on it is new, changed or unopened."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    all_known: bool = False

    @property
    def counts(self) -> Mapping[str, int]:
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}


@dataclass(frozen=True, slots=True)
class Told:
    """A shipment as its plan tells it, with the transport option that was chosen.

    ``option`` None: none chosen, or stored already (``keeps_option``).
    """

    shipment: PlanShipment
    option: TransportationOption | None = None
    keeps_option: bool = False


def import_page(connection_id: int, page: Sequence[AmazonPlan]) -> Listed:
    """Store one page of plans. A plan that differs is to be opened again. Flushes."""
    found = select(InboundPlan).where(
        InboundPlan.connection_id == connection_id,
        InboundPlan.plan_id.in_([plan.plan_id for plan in page]),
    )
    known = {row.plan_id: row for row in db.session.scalars(found)}
    created = changed = 0
    for plan in page:
        row = known.get(plan.plan_id)
        if row is None:
            row = InboundPlan(connection_id=connection_id, plan_id=plan.plan_id, walked_at=None)
            row.is_unreadable = False
            known[plan.plan_id] = row
            created += 1
        elif _listed(row) != _as_listed(plan):
            row.walked_at = None
            changed += 1
        row.name, row.status, row.marketplace_id, row.created_at, row.updated_at = _as_listed(plan)
    db.session.add_all(known.values())
    db.session.flush()
    is_opened = all(row.walked_at or row.is_unreadable for row in known.values())
    unchanged = len(known) - created - changed
    return Listed(created, changed, unchanged, is_opened and not created and not changed)


def mark_unreadable(connection_id: int, plan_id: str, at: datetime) -> None:
    """Note that Amazon refuses to show this plan: it is not asked for again. Flushes."""
    row = _plan(connection_id, plan_id)
    row.is_unreadable, row.walked_at = True, at
    db.session.flush()


def join(
    connection_id: int,
    plan_id: str,
    told: Sequence[Told],
    run_id: int | None,
    *,
    opened_at: datetime | None = None,
    again: bool = False,
) -> list[int]:
    """Store what a plan knows of its shipments; return the ids of those that changed.

    Shipments are found by their FBA id. Marketplace, first-seen and expected dates follow.
    With ``opened_at`` a plan that never was (or any, ``again``) counts as opened then.
    Flushes; the caller lets the orders follow and commits.
    """
    connection = db.session.get_one(Connection, connection_id)
    plan = _plan(connection_id, plan_id)
    by_id = {one.shipment.confirmation_id: one for one in told if one.shipment.confirmation_id}
    rows = by_amazon_id(connection_id, [key for key in by_id if key])
    changed = []
    for amazon_id, row in rows.items():
        before = _facts(row)
        _take_over(row, plan, by_id[amazon_id])
        if _facts(row) != before:
            changed.append(row)
    changed += [
        row for row in destinations.place(connection, list(rows.values())) if row not in changed
    ]
    expectations.recompute(connection, changed, even_over=True, run_id=run_id, cause="amazon")
    if opened_at and (again or plan.walked_at is None):
        plan.walked_at = opened_at
    db.session.flush()
    return [row.id for row in changed]


def place_guessed(connection_id: int, run_id: int | None) -> list[int]:
    """Decide the guessed marketplaces again, with all that was learned; return what moved."""
    connection = db.session.get_one(Connection, connection_id)
    moved = destinations.place(connection, destinations.guessed(connection_id))
    expectations.recompute(connection, moved, even_over=True, run_id=run_id, cause="amazon")
    db.session.flush()
    return [row.id for row in moved]


def _take_over(row: Shipment, plan: InboundPlan, told: Told) -> None:
    shipment, option = told.shipment, told.option
    row.plan_id, row.plan_shipment_id = plan.plan_id, shipment.shipment_id
    row.destination_country = shipment.destination_country[:2]
    row.ready_to_ship_at = shipment.ready_to_ship_at
    row.window_start, row.window_end = shipment.window_start, shipment.window_end
    if not told.keeps_option:
        row.selected_option_id = option.option_id if option else ""
        row.mode = option.mode[:32] if option else ""
        row.solution = option.solution[:32] if option else ""
        row.carrier = option.carrier_name[:100] if option else ""
        row.pickup_at = option.appointment_start if option else None
        is_quoted = option is not None and option.solution == PARTNERED
        fee = option.quote_amount if option and is_quoted else None
        if fee != row.fee:
            row.fee_on = None if fee is None else _quoted_on(row)
        row.fee = fee
        row.fee_currency = (option.quote_currency or "") if option and fee is not None else ""
    if row.first_seen_source in ("name", "window", "today") and plan.created_at:
        row.first_seen_on = accounts.today(plan.created_at)
        row.first_seen_source = "plan"


def _quoted_on(row: Shipment) -> date:
    ready = accounts.today(row.ready_to_ship_at) if row.ready_to_ship_at else None
    return quoted_on(accounts.today(), ready, row.shipped_on)


def _facts(row: Shipment) -> tuple[Any, ...]:
    return (
        row.plan_id,
        row.plan_shipment_id,
        row.destination_country,
        row.ready_to_ship_at,
        row.window_start,
        row.window_end,
        row.selected_option_id,
        row.mode,
        row.solution,
        row.carrier,
        row.pickup_at,
        row.fee,
        row.fee_currency,
        row.first_seen_on,
        row.first_seen_source,
    )


def _listed(row: InboundPlan) -> tuple[Any, ...]:
    return (row.name, row.status, row.marketplace_id, row.created_at, row.updated_at)


def _as_listed(plan: AmazonPlan) -> tuple[Any, ...]:
    marketplace_id = plan.marketplace_ids[0] if plan.marketplace_ids else ""
    return (
        plan.name[:255],
        plan.status[:32],
        marketplace_id[:20],
        plan.created_at,
        plan.updated_at,
    )


def _plan(connection_id: int, plan_id: str) -> InboundPlan:
    return db.session.scalars(
        select(InboundPlan).where(
            InboundPlan.connection_id == connection_id, InboundPlan.plan_id == plan_id
        )
    ).one()
