"""What a row of an order list says, made in Python: a template cell is then one value."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from blueprints import cells, states
from blueprints.presentation import plain_money
from inventory.models import StatusType
from inventory.rules import flags
from inventory.services.choices import Choice


class OrderRow(NamedTuple):
    url: str
    reference: str
    badges: Markup
    second: str
    status_word: str
    status: Markup
    source: str
    destination: str
    expected: Markup
    ordered: int
    received: int
    outstanding: int
    fee: str
    currency: str


def order_rows(
    found: Sequence[Any],
    path: str,
    places: Mapping[int, Choice],
    shipments: Mapping[int, Sequence[Any]],
) -> list[OrderRow]:
    """Return the rows of a page; ``path`` is the list's, which an order's page hangs on."""
    return [_row(row, path, places, shipments.get(row.id, ())) for row in found]


def badges(row: Any) -> Markup:
    """Return what is exceptional about an order: flags, and units received beyond the order."""
    if not (row.flags or row.source_missing or row.units_received > row.units_ordered):
        return Markup()
    words = flags.words(row.flags)
    if row.source_missing and "source_missing" not in words:
        words.append("source_missing")
    shown = [states.flags(",".join(words))]
    if row.units_received > row.units_ordered:
        over = row.units_received - row.units_ordered
        shown.append(states.badge(f"{over} over", "info", "circle-plus"))
    return Markup(" ").join(one for one in shown if one)


def _row(row: Any, path: str, places: Mapping[int, Choice], shipments: Sequence[Any]) -> OrderRow:
    destination = places[row.destination_id].name if row.destination_id in places else "–"
    base = None
    for shipment in shipments:
        if shipment.expected_on == row.expected_on:
            base = cells.counted_from(shipment, row.expected_source)
    return OrderRow(
        f"{path}/{row.id}",
        row.reference,
        badges(row),
        row.extra_reference or _shipments(row.reference, shipments),
        row.status,
        states.status(row.status),
        places[row.source_id].name if row.source_id in places else "–",
        destination,
        cells.expected(
            row.expected_on,
            row.expected_source,
            base,
            is_open=row.status_type == StatusType.ACTIVE and row.units_outstanding > 0,
        ),
        row.units_ordered,
        row.units_received,
        row.units_outstanding,
        plain_money(row.shipping_handling, row.currency),
        row.currency if row.shipping_handling is not None else "",
    )


def _shipments(reference: str, shipments: Sequence[Any]) -> str:
    if len(shipments) > 1:
        return f"{len(shipments)} shipments"
    ids = [one.amazon_shipment_id for one in shipments if one.amazon_shipment_id != reference]
    return ids[0] if ids else ""
