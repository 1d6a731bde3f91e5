"""Fees in the order's currency, sums in one, and what lacks a rate."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from extensions import db
from inventory.models import Connection, Shipment, StockOrder
from inventory.rules.rates import DayRate
from inventory.services import history, money, order_saving, orders, rates
from inventory.services.money import Lack, Total
from tests.factories import (
    link,
    make_connection,
    make_order,
    make_shipment,
    make_shipment_line,
    make_warehouse,
)

DAY = date(2026, 11, 3)
GERMANY = "A1PA6795UKMFR9"


def give(**by_code: str) -> None:
    rates.store([DayRate(code, DAY, Decimal(rate)) for code, rate in by_code.items()])
    db.session.commit()


@pytest.fixture
def germany(app: Flask) -> Connection:
    return make_connection(region="EU", primary_marketplace_id=GERMANY, sync_fees=True)


def make_quoted(
    connection: Connection, *quotes: str, currency: str = "EUR"
) -> tuple[StockOrder, list[Shipment]]:
    place = make_warehouse(connection=connection, marketplace_id=GERMANY, country="DE")
    order = make_order(destination_id=place.id, currency=currency, origin="local", created_on=DAY)
    shipments = []
    for quote in quotes:
        amount, own = quote.split()
        shipment = make_shipment(
            connection_id=connection.id,
            warehouse_id=place.id,
            fee=Decimal(amount),
            fee_currency=own,
            fee_on=DAY,
        )
        make_shipment_line(shipment)
        link(order, shipment)
        shipments.append(shipment)
    follow(connection, shipments)
    return order, shipments


def follow(connection: Connection, shipments: list[Shipment]) -> None:
    orders.follow(connection.id, [one.id for one in shipments], None)
    db.session.commit()


@pytest.mark.parametrize("is_on", [True, False])
def test_a_fee_follows_the_currency_of_its_order(germany: Connection, is_on: bool) -> None:
    give(USD="1.0815")
    order, _ = make_quoted(germany, "554.10 USD", currency="USD")
    germany.sync_fees = is_on  # switched off, past amounts stay

    order_saving.save(order, {"currency": "EUR"}, [], version=None, user_id=None)

    assert (order.shipping_handling, order.shipping_handling_source) == (
        Decimal("512.34"),
        "amazon",
    )
    assert [one[0] for one in order.converted_from] == ["554.10"]
    told = " ".join(one.summary for one in history.history("order", order.id))
    assert "554.10 EUR" not in told  # never so many of the other currency


def test_a_quote_in_another_currency_is_converted_and_its_original_kept(
    germany: Connection,
) -> None:
    give(USD="1.0815", GBP="0.87")

    order, _ = make_quoted(germany, "554.10 USD", "20.00 EUR", "8.70 GBP")

    assert order.shipping_handling == Decimal("542.34")  # 512.34 + 20 + 10
    assert order.shipping_handling_source == "amazon"
    assert order.flags == ""
    assert order.converted_from == [
        ["554.10", "USD", "512.34", "0.92464170", "2026-11-03", "ecb"],
        ["8.70", "GBP", "10.00", "1.14942529", "2026-11-03", "ecb"],
    ]


def test_a_quote_without_a_rate_is_flagged_until_there_is_one(germany: Connection) -> None:
    order, _ = make_quoted(germany, "554.10 USD")
    before = (order.shipping_handling, order.flags)

    give(USD="1.0815")
    followed = money.follow_rates()
    db.session.commit()

    assert before == (None, "fee_currency")
    assert followed == 1
    assert (order.shipping_handling, order.flags) == (Decimal("512.34"), "")
    assert money.follow_rates() == 0


def test_a_persons_amount_is_not_converted(germany: Connection) -> None:
    give(USD="1.0815")
    order, shipments = make_quoted(germany)
    order.shipping_handling, order.shipping_handling_source = Decimal(9), "user"
    db.session.commit()

    shipments = [make_shipment(connection_id=germany.id, fee=Decimal(1), fee_currency="USD")]
    link(order, shipments[0])
    follow(germany, shipments)

    assert (order.shipping_handling, order.converted_from) == (Decimal(9), [])


def test_a_new_primary_marketplace_rewrites_no_amount(germany: Connection) -> None:
    give(USD="1.0815", GBP="0.87")
    order, shipments = make_quoted(germany, "554.10 USD")
    before = (order.shipping_handling, order.currency, order.converted_from)

    germany.primary_marketplace_id = "A1F83G8C2ARO7P"
    follow(germany, shipments)

    assert (order.shipping_handling, order.currency, order.converted_from) == before
    assert money.reporting_currency(germany.id) == "GBP"
    assert money.reporting_currency() == "EUR"


def test_a_sum_is_rounded_once_and_names_the_days_of_its_rates(app: Flask) -> None:
    give(USD="3")
    friday = date(2026, 11, 6)
    amounts = [(Decimal("0.01"), "USD", DAY)] * 3 + [(Decimal(1), "EUR", friday)]

    assert money.total(amounts, "EUR") == Total("EUR", Decimal("1.01"), DAY, DAY)
    assert money.total([], "EUR") == Total("EUR", Decimal(0), None, None)


def test_a_sum_with_an_unknown_rate_is_no_number(app: Flask) -> None:
    give(USD="2")
    amounts = [(Decimal(n), code, DAY) for n, code in ((1, "USD"), (2, "AED"), (3, "AED"))]

    total = money.total(amounts, "EUR")

    assert (total.amount, total.missing) == (None, (("AED", Decimal(5)),))


def test_tells_which_stored_amounts_lack_a_rate(germany: Connection) -> None:
    give(GBP="0.87")
    make_quoted(germany, "554.10 USD", "1.00 USD", "8.70 GBP")
    place = make_warehouse(connection=germany, country="AE", marketplace_id="A2VIGQ35RCS4UG")
    for day in (5, 9):
        make_order(
            destination_id=place.id,
            currency="AED",
            shipping_handling=Decimal(7),
            created_on=date(2026, 10, day),
        )

    assert money.lacking() == [
        Lack("AED", 2, date(2026, 10, 5), date(2026, 10, 9)),
        Lack("USD", 2, DAY, DAY),
    ]


def test_nothing_lacks_a_rate_where_all_is_in_one_currency(germany: Connection) -> None:
    make_quoted(germany, "554.10 EUR")

    assert money.lacking() == []
