"""/vendors: who goods are bought from, on which terms, and what each sells."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints import cells, frames, lists
from blueprints.access import planners, viewers
from blueprints.conflicts import conflict_status, conflicts, is_stale
from blueprints.orders.rows import badges
from blueprints.redirects import leave_for
from blueprints.responses import page_or_fragment, table_response
from blueprints.shipments.rows import order_url
from blueprints.submissions import leads_to, once
from blueprints.vendors.forms import ItemForm, VendorForm
from extensions import db
from inventory.models import Vendor
from inventory.services import vendor_lists, vendors
from inventory.services.history import history
from inventory.services.vendor_lists import VendorFilter

bp = Blueprint("vendors", __name__)

COLUMNS = (
    "name", "email", "phone", "contact", "line1", "line2", "city", "state", "postal_code",
    "country", "currency", "payment_terms", "lead_time_days", "enabled", "open_orders",
    "outstanding",
)  # fmt: skip
#: Columns that may be hidden: (name in the address, label), in order.
CHOSEN = (
    ("contact", "Contact"), ("terms", "Payment terms"), ("currency", "Currency"),
    ("lead_time", "Lead time"), ("open", "Open orders"), ("outstanding", "Outstanding"),
)  # fmt: skip
VIEWS = (("enabled", "Enabled"), ("disabled", "Disabled"), ("all", "All"))
TAKEN = "Another vendor has this name."


@bp.get("/vendors")
@viewers
@frames.kept
def index() -> str:
    """Show vendors."""
    here, wanted = _asked()
    page = vendor_lists.page(wanted, here["at"])
    view = lists.ListView(
        here,
        page,
        wanted.view,
        VIEWS,
        "name",
        "vendor",
        "Name, e-mail",
        (),
        saved=lists.saved(here),
        columns=CHOSEN,
    )
    return frames.page(
        "vendors/index.html",
        list=view,
        rows=cells.joined(_row(row, here.path) for row in page.rows),
        count=vendor_lists.count(wanted) if here["totals"] else None,
    )


@bp.get("/vendors/totals")
@viewers
def totals() -> str:
    """Return the number of a filtered list: asked for once the list is there."""
    here, wanted = _asked()
    count = vendor_lists.count(wanted)
    return render_template("lists/_count.html", count=count, noun="vendor", address=here)


@bp.get("/vendors.xlsx")
@bp.get("/vendors.csv")
@viewers
def file() -> ResponseReturnValue:
    """Return all vendors that the filters let through."""
    return table_response("vendors", COLUMNS, vendor_lists.export(_asked()[1]))


@bp.route("/vendors/new", methods=["GET", "POST"])
@planners
@once
def create() -> ResponseReturnValue:
    """Add a vendor."""
    form = VendorForm(request.form or None, data={"enabled": True})
    if request.method == "GET" or not form.validate():
        return _edit(None, form, 422 if form.errors else 200)
    try:
        made = vendors.create(form.values(), user_id=current_user.id)
    except vendors.VendorNameTaken:
        form.name.errors = [TAKEN]
        return _edit(None, form, 422)
    leads_to(url_for(".show", vendor_id=made.id))
    db.session.commit()
    flash(f"{made.name} is added.")
    return leave_for(url_for(".show", vendor_id=made.id))


@bp.get("/vendors/<int:vendor_id>")
@viewers
def show(vendor_id: int) -> ResponseReturnValue:
    """Show a vendor with its orders and items."""
    return _page(db.get_or_404(Vendor, vendor_id), ItemForm())


@bp.route("/vendors/<int:vendor_id>/edit", methods=["GET", "POST"])
@planners
def edit(vendor_id: int) -> ResponseReturnValue:
    """Change a vendor, or switch it off."""
    vendor = db.get_or_404(Vendor, vendor_id)
    form = VendorForm(request.form or None, data=_shown(vendor))
    valid = request.method == "GET" or form.validate()
    if request.method == "POST" and is_stale(vendor.version):
        return _edit(vendor, form, conflict_status(), rows=conflicts(form, _shown(vendor)))
    if request.method == "GET" or not valid:
        return _edit(vendor, form, 200 if valid else 422)
    enabled = form.enabled.data
    try:
        vendors.save(vendor, form.values(), enabled=enabled, user_id=current_user.id)
    except vendors.VendorNameTaken:
        db.session.rollback()
        form.name.errors = [TAKEN]
        return _edit(vendor, form, 422)
    db.session.commit()
    flash(f"{vendor.name} is saved.")
    return leave_for(url_for(".show", vendor_id=vendor.id))


@bp.post("/vendors/<int:vendor_id>/delete")
@planners
def delete(vendor_id: int) -> ResponseReturnValue:
    """Delete a vendor that no order names."""
    vendor = db.get_or_404(Vendor, vendor_id)
    name = vendor.name
    try:
        vendors.delete(vendor, user_id=current_user.id)
    except vendors.VendorInUse as used:
        db.session.rollback()
        noun = "order names" if used.orders == 1 else "orders name"
        told = f"{used.orders:,} {noun} {name}, so it stays. Disable it instead."
        return _page(vendor, ItemForm(), 409, refusal=told)
    db.session.commit()
    flash(f"{name} is deleted.")
    return redirect(url_for(".index"), 303)


@bp.post("/vendors/<int:vendor_id>/items")
@planners
def put_item(vendor_id: int) -> ResponseReturnValue:
    """Say what the vendor asks for a SKU, new or known."""
    vendor = db.get_or_404(Vendor, vendor_id)
    form = ItemForm(request.form)
    if not form.validate():
        return _page(vendor, form, 422)
    values = {name: form.data[name] for name in vendors.ITEM_FIELDS}
    values["vendor_sku"] = values["vendor_sku"] or ""
    try:
        vendors.put_item(vendor, form.sku.data, values, user_id=current_user.id)
    except vendors.NoSuchVariant:
        form.sku.errors = ["No variant has this SKU."]
        return _page(vendor, form, 422)
    db.session.commit()
    flash(f"{form.sku.data} is saved.")
    return redirect(url_for(".show", vendor_id=vendor.id), 303)


@bp.post("/vendors/<int:vendor_id>/items/<int:variant_id>/delete")
@planners
def delete_item(vendor_id: int, variant_id: int) -> ResponseReturnValue:
    """Take an item off the vendor's list."""
    vendor = db.get_or_404(Vendor, vendor_id)
    vendors.remove_item(vendor, variant_id, user_id=current_user.id)
    db.session.commit()
    return redirect(url_for(".show", vendor_id=vendor.id), 303)


def _asked() -> tuple[lists.Address, VendorFilter]:
    here = lists.address()
    view = here["view"] if here["view"] in vendor_lists.VIEWS else "all"
    return here, VendorFilter(here["q"], view)


def _shown(vendor: Vendor) -> dict[str, Any]:
    shown = {name: getattr(vendor, name) for name in vendors.FIELDS}
    return shown | {"enabled": vendor.disabled_at is None}


def _edit(
    vendor: Vendor | None, form: VendorForm, status: int = 200, rows: Any = None
) -> ResponseReturnValue:
    return page_or_fragment(
        "vendors/edit.html",
        "vendors/_form.html",
        status=status,
        vendor=vendor,
        form=form,
        rows=rows,
    )


def _page(vendor: Vendor, form: ItemForm, status: int = 200, refusal: str = "") -> Any:
    orders = vendor_lists.orders(vendor.id)
    answer = render_template(
        "vendors/show.html",
        vendor=vendor,
        form=form,
        items=vendor_lists.items(vendor.id),
        orders=[(order, order_url(request.script_root, order), badges(order)) for order in orders],
        entries=history("vendor", vendor.id),
        refusal=refusal,
    )
    return answer, status


def _row(row: Any, path: str) -> str:
    off = "" if row.disabled_at is None else ' class="is-held"'
    told = "" if row.disabled_at is None else " disabled"
    terms = cells.text(row.payment_terms or "–")
    days = "–" if row.lead_time_days is None else row.lead_time_days
    return (
        f'<tr{off}><th scope="row"><a href="{cells.text(path)}/{row.id}">{cells.text(row.name)}</a>'
        f'{told}</th><td class="p2">{cells.text(row.contact or row.email or "–")}</td>'
        f'<td class="p2">{terms}</td><td class="p2">{cells.text(row.currency or "–")}</td>'
        f'<td class="n p2">{days}</td><td class="n">{row.orders}</td>'
        f'<td class="n">{row.units}</td></tr>'
    )
