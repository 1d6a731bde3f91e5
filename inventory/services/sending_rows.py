"""Sendings as they are: read for pages and for the job, and taken for one change."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Connection,
    ConnectionHealth,
    Listing,
    Sending,
    SendingBox,
    SendingLine,
    SendingOption,
    SendingProblem,
    SendingShipment,
    SendingState,
    SyncKind,
    SyncRun,
)
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.sending import LOOKS, Verdict, verdict
from inventory.services import accounts, syncs

#: A call whose answer takes longer is shown as unclear: within 5 seconds after a crash.
ANSWER = timedelta(seconds=3)
#: After a run that ended without bringing the sending to rest.
PAUSE = timedelta(minutes=1)
CREATE = "createInboundPlan"
OPTION_KINDS = ("packing", "placement", "transport", "window")
_ACCEPTED_BY = {
    "packing": "confirmPackingOption",
    "placement": "confirmPlacementOption",
    "transport": "confirmTransportationOptions",
}


class Refused(Exception):
    """The act is not possible. ``args[0]`` is a sentence for people."""


def get(sending_id: int) -> Sending | None:
    """Return a sending; ``None`` if there is none such."""
    return db.session.get(Sending, sending_id)


def current(order_id: int) -> Sending | None:
    """Return the newest sending of an order, under way or over; ``None`` if there is none."""
    found = sa.select(Sending).where(Sending.order_id == order_id).order_by(Sending.id.desc())
    return db.session.scalar(found.limit(1))


def under_way(order_id: int) -> Sending | None:
    """Return the one sending of an order that has not ended."""
    found = sa.select(Sending).where(Sending.order_id == order_id, Sending.ended_at.is_(None))
    return db.session.scalar(found)


def taken(sending_id: int) -> Sending:
    """Return a sending for one change: nobody else changes it until the caller commits.

    Raises ``Refused`` if there is none such.
    """
    found = sa.select(Sending).where(Sending.id == sending_id).with_for_update(of=Sending)
    sending = db.session.scalar(found.execution_options(populate_existing=True))
    if sending is None:
        raise Refused("There is no such sending any more.")
    return sending


def lines(sending: Sending) -> Sequence[SendingLine]:
    """Return its lines, by SKU."""
    found = sa.select(SendingLine).where(SendingLine.sending_id == sending.id)
    return db.session.scalars(found.order_by(SendingLine.seller_sku)).all()


def lines_with_asins(sending: Sending) -> Sequence[tuple[SendingLine, str]]:
    """Return its lines, each with the ASIN of its listing."""
    found = (
        sa.select(SendingLine, Listing.asin)
        .join(Listing, Listing.id == SendingLine.listing_id)
        .where(SendingLine.sending_id == sending.id)
        .order_by(SendingLine.seller_sku)
    )
    return [(line, asin) for line, asin in db.session.execute(found)]


def options(
    sending: Sending, kind: str, plan_shipment_id: str | None = None
) -> Sequence[SendingOption]:
    """Return what Amazon offers: "packing", "placement", "transport" or "window"; cheap first."""
    return _options(sending, SendingOption.kind == kind, *_of(plan_shipment_id))


def every_option(sending: Sending) -> dict[str, list[SendingOption]]:
    """Return kind -> its options as ``options`` has them, in one query."""
    rows: dict[str, list[SendingOption]] = {kind: [] for kind in OPTION_KINDS}
    for one in _options(sending):
        rows[one.kind].append(one)
    return rows


def chosen(
    sending: Sending, kind: str, plan_shipment_id: str | None = None
) -> Sequence[SendingOption]:
    """Return those of the options that were chosen: one, or one for each shipment."""
    of_kind = SendingOption.kind == kind
    return _options(sending, of_kind, SendingOption.is_chosen, *_of(plan_shipment_id))


def _of(plan_shipment_id: str | None) -> list[sa.ColumnElement[bool]]:
    if plan_shipment_id is None:
        return []
    return [SendingOption.plan_shipment_id == plan_shipment_id]


def _options(sending: Sending, *wanted: sa.ColumnExpressionArgument[bool]) -> list[SendingOption]:
    found = sa.select(SendingOption).where(SendingOption.sending_id == sending.id, *wanted)
    rows = db.session.scalars(found.order_by(SendingOption.id))
    return sorted(rows, key=lambda one: (one.plan_shipment_id, one.amount is None, one.amount or 0))


def shipments(sending: Sending) -> Sequence[SendingShipment]:
    """Return the shipments of the chosen placement."""
    found = sa.select(SendingShipment).where(SendingShipment.sending_id == sending.id)
    return db.session.scalars(found.order_by(SendingShipment.id)).all()


def boxes(sending: Sending) -> dict[str, list[SendingBox]]:
    """Return packing group (or shipment) -> its boxes, in their order."""
    found = sa.select(SendingBox).where(SendingBox.sending_id == sending.id)
    rows: dict[str, list[SendingBox]] = defaultdict(list)
    for box in db.session.scalars(found.order_by(SendingBox.place, SendingBox.number)):
        rows[box.place].append(box)
    return rows


def problems(sending: Sending) -> Sequence[SendingProblem]:
    """Return everything Amazon or the pre-flight objected to in all tries, newest try first."""
    found = sa.select(SendingProblem).where(SendingProblem.sending_id == sending.id)
    return db.session.scalars(
        found.order_by(SendingProblem.try_number.desc(), SendingProblem.id)
    ).all()


def open_problems(sending: Sending) -> Sequence[SendingProblem]:
    """Return those of the last try: what stands in the way now, and warnings."""
    return [one for one in problems(sending) if one.try_number == sending.tries]


def total_cost(sending: Sending) -> dict[str, Decimal]:
    """Return currency -> what all that is chosen costs; an unknown amount is left out."""
    total: dict[str, Decimal] = {}
    for kind in ("packing", "placement", "transport"):
        for one in chosen(sending, kind):
            if one.amount is not None:
                total[one.currency] = total.get(one.currency, Decimal(0)) + one.amount
    return total


def has_unknown_cost(sending: Sending) -> bool:
    """Return whether a chosen option costs something that Amazon named no number for."""
    kinds = ("packing", "placement", "transport")
    return any(one.facts.get("unknown") for kind in kinds for one in chosen(sending, kind))


def voidable_until(sending: Sending) -> datetime | None:
    """Return until when the carrier can be cancelled free of charge; ``None``: does not apply."""
    return sending.voidable_until


def expired(sending: Sending) -> list[SendingOption]:
    """Return the chosen options that are over by now and have not been accepted yet."""
    kinds = [kind for kind, act in _ACCEPTED_BY.items() if act not in sending.done]
    is_over = SendingOption.expires_at <= accounts.now()
    rows = _options(sending, SendingOption.kind.in_(kinds), SendingOption.is_chosen, is_over)
    return sorted(rows, key=lambda one: kinds.index(one.kind))


def shown_state(sending: Sending) -> SendingState:
    """Return the state to show: unclear also while a call is lost that nobody looked for yet.

    True at once after a crash, whoever looks.
    """
    is_lost = bool(sending.call) and not sending.operation_id and sending.called_at is not None
    if is_lost and accounts.now() - (sending.called_at or accounts.now()) > ANSWER:
        return SendingState.UNCLEAR
    return sending.state


def may_send_again(sending: Sending) -> bool:
    """Return whether a person may send the lost call again: Amazon shows nothing of it."""
    is_lost = sending.state == SendingState.UNCLEAR and not sending.operation_id
    return is_lost and verdict(0, sending.looks) == Verdict.OFFER


def seller_central(sending: Sending) -> str:
    """Return the address of the plan in Seller Central; empty without a plan."""
    place = MARKETPLACES.get(sending.marketplace_id)
    if place is None or not sending.plan_id:
        return ""
    return f"{place.seller_central}/fba/sendtoamazon/confirm_content_step?wf={sending.plan_id}"


def stranded() -> Sequence[Sending]:
    """Return the sendings that should be worked on and for which no run is queued or running."""
    found = (
        sa.select(Sending)
        .join(Connection, Connection.id == Sending.connection_id)
        .where(
            Connection.disabled_at.is_(None),
            Connection.health != ConnectionHealth.FAILING,
            sa.or_(
                Sending.state == SendingState.WORKING,
                # After the last look a person decides.
                sa.and_(Sending.state == SendingState.UNCLEAR, Sending.looks < len(LOOKS)),
            ),
            ~sa.exists().where(
                SyncRun.connection_id == Sending.connection_id,
                SyncRun.kind == SyncKind.SENDING,
                SyncRun.scope == sa.cast(Sending.id, sa.String),
                sa.or_(
                    SyncRun.state.in_(syncs.UNDER_WAY),
                    # Something is wrong with us: not every few seconds again.
                    SyncRun.finished_at > accounts.now() - PAUSE,
                ),
            ),
        )
    )
    return db.session.scalars(found.order_by(Sending.id)).all()


def queue(sending: Sending, *, user_id: int | None = None) -> None:
    """Let the background go on with it. Flushes."""
    syncs.request(
        sending.connection_id,
        SyncKind.SENDING,
        scope=str(sending.id),
        cause="person",
        user_id=user_id,
        priority=0,
    )
