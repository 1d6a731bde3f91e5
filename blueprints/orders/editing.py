"""/purchase-orders/new, …/<id>/edit: an order written by hand, with up to 2,000 lines."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners
from blueprints.conflicts import conflict_status, is_stale
from blueprints.orders import header, line_rows
from blueprints.orders.forms import OrderForm
from blueprints.orders.routes import NOUNS, bp
from blueprints.orders.typed_lines import is_rewriting, typed_lines, written
from blueprints.redirects import leave_for
from blueprints.responses import page_or_fragment, wants_fragment
from blueprints.sending.routes import opens_after_saving
from blueprints.shipments import rows as shipment_rows
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import OrderKind, StatusType, StockOrder
from inventory.rules.order_acts import NO_LINES
from inventory.services import (
    landed_costs,
    order_details,
    order_drafts,
    order_facts,
    order_saving,
    order_skus,
    order_statuses,
)
from inventory.services.order_drafts import Draft

LOCKED = "Amazon owns lines, quantities, destination and status type. The rest is yours."
TAKEN = "Another order has this reference."


@bp.route("/purchase-orders/new", methods=["GET", "POST"])
@planners
@once
def new_purchase() -> ResponseReturnValue:
    """Write a purchase order."""
    return _new(OrderKind.PURCHASE)


@bp.route("/transfer-orders/new", methods=["GET", "POST"])
@planners
@once
def new_transfer() -> ResponseReturnValue:
    """Write a transfer order."""
    return _new(OrderKind.TRANSFER)


@bp.route("/purchase-orders/<int:order_id>/edit", methods=["GET", "POST"])
@planners
def edit_purchase(order_id: int) -> ResponseReturnValue:
    """Change a purchase order."""
    return _edit(OrderKind.PURCHASE, order_id)


@bp.route("/transfer-orders/<int:order_id>/edit", methods=["GET", "POST"])
@planners
def edit_transfer(order_id: int) -> ResponseReturnValue:
    """Change a transfer order."""
    return _edit(OrderKind.TRANSFER, order_id)


@bp.get("/orders/offers")
@planners
def offers() -> str:
    """Return SKUs that a search of the form finds, each with a button that adds it."""
    text = request.args.get("find", "").strip()[:100]
    destination = header.warehouse(request.args.get("destination_id"))
    found = order_skus.offers(text, destination) if text else []
    return render_template("orders/_offers.html", offers=found, text=text)


def _new(kind: OrderKind) -> ResponseReturnValue:
    form = header.form_for(kind, None)
    draft = _draft(form, None)
    if request.method == "GET" or is_rewriting(request.form):
        return _page(kind, None, form, draft)
    if not (form.validate() & _is_sound(draft) & _has_what_it_takes(form, draft)):
        return _page(kind, None, form, draft, 422)
    values = header.values(form)
    try:
        made = order_saving.create(kind, values, draft.lines, user_id=current_user.id)
    except order_saving.ReferenceTaken:
        form.reference.errors = [TAKEN]
        return _page(kind, None, form, draft, 422)
    leads_to(_path(made))
    return _saved(made, form, draft, f"{made.reference} is made.")


def _edit(kind: OrderKind, order_id: int) -> ResponseReturnValue:
    order = order_details.find(kind, order_id) or abort(404)
    form = header.form_for(kind, order)
    draft = _draft(form, order)
    if request.method == "GET" or is_rewriting(request.form):
        return _page(kind, order, form, draft)
    valid = form.validate() & _is_sound(draft)
    if not order_saving.owned_by_amazon(order):
        valid = valid & _has_what_it_takes(form, draft)
    if is_stale(order.version):
        rows = header.conflicts_of(form, order, draft)
        return _page(kind, order, form, draft, conflict_status(), rows=rows)
    if not valid:
        return _page(kind, order, form, draft, 422)
    return _save(order, form, draft)


def _save(order: StockOrder, form: OrderForm, draft: Draft) -> ResponseReturnValue:
    try:
        changed = header.save(order, form, draft, user_id=current_user.id)
    except order_saving.ReferenceTaken:
        db.session.rollback()
        form.reference.errors = [TAKEN]
        return _page(order.kind, order, form, draft, 422)
    except header.Refused as why:
        db.session.rollback()
        form.status.errors = [str(why)]
        return _page(order.kind, order, form, draft, 422)
    except order_saving.LinesReceived as lines:
        db.session.rollback()
        told = f"Units of {', '.join(lines.skus[:5])} were received, so the line stays."
        return _page(order.kind, order, form, replace(draft, fault=told), 422)
    except order_saving.OrderChanged:  # between our look at it and the save
        db.session.rollback()
        rows = header.conflicts_of(form, order, draft)
        return _page(order.kind, order, form, draft, conflict_status(), rows=rows)
    told = f"{order.reference} is saved." if changed else "Nothing was changed."
    return _saved(order, form, draft, told)


def _saved(order: StockOrder, form: OrderForm, draft: Draft, told: str) -> ResponseReturnValue:
    if form.update_vendor is not None and form.update_vendor.data:
        count = landed_costs.update_vendor(order)
        told += f" {count} costs of {order.vendor.name} are updated." if order.vendor else ""
    if notes := draft.notes:
        more = f" and {len(notes) - 5} more" if len(notes) > 5 else ""
        told += f" {'; '.join(notes[:5])}{more}."
    db.session.commit()
    flash(told)
    if opens_after_saving(order):
        # With script a dialog on the order's page, without it a page of its own.
        return leave_for(_path(order) + ("?send=open" if wants_fragment() else "/send"))
    return leave_for(_path(order))


def _is_sound(draft: Draft) -> bool:
    return draft.is_sound


def _has_what_it_takes(form: OrderForm, draft: Draft) -> bool:
    """Return whether an order with a status of an active one has lines; said beside the status."""
    kind = order_statuses.types().get(form.status.data or "")
    if kind != StatusType.ACTIVE or draft.rows:
        return True
    form.status.errors = [*form.status.errors, NO_LINES]
    return False


def _draft(form: OrderForm, order: StockOrder | None) -> Draft:
    known = order_facts.lines_of(order.id) if order else {}
    if request.method == "GET":
        rows = sorted(known.values(), key=lambda line: line.seller_sku)
        typed = [written(line) for line in rows]
    else:
        typed = typed_lines(request.form)
    if order is not None and order_saving.owned_by_amazon(order):
        return order_drafts.check_costs(typed, known)
    terms = header.terms(form, order, known)
    return order_drafts.check(typed, terms) if terms else order_drafts.unchecked(typed)


def _path(order: StockOrder) -> str:
    return shipment_rows.order_url(request.script_root, order)


def _page(
    kind: OrderKind,
    order: StockOrder | None,
    form: OrderForm,
    draft: Draft,
    status: int = 200,
    rows: Any = None,
) -> ResponseReturnValue:
    is_amazons = order is not None and order_saving.owned_by_amazon(order)
    lists = request.script_root + ("/purchase-orders" if kind == "purchase" else "/transfer-orders")
    return page_or_fragment(
        "orders/edit.html",
        "orders/_form.html",
        status=status,
        noun=NOUNS[kind],
        order=order,
        form=form,
        draft=draft,
        line_rows=line_rows.drawn(draft.rows, is_locked=is_amazons),
        rows=rows,
        is_rewritten=status == 200 and request.method == "POST",
        locked=LOCKED if is_amazons else "",
        is_refused=status == 422,
        date_hint=header.date_hint(form, order),
        coming=header.coming_reference(kind, order),
        cancel=_path(order) if order else f"{lists}?view=open",
    )
