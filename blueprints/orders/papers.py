"""…/<id>/print and …/<id>/email: an order as the vendor reads it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from babel.dates import format_date
from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from blueprints import cells
from blueprints.access import viewers
from blueprints.orders.routes import NOUNS, bp
from blueprints.presentation import money, plain_money, unit_money
from blueprints.shipments.rows import order_url
from inventory.models import OrderKind, StockOrder
from inventory.services import order_details, vendor_lists
from inventory.services.landed_costs import Costs

#: Longer ones are cut short by mail programs.
MAILTO_CHARACTERS = 1500


class PaperLine(NamedTuple):
    sku: str
    vendor_sku: str
    title: str
    units: int
    case: int | None
    unit_cost: str
    total: str


@bp.get("/purchase-orders/<int:order_id>/print")
@viewers
def print_purchase(order_id: int) -> ResponseReturnValue:
    """Show a purchase order for printing."""
    return _print(OrderKind.PURCHASE, order_id)


@bp.get("/transfer-orders/<int:order_id>/print")
@viewers
def print_transfer(order_id: int) -> ResponseReturnValue:
    """Show a transfer order for printing."""
    return _print(OrderKind.TRANSFER, order_id)


@bp.get("/purchase-orders/<int:order_id>/email")
@viewers
def email(order_id: int) -> ResponseReturnValue:
    """Show the text of an e-mail to the vendor."""
    order = order_details.find(OrderKind.PURCHASE, order_id) or abort(404)
    lines = order_details.lines(order)
    text = render_template(
        "orders/email.txt",
        order=order,
        lines=_lines(order, lines.rows),
        to_pay=_to_pay(order, lines.costs),
        expected_on=_day(order.expected_on),
    )
    subject = f"Purchase order {order.reference}"
    body = text if len(text) <= MAILTO_CHARACTERS else f"{text[:MAILTO_CHARACTERS]}…"
    address = order.vendor.email if order.vendor else ""
    return render_template(
        "orders/email.html",
        order=order,
        subject=subject,
        text=text,
        is_cut=body != text,
        mailto=f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&body={quote(body)}",
        path=order_url(request.script_root, order),
    )


def _print(kind: OrderKind, order_id: int) -> ResponseReturnValue:
    order = order_details.find(kind, order_id) or abort(404)
    lines = order_details.lines(order)
    return render_template(
        "orders/print.html",
        order=order,
        noun=NOUNS[kind],
        lines=_lines(order, lines.rows),
        costs=lines.costs,
        has_costs=any(one.line.unit_cost is not None for one in lines.rows),
        to_pay=_to_pay(order, lines.costs),
        dates={
            name: _day(getattr(order, name)) for name in ("created_on", "expected_on", "payment_on")
        },
        path=order_url(request.script_root, order),
    )


def _to_pay(order: StockOrder, costs: Costs) -> str:
    if costs.goods is None:
        return ""
    return money(costs.goods - costs.discount + costs.tax, order.currency)


def _day(on: date | None) -> str:
    """On paper the year is always there."""
    return format_date(on, "d MMM y", locale="en") if on else ""


def _lines(order: StockOrder, rows: Sequence[order_details.Line]) -> list[PaperLine]:
    codes = vendor_lists.codes(order.vendor_id, [one.listing.id for one in rows])
    return [
        PaperLine(
            one.line.seller_sku,
            codes.get(one.listing.id, ""),
            cells.cut(one.listing.title),
            one.line.units_ordered,
            one.line.units_per_case,
            unit_money(one.line.unit_cost, order.currency),
            plain_money(
                None if one.line.unit_cost is None else one.line.unit_cost * one.line.units_ordered,
                order.currency,
            ),
        )
        for one in rows
    ]
