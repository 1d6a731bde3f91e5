from datetime import date
from typing import Any

import pytest

from inventory.rules import orders
from inventory.rules.orders import Origin, Part, Place, Units

HERE = Place(1, "fba", 7, True)


def part(status: str = "SHIPPED", shipped: int = 10, received: int = 0, **known: Any) -> Part:
    blank = {"expected_on": date(2026, 12, 1), "expected_source": "first_seen"}
    return Part(status, lines={"A": (shipped, received)}, **{**blank, **known})


@pytest.mark.parametrize(
    ("order_type", "source", "origin"),
    [
        ("purchase", None, Origin("purchase", None)),
        ("purchase", Place(2, "own", None, True), Origin("purchase", None)),
        ("transfer", Place(2, "own", None, True), Origin("transfer", 2)),
        ("transfer", Place(3, "fbm", 7, True), Origin("transfer", 3)),
        ("transfer", None, Origin("purchase", None, True)),
        ("transfer", Place(2, "own", None, False), Origin("purchase", None, True)),
        ("transfer", Place(3, "fbm", 8, True), Origin("purchase", None, True)),
        ("transfer", Place(4, "combined", None, True), Origin("purchase", None, True)),
        ("transfer", Place(5, "fba", 7, True), Origin("purchase", None, True)),
        ("transfer", Place(1, "own", None, True), Origin("purchase", None, True)),
    ],
)
def test_a_transfer_needs_a_usable_source(
    order_type: str, source: Place | None, origin: Origin
) -> None:
    assert orders.origin(order_type, source, destination=HERE) == origin


@pytest.mark.parametrize(
    ("statuses", "known", "order_type", "least"),
    [
        (["SHIPPED"], "active", "active", "SHIPPED"),
        (["CLOSED"], "active", "closed", "CLOSED"),
        (["CANCELLED"], "active", "canceled", "CANCELLED"),
        (["RECEIVING", "SHIPPED"], "active", "active", "SHIPPED"),
        (["CLOSED", "RECEIVING"], "active", "active", "RECEIVING"),
        (["CLOSED", "CANCELLED"], "active", "closed", "CLOSED"),
        (["DELETED", "CANCELLED"], "active", "canceled", "CANCELLED"),
        (["WORKING"], "active", "active", "WORKING"),
        ([""], "closed", "closed", ""),
        (["RECEIVING"], "closed", "active", "RECEIVING"),
    ],
)
def test_an_orders_type_and_status_come_from_its_shipments(
    statuses: list[str], known: str, order_type: str, least: str
) -> None:
    parts = [part(status) for status in statuses]

    assert orders.type_of(parts, known) == order_type
    assert orders.least_advanced(parts) == least


@pytest.mark.parametrize(
    ("parts", "known", "changed", "name"),
    [
        ([part("IN_TRANSIT")], "Shipped", False, "In transit"),
        ([part("CLOSED", received=10)], "Receiving", True, "Closed"),
        ([part("CLOSED", received=9)], "Receiving", True, "Closed short"),
        ([part("IN_TRANSIT")], "On the boat", False, "On the boat"),
        ([part("CLOSED", received=10)], "On the boat", True, "Closed"),
        ([part("")], "", True, "Check in Seller Central"),
    ],
)
def test_a_name_people_gave_stays_while_its_type_does(
    parts: list[Part], known: str, changed: bool, name: str
) -> None:
    assert orders.name_of(parts, known, type_changed=changed) == name


def test_units_are_summed_and_one_shipments_overage_hides_no_shortage() -> None:
    over, short = part("RECEIVING", 10, 12), part("RECEIVING", 10, 4)

    assert orders.units([over, short]) == {"A": Units(20, 16, 6, sent=20)}
    assert orders.units([part("CLOSED", 10, 4)]) == {"A": Units(10, 4, 0, sent=10)}


def test_the_header_shows_the_last_outstanding_date() -> None:
    early = part(expected_on=date(2026, 12, 1), expected_source="pickup_delay")
    late = part(expected_on=date(2026, 12, 9), expected_source="delivery_window")
    done = part("CLOSED", expected_on=date(2026, 12, 24), expected_source="first_seen")

    assert orders.expected([early, late, done]) == (date(2026, 12, 9), "delivery_window")
    assert orders.expected([done]) == (date(2026, 12, 24), "first_seen")
    assert orders.expected([part(expected_on=None)]) == (None, "")


def test_an_order_is_closed_on_the_day_its_last_shipment_was() -> None:
    parts = [part("CLOSED", closed_on=date(2026, 11, day)) for day in (3, 9)]

    assert orders.closed_on(parts, "closed") == date(2026, 11, 9)
    assert orders.closed_on(parts, "active") is None
