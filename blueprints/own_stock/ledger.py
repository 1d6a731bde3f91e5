"""/warehouses/<id>/stock/ledger: each change of an own warehouse's stock, and the last undone."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from blueprints import cells, lists
from blueprints.access import planners, viewers
from blueprints.own_stock.routes import CAUSES, bp, found, path
from blueprints.presentation import moment, units
from blueprints.responses import table_response
from extensions import db
from inventory.models import OrderKind
from inventory.services import own_stock, own_stock_lists
from inventory.services.own_stock_lists import LedgerFilter

COLUMNS = (
    "at", "sku", "title", "before", "after", "change", "by", "cause", "reason", "order", "batch",
)  # fmt: skip
ORDERS = {OrderKind.PURCHASE: "purchase-orders", OrderKind.TRANSFER: "transfer-orders"}


@bp.get("/stock/ledger")
@viewers
def ledger(warehouse_id: int) -> str:
    """Show each change, newest first."""
    warehouse = found(warehouse_id)
    here, wanted = _asked(warehouse_id)
    rows = own_stock_lists.ledger(wanted, here["at"])
    view = lists.ListView(here, rows, "", (), "", "change", "SKU, title, reason", _fields())
    return render_template(
        "own_stock/ledger.html",
        warehouse=warehouse,
        path=path(warehouse),
        list=view,
        rows=_rows(rows.rows),
    )


@bp.get("/stock/ledger.xlsx")
@bp.get("/stock/ledger.csv")
@viewers
def ledger_file(warehouse_id: int) -> ResponseReturnValue:
    """Return all changes that the filters let through."""
    found(warehouse_id)
    _, wanted = _asked(warehouse_id)
    return table_response("stock-ledger", COLUMNS, own_stock_lists.ledger_export(wanted))


@bp.post("/stock/undo")
@planners
def undo(warehouse_id: int) -> ResponseReturnValue:
    """Set back what the last batch changed."""
    warehouse = found(warehouse_id)
    try:
        entries = own_stock.undo(
            warehouse.id, request.form.get("batch", "")[:36], user_id=current_user.id
        )
    except own_stock.CannotUndo:
        flash("Something was changed since, so nothing was undone. Look at the ledger.", "error")
        return redirect(f"{path(warehouse)}/ledger", 303)
    db.session.commit()
    flash(f"Undone: {units(len(entries), 'SKU')} as before.")
    return redirect(path(warehouse), 303)


def _asked(warehouse_id: int) -> tuple[lists.Address, LedgerFilter]:
    here = lists.address("cause", "by", "from", "to")
    wanted = LedgerFilter(
        warehouse_id,
        q=here["q"],
        cause=here["cause"],
        user_id=here.number("by"),
        since=here.day("from"),
        until=here.day("to"),
    )
    return here, wanted


def _fields() -> list[lists.Field]:
    people = [(str(user_id), name) for user_id, name in own_stock_lists.people()]
    return [
        lists.Field("cause", "Cause", [(one, word.capitalize()) for one, word in CAUSES.items()]),
        lists.Field("by", "By", people),
        lists.Field("from", "From"),
        lists.Field("to", "Until"),
    ]


def _rows(rows: Sequence[Any]) -> Markup:
    root = cells.text(request.script_root)
    return cells.joined(_row(row, root) for row in rows)


def _row(row: Any, root: str) -> str:
    change, title = row.units_after - row.units_before, cells.text(cells.cut(row.title))
    sign, cause = "+" if change > 0 else "−", cells.text(CAUSES.get(row.cause, row.cause))
    who, why = cells.text(row.who or "somebody removed since"), cells.text(row.reason or "–")
    if row.order_id:
        address = f"{root}/{ORDERS[row.kind]}/{row.order_id}"
        cause += f', <a href="{address}">{cells.text(row.reference)}</a>'
    return (
        f'<tr><td class="p2 nowrap">{moment(row.at)}<small>{who}</small></td>'
        f'<th scope="row"><a href="{root}/listings/{row.listing_id}">'
        f'{cells.text(row.seller_sku)}</a><small class="cut p2">{title}</small>'
        f'<small class="only-sm">{moment(row.at)}, {who}</small></th>'
        f'<td class="n p2">{row.units_before}</td><td class="n">{sign}{abs(change)}</td>'
        f'<td class="n">{row.units_after}</td>'
        f'<td class="p2">{why}<small>{cause}</small></td></tr>'
    )
