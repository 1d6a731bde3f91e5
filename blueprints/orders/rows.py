"""The rows of an order list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from blueprints import cells, states
from blueprints.presentation import day, plain_money, today
from blueprints.shipments.rows import is_unpicked
from inventory.models import StatusType
from inventory.rules import flags
from inventory.services.choices import Choice


def order_rows(
    found: Sequence[Any],
    path: str,
    places: Mapping[int, Choice],
    shipments: Mapping[int, Sequence[Any]],
    *,
    vendors: Mapping[int, str] | None,
    is_planner: bool,
    of_sku: Mapping[int, int],
) -> Markup:
    """Return the rows of a page; ``path`` is the list's, which an order's page hangs on.

    ``vendors`` are all names, ``None`` in a list of transfers. Planners tick rows, and set what
    has no vendor yet. ``of_sku`` is what each has outstanding of the SKU asked for.
    """
    day, root = today(), cells.text(path)
    names = {place.id: cells.text(place.name) for place in places.values()}
    looks = states.Statuses()
    several = len(currencies(found)) > 1
    partners = {
        row.id: names.get(row.source_id, "–")
        if vendors is None
        else _vendor(row, root, vendors, is_planner)
        for row in found
    }
    return cells.joined(
        _row(
            row,
            root,
            names,
            shipments.get(row.id, ()),
            looks[row.status],
            day,
            several,
            partners[row.id],
            _tick(row) if is_planner else "",
            of_sku.get(row.id),
        )
        for row in found
    )


def currencies(found: Sequence[Any]) -> list[str]:
    """Return the currencies of the fees on a page."""
    paid = {row.currency for row in found if row.shipping_handling is not None}
    return sorted(one for one in paid if one)


def badges(row: Any, shipments: Sequence[Any] = ()) -> Markup:
    """Return what is exceptional about an order: flags, units ignored, units beyond the order,
    and of its ``shipments`` a pick-up that slipped."""
    is_over = row.units_received > row.units_ordered
    late = any(is_unpicked(one) for one in shipments)
    if not (row.flags or row.source_missing or row.units_ignored or is_over or late):
        return Markup()
    words = flags.words(row.flags)
    if row.source_missing and "source_missing" not in words:
        words.append("source_missing")
    shown = [states.badge("Ignored") if row.units_ignored else Markup()]
    shown.append(states.flags(",".join(words)))
    if late:
        shown.append(states.badge("Not picked up"))
    if is_over:
        over = row.units_received - row.units_ordered
        shown.append(states.badge(f"{over} over", "info", "circle-plus"))
    return Markup(" ").join(one for one in shown if one)


def _row(
    row: Any,
    root: str,
    names: Mapping[int, str],
    shipments: Sequence[Any],
    look: Markup,
    day: date,
    several: bool,
    partner: str,
    tick: str,
    of_sku: int | None,
) -> str:
    destination = names.get(row.destination_id, "–")
    second = row.extra_reference or _shipments(row.reference, shipments)
    fee = cells.text(plain_money(row.shipping_handling, row.currency))
    notes = _fee_notes(row, several) if row.shipping_handling is not None else ""
    held = ' class="is-held"' if is_held(row) else ""
    return (
        f'<tr{held}>{tick}<th scope="row">'
        f'<a href="{root}/{row.id}">{cells.text(row.reference)}</a> '
        f"{badges(row, shipments)}{cells.small(second, 'cut')}"
        f'<small class="only-sm">{cells.text(row.status)} · {destination}</small></th>'
        f'<td class="p2">{look}{ignored(row)}</td>'
        f'<td class="p2">{partner}</td>'
        f'<td class="p2">{destination}</td>'
        f"<td>{_expected(row, shipments, day)}</td>"
        f'<td class="n p2">{row.units_ordered}</td>'
        f'<td class="n p2">{row.units_received}</td>'
        f'<td class="n">{row.units_outstanding}{cells.of_sku(of_sku)}</td>'
        f'<td class="n p3">{fee}{cells.small(notes)}</td></tr>'
    )


def _fee_notes(row: Any, several: bool) -> str:
    """The column's head says that amounts are Amazon's estimates: what is none says so itself."""
    typed = "by hand" if row.shipping_handling_source == "user" else ""
    return ", ".join(word for word in (row.currency if several else "", typed) if word)


def is_held(row: Any) -> bool:
    """Return whether nothing of what is outstanding counts."""
    return bool(row.units_ignored) and row.units_ignored >= row.units_outstanding


def ignored(row: Any) -> Markup:
    """Return, as a second line, how many units are ignored and since when; blank for none."""
    if not row.units_ignored:
        return Markup()
    return Markup("<small>{} ignored since {}</small>").format(
        row.units_ignored, day(row.ignored_on)
    )


def _expected(row: Any, shipments: Sequence[Any], day: date) -> Markup:
    base = row.created_on if row.expected_source == "lead_time" else None
    for shipment in shipments:
        if shipment.expected_on == row.expected_on:
            base = cells.counted_from(shipment, row.expected_source)
    is_open = row.status_type == StatusType.ACTIVE and row.units_outstanding > row.units_ignored
    return cells.expected(row.expected_on, row.expected_source, base, is_open=is_open, on_day=day)


def _shipments(reference: str, shipments: Sequence[Any]) -> str:
    if len(shipments) > 1:
        return f"{len(shipments)} shipments"
    ids = [one.amazon_shipment_id for one in shipments if one.amazon_shipment_id != reference]
    return ids[0] if ids else ""


def _vendor(row: Any, root: str, vendors: Mapping[int, str], is_planner: bool) -> str:
    if row.vendor_id is not None:
        return cells.text(vendors.get(row.vendor_id, "–"))
    return f'<a href="{root}/{row.id}/edit">Set vendor</a>' if is_planner else "–"


def _tick(row: Any) -> str:
    return (
        f'<td class="tick p2"><input class="form-check-input" type="checkbox" form="bulk" '
        f'name="order" value="{row.id}" data-units="{row.units_outstanding}" '
        f'aria-label="Select {cells.text(row.reference)}"></td>'
    )
