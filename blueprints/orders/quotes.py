"""How an order's page tells of quotes in another currency than the order's."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from blueprints.presentation import day, money
from inventory.models import Shipment, StockOrder
from inventory.rules import flags

SOURCES = {
    "ecb": "ECB rate of",
    "file": "rate from a file, of",
    "user": "rate entered by hand for",
}


def conversions(order: StockOrder) -> list[Markup]:
    """Return "554.10 USD = 512.34 EUR, ECB rate of 3 Nov" for each quote that was converted."""
    if order.shipping_handling_source != "amazon":
        return []
    return [
        Markup("{} = {}, {} {}").format(
            money(Decimal(amount), currency),
            money(Decimal(converted), order.currency),
            SOURCES[source],
            day(date.fromisoformat(on)),
        )
        for amount, currency, converted, _rate, on, source in order.converted_from
    ]


def untaken(order: StockOrder, shipments: Iterable[Shipment]) -> list[Markup]:
    """Return "364.11 USD quoted" for each quote that no setting lets onto the order."""
    if order.shipping_handling is not None or flags.has(order.flags, "fee_currency"):
        return []
    return [
        Markup("{} quoted").format(money(one.fee, one.fee_currency))
        for one in shipments
        if one.fee is not None
    ]


def unconverted(order: StockOrder, shipments: Iterable[Shipment]) -> list[Markup]:
    """Return "554.10 USD quoted, no rate to EUR for 3 Nov" for each quote that has to wait."""
    if not flags.has(order.flags, "fee_currency"):
        return []
    return [
        Markup("{} quoted, no rate to {} for {}").format(
            money(one.fee, one.fee_currency), order.currency, day(one.fee_on or one.first_seen_on)
        )
        for one in shipments
        if one.fee is not None and one.fee_currency != order.currency
    ]
