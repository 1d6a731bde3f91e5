"""The rows of a shipment list, and what other pages say of a shipment."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from blueprints import cells, states
from blueprints.presentation import today, zone
from inventory.models import OrderKind
from inventory.rules import flags
from inventory.rules.shipments import display_name
from inventory.services.choices import Choice

PATHS = {OrderKind.PURCHASE: "/purchase-orders", OrderKind.TRANSFER: "/transfer-orders"}
#: Who said which marketplace a shipment belongs to, where nobody could know.
GUESSES = ("fc", "country", "primary")
#: Flags that say where a shipment stands better than its last known status.
PUZZLING = ("unknown_status", "amazon_error", "conflicting")


def shipment_rows(
    found: Sequence[Any],
    root: str,
    places: Mapping[int, Choice],
    orders: Mapping[int, Any],
    of_sku: Mapping[int, int],
) -> Markup:
    """Return the rows of a page; ``root`` is what all addresses of the app begin with.

    ``of_sku`` is what each has outstanding of the SKU asked for.
    """
    day, root = today(), cells.text(root)
    names = {place.id: cells.text(place.name) for place in places.values()}
    looks = states.Statuses()
    return cells.joined(
        _row(row, root, names, orders.get(row.id), looks, day, of_sku.get(row.id)) for row in found
    )


def counts(shipment: Any) -> bool:
    """Return whether something of it is still waited for: only that can be overdue."""
    is_coming = shipment.is_open and shipment.units_outstanding > 0
    return bool(is_coming and shipment.ignored_on is None)


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
    is_over = shipment.units_received > shipment.units_shipped
    late = is_unpicked(shipment)
    if not (shipment.flags or shipment.ignored_on or is_over or late):
        return Markup()
    words = [flag for flag in flags.words(shipment.flags) if flag != "marketplace_guess"]
    shown = [states.badge("Ignored") if shipment.ignored_on else Markup()]
    shown.append(states.flags(",".join(words)))
    if late:
        shown.append(states.badge("Not picked up"))
    if is_over:
        over = shipment.units_received - shipment.units_shipped
        shown.append(states.badge(f"{over} over", "info", "circle-plus"))
    return Markup(" ").join(one for one in shown if one)


def is_unpicked(shipment: Any) -> bool:
    """Return whether a shipment is still ready to ship though the day of its pick-up is over."""
    if shipment.status != "READY_TO_SHIP":
        return False
    planned = shipment.pickup_at or shipment.ready_to_ship_at
    return planned is not None and planned.astimezone(zone()).date() < today()


def order_url(root: str, order: Any) -> str:
    """Return the address of an order's page."""
    return f"{root}{PATHS[order.kind]}/{order.id}"


def _row(
    row: Any,
    root: str,
    names: Mapping[int, str],
    order: Any,
    looks: Mapping[str, Markup],
    day: date,
    of_sku: int | None,
) -> str:
    named, warehouse = word(row), names.get(row.warehouse_id, "–")
    guessed = row.marketplace_source in GUESSES and row.warehouse_id in names
    base = cells.counted_from(row, row.expected_source)
    held = ' class="is-held"' if row.ignored_on else ""
    expected = cells.expected(
        row.expected_on, row.expected_source, base, is_open=counts(row), on_day=day
    )
    return (
        f'<tr{held}><th scope="row"><a href="{root}/shipments/{row.id}">'
        f"{cells.text(row.amazon_shipment_id)}</a> {badges(row)}{cells.small(row.name, 'cut')}"
        f'<small class="only-sm">{cells.text(named)} · {warehouse}</small></th>'
        f'<td class="p2">{looks[named]}</td>'
        f'<td class="p2">{warehouse} {states.badge("Guess") if guessed else ""}'
        f"<small>{cells.text(row.destination_fc or '–')}</small></td>"
        f'<td class="p3">{cells.text(cells.mode(row.mode))}'
        f"{cells.small(cells.solution(row.solution))}</td>"
        f"<td>{expected}</td>"
        f'<td class="n p2">{row.units_shipped}</td>'
        f'<td class="n p2">{row.units_received}</td>'
        f'<td class="n">{row.units_outstanding}{cells.of_sku(of_sku)}</td>'
        f'<td class="p3">{_order(root, order)}</td></tr>'
    )


def _order(root: str, order: Any) -> str:
    if not order:
        return '<span class="quiet">none</span>'
    return f'<a href="{order_url(root, order)}">{cells.text(order.reference)}</a>'
