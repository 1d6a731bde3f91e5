"""/warehouses/<id>/stock: what an own warehouse holds, counted by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from blueprints import cells, lists
from blueprints.access import planners, viewers
from blueprints.own_stock.forms import SET, TAKE, CountForm
from blueprints.presentation import ago, units
from blueprints.responses import table_response
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import StockEntry, Warehouse
from inventory.services import (
    departures,
    own_stock,
    own_stock_files,
    own_stock_lists,
    sku_choices,
)

bp = Blueprint("own_stock", __name__, url_prefix="/warehouses/<int:warehouse_id>")

SORTS = ("sku", "units")
#: Cause -> how people say it.
CAUSES = {
    "form": "by hand",
    "file": "file",
    "receipt": "goods received",
    "shipment": "shipped to Amazon",
    "undo": "undone",
}


@bp.get("/stock")
@viewers
def index(warehouse_id: int) -> ResponseReturnValue:
    """Show what is held, and the form that counts."""
    return page(found(warehouse_id), CountForm(data={"act": SET}))


@bp.post("/stock")
@planners
@once
def create(warehouse_id: int) -> ResponseReturnValue:
    """Count one SKU, add to it or take out."""
    warehouse, form = found(warehouse_id), CountForm(request.form)
    is_valid = form.validate()
    choice = _chosen(form, warehouse.id)  # both are said at once
    if is_valid and choice:
        try:
            entry = _count(warehouse.id, choice.listing_id, form)
        except own_stock.BelowZero as error:
            _, there, _ = error.short[0]
            form.units.errors = [f"Only {units(there)} are there. Nothing was changed."]
        except own_stock.TooManyUnits:
            form.units.errors = ["That is more than a SKU can have."]
        else:
            leads_to(path(warehouse))
            db.session.commit()
            flash(_told(choice.sku, entry))
            return redirect(path(warehouse), 303)
    return page(warehouse, form, 422)


@bp.get("/stock/totals")
@viewers
def totals(warehouse_id: int) -> str:
    """Return the sums of what is filtered: asked for once the list is there."""
    warehouse, here = found(warehouse_id), lists.address()
    summed = own_stock_lists.totals(warehouse.id, here["q"])
    return render_template("own_stock/_totals.html", totals=summed, address=here)


@bp.get("/stock/skus")
@viewers
def skus(warehouse_id: int) -> str:
    """Return SKUs to choose from while one is typed."""
    found(warehouse_id)
    q = request.args.get("sku", "").strip()[:200]
    return render_template("own_stock/_skus.html", skus=sku_choices.suggest(q) if q else [])


@bp.get("/stock.xlsx")
@bp.get("/stock.csv")
@viewers
def file(warehouse_id: int) -> ResponseReturnValue:
    """Return what is held, as a file that can be counted anew and uploaded."""
    warehouse, here = found(warehouse_id), lists.address()
    rows = own_stock_files.export(warehouse.id, here["q"], lists.sorting(here, SORTS, "sku"))
    return table_response("stock", own_stock_files.EXPORTED, rows)


def found(warehouse_id: int) -> Warehouse:
    """Return the own warehouse, or end the request: there is none."""
    return own_stock_lists.find(warehouse_id) or abort(404)


def path(warehouse: Warehouse) -> str:
    """Return the address of a warehouse's stock."""
    return f"{request.script_root}/warehouses/{warehouse.id}/stock"


def page(warehouse: Warehouse, form: CountForm, status: int = 200) -> ResponseReturnValue:
    """Return the whole page with ``form`` in it."""
    here = lists.address()
    sort = lists.sorting(here, SORTS, "sku")
    rows = own_stock_lists.page(warehouse.id, here["q"], sort, here["at"])
    ids = [row.listing_id for row in rows.rows]
    changes = own_stock_lists.last_changes(warehouse.id, ids) if ids else {}
    claimed = departures.claimed(warehouse.id, ids) if ids else {}
    batch = own_stock.undoable(warehouse.id)
    answer = render_template(
        "own_stock/index.html",
        warehouse=warehouse,
        path=path(warehouse),
        form=form,
        list=lists.ListView(here, rows, "", (), sort, "SKU", "SKU, ASIN, FNSKU, title", ()),
        rows=_rows(rows.rows, own_stock_lists.titles(ids), changes, claimed),
        batch=batch,
        last=own_stock_lists.last_batch(warehouse.id, batch) if batch else None,
        causes=CAUSES,
        totals=own_stock_lists.totals(warehouse.id, here["q"]) if here["totals"] else None,
    )
    return answer, status


def _chosen(form: CountForm, warehouse_id: int) -> sku_choices.SkuChoice | None:
    """Return the listing meant: of several, that which the warehouse lists already."""
    if form.sku.errors:
        return None
    choices = sku_choices.find(form.sku.data)
    if len(choices) > 1:
        choices = sku_choices.prefer(choices, sku_choices.at(warehouse_id, choices))
    if len(choices) == 1:
        return choices[0]
    names = " or ".join(f"“{one.name}”" for one in choices[:6])
    form.sku.errors = [
        f"Several listings have this SKU. Enter {names}." if choices else "No listing has this SKU."
    ]
    return None


def _count(warehouse_id: int, listing_id: int, form: CountForm) -> StockEntry | None:
    reason, user_id = form.reason.data or "", current_user.id
    if form.act.data == SET:
        return own_stock.count(
            warehouse_id, listing_id, form.count, reason=reason, user_id=user_id, cause="form"
        )
    delta = -form.count if form.act.data == TAKE else form.count
    return own_stock.adjust(warehouse_id, listing_id, delta, reason=reason, user_id=user_id)


def _told(sku: str, entry: StockEntry | None) -> str:
    if entry is None:
        return f"{sku} was counted so already. Nothing was changed."
    return f"{sku}: {entry.units_before:,} → {units(entry.units_after)}."


def _rows(
    rows: Sequence[Any],
    titles: Mapping[int, str],
    changes: Mapping[int, Any],
    claimed: Mapping[int, int],
) -> Markup:
    root = cells.text(request.script_root)
    return cells.joined(
        f'<tr><th scope="row"><a href="{root}/listings/{row.listing_id}">'
        f"{cells.text(row.seller_sku)}</a>"
        f'<small class="cut">{cells.text(cells.cut(titles.get(row.listing_id, "")))}</small></th>'
        f'<td class="n">{row.fulfillable}</td>'
        f"{_available(row.fulfillable, claimed.get(row.listing_id, 0))}"
        f"{_change(changes.get(row.listing_id))}</tr>"
        for row in rows
    )


def _available(held: int, claimed: int) -> str:
    if not claimed:
        return f'<td class="n">{held}</td>'
    role = " warn" if claimed > held else ""
    return f'<td class="n{role}">{held - claimed}<small>{claimed} on transfers</small></td>'


def _change(change: Any) -> str:
    if change is None:
        return '<td class="p2">–</td><td class="p2">–</td>'
    who = cells.text(change.who or "somebody removed since")
    return (
        f'<td class="p2">{ago(change.at)}<small>{who}</small></td>'
        f'<td class="p2">{cells.text(change.reason or "–")}'
        f"<small>{cells.text(CAUSES.get(change.cause, change.cause))}</small></td>"
    )
