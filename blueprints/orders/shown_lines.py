"""The lines of an order as its page shows them, with what each shipment carries."""

from collections.abc import Sequence
from typing import NamedTuple

from blueprints import cells
from blueprints.presentation import plain_money, unit_money
from inventory.models import OrderLine, StatusType, StockOrder
from inventory.services.landed_costs import Costs
from inventory.services.order_details import Line
from inventory.services.order_shipments import Carried, shipped


class PartRow(NamedTuple):
    shipment_id: int
    fba_id: str
    shipped: int
    received: int
    outstanding: int
    difference: str
    role: str


class LineRow(NamedTuple):
    line_id: int
    listing_id: int
    sku: str
    title: str
    asin: str
    fnsku: str
    ordered: int
    shipped: int
    received: int
    outstanding: int
    difference: str
    role: str
    unit_cost: str
    landed_cost: str
    #: Nothing but fees is known of its cost.
    is_fees_alone: bool
    parts: Sequence[PartRow]


def line_rows(
    order: StockOrder, lines: Sequence[Line], carried: Sequence[Carried]
) -> list[LineRow]:
    """Return the rows of the table; ``carried`` is blank for an order without shipments."""
    sent = shipped(carried)
    parts: dict[str, list[PartRow]] = {}
    for one in carried:
        parts.setdefault(one.sku, []).append(_part(one))
    return [_row(one, order, sent if carried else None, parts) for one in lines]


def percent_added(costs: Costs) -> str:
    """Return what fees add to each unit cost, where they are spread by value: "3.68 %"."""
    base = costs.goods or 0
    if costs.spread_by != "value" or not base or not costs.fees:
        return ""
    return f"{100 * costs.fees / base:.2f} %"


def _row(
    one: Line, order: StockOrder, sent: dict[str, int] | None, parts: dict[str, list[PartRow]]
) -> LineRow:
    line, listing = one.line, one.listing
    is_over = order.status_type == StatusType.CLOSED
    units = line.units_ordered if sent is None else sent.get(line.seller_sku, 0)
    return LineRow(
        line.id,
        listing.id,
        line.seller_sku,
        cells.cut(listing.title),
        listing.asin,
        listing.fnsku,
        line.units_ordered,
        units,
        line.units_received,
        line.units_outstanding,
        *_oddity(line, units, parts.get(line.seller_sku, ()), is_over=is_over),
        unit_money(line.unit_cost, order.currency),
        plain_money(one.landed_cost, order.currency),
        line.unit_cost is None and one.landed_cost is not None,
        parts.get(line.seller_sku, ()),
    )


def _oddity(
    line: OrderLine, units: int, parts: Sequence[PartRow], *, is_over: bool
) -> tuple[str, str]:
    if line.units_ignored:
        return f"{line.units_ignored} ignored", "quiet"
    over = next((one for one in parts if one.role == "info"), None)
    if over and len(parts) > 1:
        return f"{over.difference} in {over.fba_id}", "info"
    if units < line.units_ordered:
        return f"{line.units_ordered - units} not shipped", "quiet"
    return cells.difference(units, line.units_received, is_over=is_over)


def _part(one: Carried) -> PartRow:
    odd = (f"{one.over} over", "info") if one.over else ("–", "")
    odd = (f"{one.short} short", "warn") if one.short else odd
    return PartRow(
        one.shipment_id,
        one.amazon_shipment_id,
        one.shipped,
        one.received,
        one.outstanding,
        *odd,
    )
