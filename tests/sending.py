"""An order on its way to the simulated Amazon, and a person who decides what is asked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask, current_app

from extensions import db
from inventory.models import (
    Connection,
    Sending,
    SendingState,
    StockOrder,
    SyncKind,
    SyncRun,
    SyncState,
    Warehouse,
)
from inventory.rules.boxes import Box
from inventory.rules.sending import ACTS, Route
from inventory.rules.ship_from import ShipFrom
from inventory.services import accounts, sendings, syncs
from inventory.services.sending_links import NOTHING
from jobs.heart import Heart
from jobs.worker import HANDLERS, work_one
from simulator import IN_MEMORY, Simulator
from tests.factories import make_listing, make_order, make_order_line
from tests.story import amazon_http, connect

US = "ATVPDKIKX0DER"
SHIP_FROM = ShipFrom(
    "Harbour Kitchen Depot", "12 Pier Road", "", "Portland", "ME", "04101", "US", "2075550100"
)
#: Listings without a quirk at the simulated Amazon.
PLAIN = (0, 3, 4, 8)
#: A listing whose prep category Amazon does not know.
UNPREPARED = 11
PARTNERED, OWN = "AMAZON_PARTNERED_CARRIER", "USE_YOUR_OWN_CARRIER"
ROUTES = ("partnered_parcel", "own_parcel", "freight")
PALLETS = [
    {"quantity": 2, "length": "48", "width": "40", "height": "60", "length_unit": "IN",
     "weight": "400", "weight_unit": "LB"}
]  # fmt: skip
FREIGHT = {
    "freight_class": "FC_70", "declared_value": "900", "currency": "USD", "pallets": PALLETS,
}  # fmt: skip


@dataclass
class Trip:
    """One order, one connection, one simulated Amazon; time passes only by waiting."""

    amazon: Simulator
    heart: Heart
    clock: Any
    connection_id: int
    order_id: int
    route: str = "partnered_parcel"
    parts: int = 1
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> StockOrder:
        return db.session.get_one(StockOrder, self.order_id, populate_existing=True)

    @property
    def sending(self) -> Sending:
        found = sendings.current(self.order_id)
        assert found is not None
        db.session.refresh(found)
        return found

    @property
    def plans(self) -> list[dict[str, Any]]:
        return self.amazon.made_plans()

    def sku(self, index: int) -> str:
        """The SKU of one of Amazon's listings."""
        return str(self.amazon.moment("NA").world.listings[index].sku)

    def choices(self, **fields: Any) -> sendings.Choices:
        given = {"ship_from": SHIP_FROM, "route": self.route, **self.fields, **fields}
        return sendings.Choices(**given)

    def begin(self, **fields: Any) -> Sending:
        sending = sendings.begin(self.order, self.choices(**fields), user_id=None)
        db.session.commit()
        return sending

    def work(self) -> bool:
        """Work the first run that may run; its calls take no time."""
        db.session.rollback()
        with current_app.app_context():
            return work_one(self.heart, kind=SyncKind.SENDING, handlers=HANDLERS)

    def settle(self) -> Sending:
        """Work until a person is asked or it is over; the clock moves on to what waits."""
        for _ in range(200):
            while self.work():
                pass
            sending = self.sending
            waits = self._next_run()
            db.session.commit()
            if waits is None:
                return sending
            self.clock.shift(max(timedelta(), waits - accounts.now()) + timedelta(seconds=1))
        raise AssertionError("it never comes to rest")

    def sync(self, *kinds: SyncKind) -> None:
        """Read again what Amazon shows, and work off all that is queued by it."""
        for kind in kinds or (SyncKind.SHIPMENTS, SyncKind.PLANS):
            syncs.request(self.connection_id, kind, cause="person")
            db.session.commit()
            with current_app.app_context():
                while work_one(self.heart):
                    pass
        db.session.expire_all()

    def run(self, until: str = "") -> Sending:
        """Begin, and decide what is asked until it is over (or until the step ``until``)."""
        known = sendings.current(self.order_id)
        if known is None or known.state in NOTHING:
            self.begin()
        for _ in range(30):
            sending = self.settle()
            if sending.ended_at is not None or (until and sending.step == until):
                return sending
            if not self.decide(sending):
                return sending
            db.session.commit()
        raise AssertionError(f"it goes round in circles: {self.sending.message}")

    def decide(self, sending: Sending) -> bool:
        """Do the next thing a person would; False when nothing is left to decide."""
        if sendings.may_send_again(sending):
            sendings.send_again(sending.id)
            return True
        is_asked = sending.state == SendingState.WAITING and sending.step != "plan"
        if not is_asked or sending.refused or sending.call:
            return False
        return bool(_decide(self, sending))

    def _next_run(self) -> Any:
        found = sa.select(sa.func.min(SyncRun.not_before)).where(
            SyncRun.kind == SyncKind.SENDING, SyncRun.state == SyncState.QUEUED
        )
        return db.session.scalar(found)


def is_sent(trip: Trip) -> None:
    """One plan, the order locked, its shipments known."""
    sending = trip.sending
    assert sending.state == SendingState.DONE, sending.message
    (plan,) = trip.plans
    assert plan["status"] == "ACTIVE"
    assert [row.amazon_shipment_id for row in sendings.shipments(sending)] == plan["shipments"]
    assert trip.order.locked_at is not None


def calls_of(route: str) -> list[str]:
    """What changes something at Amazon on a route, in order, from plan to transport.

    Only own carriers need delivery windows; freight goes here with Amazon's partner.
    """
    has_windows = route == "own_parcel"
    return [act.operation for act in ACTS[Route(route)] if has_windows or not act.per_shipment]


def _decide(trip: Trip, sending: Sending) -> object:
    if over := sendings.expired(sending):
        return sendings.regenerate(sending.id, over[0].kind)
    places = sendings.places(sending)
    boxes = sendings.boxes(sending)
    if sending.step == "packing" and not sending.packing_option_id and trip.route != "freight":
        option = sendings.options(sending, "packing")[0]
        return sendings.choose_packing(sending.id, option.option_id)
    for place in places:
        if place not in boxes:
            return sendings.set_boxes(sending.id, place, [box(places[place])])
    if not sending.placement_option_id:
        option = next(
            one
            for one in sendings.options(sending, "placement")
            if len(one.facts["shipments"]) == trip.parts
        )
        return sendings.choose_placement(sending.id, option.option_id)
    rows = sendings.shipments(sending)
    is_placing = trip.route == "freight" and sending.placed_at is None
    if not is_placing and any(row.ready_on is None for row in rows):
        day = accounts.today() + timedelta(days=3)
        freight = {row.plan_shipment_id: FREIGHT for row in rows}
        return sendings.set_ready(
            sending.id,
            {row.plan_shipment_id: day for row in rows},
            freight if trip.route == "freight" else None,
        )
    if not is_placing and len(sendings.chosen(sending, "transport")) < len(rows):
        return sendings.choose_transport(
            sending.id, {row.plan_shipment_id: carrier(trip, sending, row) for row in rows}
        )
    if sending.transport_agreed_at is None or sending.placement_agreed_at is None:
        return sendings.confirm(sending.id)
    for row in rows:
        if not sendings.chosen(sending, "window", row.plan_shipment_id):
            window = sendings.options(sending, "window", row.plan_shipment_id)[0]
            return sendings.choose_window(sending.id, row.plan_shipment_id, window.option_id)
    return None


def carrier(trip: Trip, sending: Sending, row: Any) -> str:
    wanted = OWN if trip.route == "own_parcel" else PARTNERED
    return next(
        one.option_id
        for one in sendings.options(sending, "transport", row.plan_shipment_id)
        if one.facts["solution"] == wanted
    )


def box(units: dict[str, int], count: int = 4) -> Box:
    """Identical boxes that hold all of the units."""
    size = (Decimal(40), Decimal(30), Decimal(20))
    return Box(
        count, *size, Decimal("9.5"), {sku: number // count for sku, number in units.items()}
    )


def make_sendable_order(
    connection: Connection, amazon: Simulator, skus: Sequence[int] = PLAIN, **fields: Any
) -> StockOrder:
    """An order of 24 units of each of Amazon's listings, by number, to the United States."""
    warehouse = db.session.scalars(
        sa.select(Warehouse).where(
            Warehouse.connection_id == connection.id, Warehouse.marketplace_id == US
        )
    ).one()
    listings = amazon.moment("NA").world.listings
    order = make_order(
        **{
            "destination_id": warehouse.id,
            "reference": "PO-1042",
            "origin": "local",
            "status": "Open",
            **fields,
        }
    )
    for index in skus:
        listing = make_listing(
            connection_id=connection.id,
            seller_sku=listings[index].sku,
            asin=listings[index].asin,
            fnsku=listings[index].fnsku,
        )
        make_order_line(order, listing_id=listing.id, units_ordered=24, units_outstanding=24)
    order.line_count = len(skus)
    order.units_ordered = order.units_outstanding = 24 * len(skus)
    db.session.commit()
    return order


@contextmanager
def set_out(
    app: Flask, skus: Sequence[int] = PLAIN, scenario: str = "small", **fields: Any
) -> Iterator[Trip]:
    """A seller with one order, in front of a fresh Amazon whose clock moves by waiting."""
    with time_machine.travel(accounts.now()) as clock:
        amazon = Simulator(IN_MEMORY, scenario, limits=False)
        app.extensions["amazon_http"] = amazon_http(amazon)
        connection = connect()
        order = make_sendable_order(connection, amazon, skus)
        heart = Heart(app, "process", wait=lambda _event, seconds: clock.shift(seconds))
        try:
            yield Trip(amazon, heart, clock, connection.id, order.id, **fields)
        finally:
            amazon.close()
