"""What a row of a shipment list says, made in Python: a template cell is then one value."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from blueprints import cells, states
from inventory.models import OrderKind
from inventory.rules import flags
from inventory.rules.shipments import display_name
from inventory.services.choices import Choice

PATHS = {OrderKind.PURCHASE: "/purchase-orders", OrderKind.TRANSFER: "/transfer-orders"}
#: Who said which marketplace a shipment belongs to, where nobody could know.
GUESSES = ("fc", "country", "primary")
#: Flags that say where a shipment stands better than its last known status.
PUZZLING = ("unknown_status", "amazon_error", "conflicting")


class ShipmentRow(NamedTuple):
    url: str
    fba_id: str
    badges: Markup
    name: str
    status_word: str
    status: Markup
    warehouse: str
    guess: Markup
    fc: str
    mode: str
    solution: str
    expected: Markup
    shipped: int
    received: int
    outstanding: int
    order: str
    order_url: str


def shipment_rows(
    found: Sequence[Any], root: str, places: Mapping[int, Choice], orders: Mapping[int, Any]
) -> list[ShipmentRow]:
    """Return the rows of a page; ``root`` is what all addresses of the app begin with."""
    return [_row(row, root, places, orders.get(row.id)) for row in found]


def word(shipment: Any) -> str:
    """Return a shipment's status as people read it: where it stands, unless Amazon's last word
    means nothing to us."""
    puzzling = (
        any(flags.has(shipment.flags, name) for name in PUZZLING) if shipment.flags else False
    )
    status = shipment.amazon_status if puzzling or not shipment.status else shipment.status
    is_short = shipment.units_received < shipment.units_shipped
    return display_name(status, is_short=is_short)


def badges(shipment: Any) -> Markup:
    """Return what is exceptional about a shipment; a guess is told beside the destination."""
    if not shipment.flags and shipment.units_received <= shipment.units_shipped:
        return Markup()
    words = [flag for flag in flags.words(shipment.flags) if flag != "marketplace_guess"]
    shown = [states.flags(",".join(words))]
    if shipment.units_received > shipment.units_shipped:
        over = shipment.units_received - shipment.units_shipped
        shown.append(states.badge(f"{over} over", "info", "circle-plus"))
    return Markup(" ").join(one for one in shown if one)


def order_url(root: str, order: Any) -> str:
    """Return the address of an order's page."""
    return f"{root}{PATHS[order.kind]}/{order.id}"


def _row(row: Any, root: str, places: Mapping[int, Choice], order: Any) -> ShipmentRow:
    guessed = row.marketplace_source in GUESSES and row.warehouse_id in places
    named = word(row)
    base = cells.counted_from(row, row.expected_source)
    late = row.is_open and row.units_outstanding > 0
    return ShipmentRow(
        f"{root}/shipments/{row.id}",
        row.amazon_shipment_id,
        badges(row),
        row.name,
        named,
        states.status(named),
        places[row.warehouse_id].name if row.warehouse_id in places else "–",
        states.badge("Guess") if guessed else Markup(),
        row.destination_fc or "–",
        cells.mode(row.mode),
        cells.solution(row.solution),
        cells.expected(row.expected_on, row.expected_source, base, is_open=late),
        row.units_shipped,
        row.units_received,
        row.units_outstanding,
        order.reference if order else "",
        order_url(root, order) if order else "",
    )
