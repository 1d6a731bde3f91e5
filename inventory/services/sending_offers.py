"""What Amazon offers for a sending, kept for people to choose from; and what became real.

Everything flushes; the job commits. Amounts are without discounts, in Amazon's currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from amazon.option_types import DeliveryWindow, Incentive, PackingOption, PlacementOption
from amazon.plan_types import PlanShipment, TransportationOption
from extensions import db
from inventory.models import Sending, SendingOption, SyncKind
from inventory.rules.sending import Route
from inventory.services import accounts, sending_rows, sending_ways, syncs

PARTNERED = "AMAZON_PARTNERED_CARRIER"
#: Shipments just made are read so soon, and the plans for their carriers and quotes.
SOON = 2


@dataclass(frozen=True, slots=True)
class Offer:
    """One option: ``signature`` tells which of those asked for before it replaces."""

    option_id: str
    signature: tuple[Any, ...]
    facts: dict[str, Any]
    amount: Decimal | None = None
    currency: str = ""
    expires_at: datetime | None = None
    shipment_id: str = ""


def packing(option: PackingOption, units: Mapping[str, Mapping[str, int]]) -> Offer:
    """Return a packing option; ``units`` maps its groups to SKU -> units."""
    groups = [{"id": one, "units": dict(units[one])} for one in option.group_ids]
    facts = {
        "groups": groups,
        "shipping": [list(way) for way in option.shipping],
        "max_weight": str(option.max_weight or ""),
        "weight_unit": option.weight_unit,
        "fees": _told(option.fees),
        "discounts": _told(option.discounts),
        "unknown": _is_unknown(option.fees),
    }
    signature = tuple(sorted(tuple(sorted(one["units"])) for one in groups))
    amount, currency = _amount(option.fees, option.discounts)
    return Offer(option.option_id, signature, facts, amount, currency, option.expires_at)


def placement(option: PlacementOption, rows: Sequence[Mapping[str, Any]]) -> Offer:
    """Return a placement option; ``rows`` are its shipments: id, destination, city, units."""
    facts = {
        "shipments": [dict(row) for row in rows],
        "fees": _told(option.fees),
        "discounts": _told(option.discounts),
        "unknown": _is_unknown(option.fees),
    }
    signature = (len(rows), *sorted(row["destination"] for row in rows))
    amount, currency = _amount(option.fees, option.discounts)
    return Offer(option.option_id, signature, facts, amount, currency, option.expires_at)


def transport(option: TransportationOption) -> Offer:
    """Return a carrier's option; own carriers have no amount, and so may broken quotes."""
    facts = {
        "mode": option.mode,
        "solution": option.solution,
        "carrier": option.carrier_name,
        "preconditions": list(option.preconditions),
        "pickup_from": _iso(option.appointment_start),
        "pickup_until": _iso(option.appointment_end),
        "unknown": option.solution == PARTNERED and option.quote_amount is None,
    }
    return Offer(
        option.option_id,
        (option.carrier_name, option.mode, option.solution),
        facts,
        option.quote_amount,
        (option.quote_currency or "")[:3],
        option.quote_expires_at,
        option.shipment_id,
    )


def window(shipment_id: str, one: DeliveryWindow) -> Offer:
    """Return a delivery window of a shipment."""
    facts = {
        "availability": one.availability,
        "start": _iso(one.start),
        "end": _iso(one.end),
    }
    signature = (_iso(one.start),)
    return Offer(
        one.option_id, signature, facts, expires_at=one.valid_until, shipment_id=shipment_id
    )


def store(sending: Sending, kind: str, offers: Sequence[Offer], shipment_id: str = "") -> None:
    """Replace the options of a kind (of one shipment); what was chosen stays chosen where the
    same is offered again, with what it cost before."""
    only = shipment_id or None
    before = {
        (one.plan_shipment_id, *_signature(one)): one
        for one in sending_rows.options(sending, kind, only)
    }
    known = [(one.amount, one.amount_before, one.is_chosen) for one in before.values()]
    earlier = dict(zip(before, known, strict=True))
    for old in sending_rows.options(sending, kind, only):
        db.session.delete(old)
    db.session.flush()
    rows = [_row(sending, kind, offer, earlier) for offer in offers]
    if kind == "packing" and len(rows) == 1:
        rows[0].is_chosen = True
    db.session.add_all(rows)
    db.session.flush()
    chosen = next((row for row in rows if row.is_chosen), None)
    if kind == "packing":
        sending.packing_option_id = chosen.option_id if chosen else ""
    if kind == "placement":
        sending.placement_option_id = chosen.option_id if chosen else ""
        sending_ways.place_shipments(sending, chosen.facts["shipments"] if chosen else [])


def _row(
    sending: Sending, kind: str, offer: Offer, earlier: Mapping[tuple[Any, ...], tuple[Any, ...]]
) -> SendingOption:
    amount, amount_before, was_chosen = earlier.get(
        (offer.shipment_id, *offer.signature), (None, None, False)
    )
    if amount == offer.amount:
        amount = amount_before
    return SendingOption(
        sending_id=sending.id,
        kind=kind,
        plan_shipment_id=offer.shipment_id,
        option_id=offer.option_id,
        facts={**offer.facts, "signature": list(offer.signature)},
        amount=offer.amount,
        currency=offer.currency,
        expires_at=offer.expires_at,
        is_chosen=was_chosen,
        amount_before=amount,
    )


def place(sending: Sending, real: Sequence[PlanShipment]) -> None:
    """The placement is binding: its shipments have their FBA ids, and are read at once."""
    sending.placed_at = accounts.now()
    found = {one.shipment_id: one.confirmation_id or "" for one in real}
    for row in sending_rows.shipments(sending):
        row.amazon_shipment_id = found.get(row.plan_shipment_id, "")[:32]
        if row.amazon_shipment_id:
            syncs.request(
                sending.connection_id,
                SyncKind.SHIPMENTS,
                scope=row.amazon_shipment_id,
                priority=SOON,
            )
    db.session.flush()


def pack(sending: Sending, box_ids: Mapping[str, Sequence[str]]) -> None:
    """Keep the ids on the boxes' labels: shipment -> ids."""
    for row in sending_rows.shipments(sending):
        row.box_ids = list(box_ids.get(row.plan_shipment_id, row.box_ids))
    db.session.flush()


def order(sending: Sending, confirmed: Sequence[TransportationOption]) -> None:
    """Transport is ordered: keep what it costs now, and until when it can be cancelled free."""
    sending.transport_confirmed_at = accounts.now()
    untils = [one.voidable_until for one in confirmed if one.voidable_until]
    sending.voidable_until = min(untils, default=None)
    quotes = {(one.shipment_id, one.option_id): one for one in confirmed}
    for row in sending_rows.options(sending, "transport"):
        quote = quotes.get((row.plan_shipment_id, row.option_id))
        row.is_chosen = quote is not None
        if quote and quote.quote_amount is not None and quote.quote_amount != row.amount:
            row.amount_before, row.amount = row.amount, quote.quote_amount
    if sending.route != Route.PLAN_ONLY:
        syncs.request(sending.connection_id, SyncKind.PLANS, priority=SOON)
    db.session.flush()


def prepared(sending: Sending) -> None:
    """The prep details that a person wanted are set."""
    sending.done = [one for one in sending.done if one != "setPrepDetails"]
    for line in sending_rows.lines(sending):
        line.is_prep_wanted = False
    db.session.flush()


def _signature(option: SendingOption) -> tuple[Any, ...]:
    return tuple(
        tuple(one) if isinstance(one, list) else one for one in option.facts.get("signature", ())
    )


def _amount(
    fees: Sequence[Incentive], discounts: Sequence[Incentive]
) -> tuple[Decimal | None, str]:
    """Return what it costs in all; nothing told is nothing to pay."""
    known = [(one.amount, 1) for one in fees] + [(one.amount, -1) for one in discounts]
    if any(amount is None for amount, _ in known):
        return None, next((one.currency for one in fees), "")[:3]
    total = sum((amount * sign for amount, sign in known if amount is not None), Decimal(0))
    return total, next((one.currency for one in (*fees, *discounts)), "")[:3]


def _is_unknown(fees: Sequence[Incentive]) -> bool:
    return any(one.amount is None for one in fees)


def _told(incentives: Sequence[Incentive]) -> list[dict[str, str]]:
    return [
        {
            "description": one.description,
            "type": one.type,
            "amount": "" if one.amount is None else str(one.amount),
            "currency": one.currency,
        }
        for one in incentives
    ]


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
