"""Amounts of orders in another currency: on the order, and in the sums of a list."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from extensions import db
from inventory.rules import wording
from inventory.rules.rates import DayRate
from inventory.services import accounts, rates
from tests.factories import (
    link,
    make_connection,
    make_listing,
    make_order,
    make_order_line,
    make_shipment,
    make_warehouse,
)


def test_a_converted_quote_is_shown_with_its_original(client: FlaskClient) -> None:
    kept = [["554.10", "USD", "512.34", "0.92464170", "2026-11-03", "ecb"]]
    order = make_order(
        currency="EUR",
        shipping_handling=Decimal("512.34"),
        shipping_handling_source="amazon",
        converted_from=kept,
    )

    page = client.get(f"/purchase-orders/{order.id}").text

    assert "554.10 USD = 512.34 EUR, ECB rate of <time" in page
    order.shipping_handling_source = "user"
    db.session.commit()
    assert "554.10 USD" not in client.get(f"/purchase-orders/{order.id}").text


def test_a_quote_that_waits_for_a_rate_says_which(client: FlaskClient) -> None:
    order = make_order(currency="EUR", flags="fee_currency")
    shipment = make_shipment(fee=Decimal("554.10"), fee_currency="USD", fee_on=date(2026, 11, 3))
    link(order, shipment)

    page = client.get(f"/purchase-orders/{order.id}").text

    assert "554.10 USD quoted, no rate to EUR for <time" in page
    assert 'href="/settings/rates">Enter the rate</a>' in page


def make_paid(currency: str, amount: str, day: int = 3, **fields: Any) -> None:
    created = {"created_on": date(2026, 11, day), "shipping_handling_source": "amazon"}
    make_order(currency=currency, shipping_handling=Decimal(amount), **created, **fields)


def totals(client: FlaskClient, query: str = "") -> str:
    page = client.get(f"/purchase-orders/totals{query}", headers={"HX-Request": "true"}).text
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_fees_of_several_currencies_are_summed_in_the_accounts_own(client: FlaskClient) -> None:
    for code, day, rate in (("USD", 3, "1.25"), ("USD", 5, "2"), ("GBP", 5, "0.8")):
        give_rate(code, day, rate)
    make_paid("USD", "10.00", 3)
    make_paid("USD", "10.00", 6)
    make_paid("GBP", "8.00", 5)
    make_paid("EUR", "1.00", 1)

    told = totals(client)

    first, last = (wording.day(date(2026, 11, day), accounts.today()) for day in (3, 5))
    assert f"24.00 EUR, converted rates of {first} to {last}" in told  # 8 + 5 + 10 + 1
    for original in ("20.00 USD", "8.00 GBP", "1.00 EUR"):
        assert original in told


def test_a_list_of_one_connection_sums_in_its_reporting_currency(client: FlaskClient) -> None:
    give_rate("USD", 3, "1.25")
    connection = make_connection()
    make_paid("EUR", "8.00", destination_id=make_warehouse(connection=connection).id)

    assert "10.00 USD, converted" in totals(client, f"?connection={connection.id}")


def test_a_sum_without_a_rate_says_which_is_missing(client: FlaskClient) -> None:
    make_paid("AED", "8.00")

    told = totals(client)

    assert "no rate for AED 8.00 AED" in told
    assert "converted" not in told


def test_a_sum_in_the_accounts_own_currency_is_not_converted(client: FlaskClient) -> None:
    make_paid("EUR", "8.00")

    told = totals(client)

    assert "8.00" in told
    assert "converted" not in told


def give_rate(code: str, day: int, rate: str) -> None:
    rates.store([DayRate(code, date(2026, 11, day), Decimal(rate))])
    db.session.commit()


def test_a_unit_costs_what_its_total_says(client: FlaskClient) -> None:
    order = make_order(currency="USD", origin="local")
    for cost, units in (("3.333", 120), ("1.50", 5), ("2", 1)):
        make_order_line(order, unit_cost=Decimal(cost), units_ordered=units)

    pages = [client.get(f"/purchase-orders/{order.id}{of}").text for of in ("", "/print", "/email")]

    for page in pages:
        for cost in ("3.333", "1.50", "2.00"):
            assert cost in page
    assert "399.96" in pages[1]
    assert "1.500" not in pages[0]


def test_an_amount_entered_by_hand_is_no_estimate(client: FlaskClient) -> None:
    make_paid("USD", "10.00")
    assert "by hand" not in client.get("/purchase-orders").text

    make_order(shipping_handling=Decimal(7), shipping_handling_source="user")

    assert "7.00<small>by hand</small>" in client.get("/purchase-orders").text


@pytest.mark.parametrize(
    ("code", "fee", "shown"), [("KWD", "0.010", ("0.010", "1.005")), ("VND", "10", ("10", "6"))]
)
def test_fees_are_spread_in_the_decimals_of_a_vendor_s_currency(
    client: FlaskClient, code: str, fee: str, shown: tuple[str, str]
) -> None:
    home = make_warehouse()
    make_listing(connection_id=home.connection_id, seller_sku="HK-1")
    data = {"destination_id": home.id, "status": "Open", "rounding": "up", "spread_by": "value"}
    data |= {"currency": code, "lines": "HK-1 2 1", "shipping_handling": fee}

    answer = client.post("/purchase-orders/new", data=data)

    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert f"{code}" in page
    for amount in shown:
        assert f">{amount}<" in page.replace("\n", "").replace(" ", "")
