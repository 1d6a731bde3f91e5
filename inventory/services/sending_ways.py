"""What people choose about the way: where the goods go, from when, with whom, when they arrive.

As ``sending_choices``: each is stored, raises ``Refused``, flushes, and leaves the commit.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from extensions import db
from inventory.models import Sending, SendingShipment
from inventory.rules.sending import Route
from inventory.services import accounts, sending_rows
from inventory.services.sending_choices import (
    ORDERED,
    OWN_CARRIER,
    PLACED,
    again,
    forget_options,
    go,
    offered,
    unchoose,
    waiting,
)
from inventory.services.sending_rows import Refused


def choose_placement(
    sending_id: int, option_id: str, *, split_ok: bool = False, user_id: int | None = None
) -> Sending:
    """Choose where the goods go; nothing is binding before ``confirm``.

    Where the order was not to be split and the option has several shipments, ``split_ok``
    says that it may be.
    """
    sending = waiting(sending_id)
    if PLACED in sending.done:
        raise Refused("The placement is confirmed already, and Amazon keeps to it.")
    option = offered(sending, "placement", option_id)
    rows = option.facts["shipments"]
    if sending.do_not_split and len(rows) > 1 and not split_ok:
        raise Refused(
            f"Amazon would split this into {len(rows)} shipments, and you asked not to. "
            "Say that it may be split, or choose another placement."
        )
    unchoose(sending, "placement")
    option.is_chosen = True
    sending.placement_option_id = option.option_id
    place_shipments(sending, rows)
    go(sending, user_id=user_id)
    return sending


def place_shipments(sending: Sending, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make the shipments those of the chosen placement; days that were told stay, in order."""
    before = sending_rows.shipments(sending)
    if [one.plan_shipment_id for one in before] == [row["id"] for row in rows]:
        return
    days = [one.ready_on for one in before]
    freight = [one.freight for one in before]
    for kind in ("transport", "window"):
        forget_options(sending, kind)
    for one in before:
        db.session.delete(one)
    db.session.flush()
    for number, row in enumerate(rows):
        told = number if number < len(days) else None
        db.session.add(
            SendingShipment(
                sending_id=sending.id,
                plan_shipment_id=row["id"],
                destination=row["destination"][:100],
                units=sum(row["units"].values()),
                ready_on=None if told is None else days[told],
                freight={} if told is None else freight[told],
            )
        )
    again(sending, "generateTransportationOptions")
    sending.placement_agreed_at = sending.transport_agreed_at = None
    db.session.flush()


def set_ready(
    sending_id: int,
    days: Mapping[str, date],
    freight: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    user_id: int | None = None,
) -> Sending:
    """Say from which day each shipment is ready to leave; for freight also pallets and value.

    ``days`` by ``plan_shipment_id``; ``freight`` by the same: ``freight_class``,
    ``declared_value``, ``currency``, ``pallets`` (dicts of quantity, length, width, height,
    length_unit, weight, weight_unit, is_stackable). Amounts are texts. Offers made for other
    days are asked for again.
    """
    sending = waiting(sending_id)
    if ORDERED in sending.done:
        raise Refused("Transport is ordered already.")
    rows = sending_rows.shipments(sending)
    if not rows:
        raise Refused("Choose where the goods go first.")
    for row in rows:
        day = days.get(row.plan_shipment_id)
        if day is None or day < accounts.today():
            raise Refused(f"Say from which day on, not in the past: {row.destination}.")
        row.ready_on = day
        row.freight = dict((freight or {}).get(row.plan_shipment_id, row.freight))
        if sending.route == Route.FREIGHT and not _is_told(row.freight):
            # Amazon offers carriers all the same, and refuses them in the end (FBA_INB_0352).
            raise Refused(f"Say class, value and pallets of the freight: {row.destination}.")
    sending.transport_agreed_at = None
    again(sending, "generateTransportationOptions")
    go(sending, user_id=user_id)
    return sending


def _is_told(freight: Mapping[str, Any]) -> bool:
    return all(freight.get(name) for name in ("freight_class", "declared_value", "pallets"))


def choose_transport(
    sending_id: int, chosen: Mapping[str, str], *, user_id: int | None = None
) -> Sending:
    """Choose a carrier's option for shipments: ``plan_shipment_id`` -> option.

    All shipments of a plan go with Amazon's partner, or all with carriers of one's own.
    """
    sending = waiting(sending_id)
    if ORDERED in sending.done:
        raise Refused("Transport is ordered already.")
    for plan_shipment_id, option_id in chosen.items():
        option = offered(sending, "transport", option_id, plan_shipment_id)
        for other in sending_rows.options(sending, "transport", plan_shipment_id):
            other.is_chosen = other.id == option.id
    _keep_one_solution(sending)
    sending.transport_agreed_at = None
    go(sending, user_id=user_id)
    return sending


def choose_window(
    sending_id: int, plan_shipment_id: str, option_id: str, *, user_id: int | None = None
) -> Sending:
    """Choose when a shipment of an own carrier arrives."""
    sending = waiting(sending_id)
    if f"confirmDeliveryWindowOptions:{plan_shipment_id}" in sending.done:
        raise Refused("The delivery window is confirmed already.")
    option = offered(sending, "window", option_id, plan_shipment_id)
    if option.facts.get("availability") == "BLOCKED":
        raise Refused("Amazon has no room in this window.")
    for other in sending_rows.options(sending, "window", plan_shipment_id):
        other.is_chosen = other.id == option.id
    go(sending, user_id=user_id)
    return sending


def _keep_one_solution(sending: Sending) -> None:
    solutions = {one.facts["solution"] for one in sending_rows.chosen(sending, "transport")}
    if len(solutions) > 1:
        raise Refused("All shipments go with Amazon’s partner, or all with carriers of your own.")
    if solutions and sending.route != Route.FREIGHT:
        is_own = solutions == {OWN_CARRIER}
        sending.route = Route.OWN_PARCEL if is_own else Route.PARTNERED_PARCEL
