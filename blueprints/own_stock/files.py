"""/warehouses/<id>/stock/file: counts as a file, looked at before they are stored."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.access import planners, viewers
from blueprints.own_stock import drafts
from blueprints.own_stock.forms import ApplyForm, UploadForm
from blueprints.own_stock.routes import bp, found, path
from blueprints.presentation import units
from blueprints.responses import table_response
from blueprints.submissions import leads_to, once
from extensions import db
from inventory.models import Warehouse
from inventory.rules import sheets
from inventory.rules.sheets import Row
from inventory.services import own_stock, own_stock_files
from inventory.services.own_stock_files import COLUMNS, EXAMPLES, Check

#: Rows that a page shows; the numbers are of all.
SHOWN = 200
MOVED_ON = "Stock was changed since the file was looked at. This is what it would do now."


@bp.route("/stock/file", methods=["GET", "POST"])
@planners
def upload(warehouse_id: int) -> ResponseReturnValue:
    """Take a file and show what it would do; nothing is stored yet."""
    warehouse, form = found(warehouse_id), UploadForm(request.files)
    if request.method == "GET":
        return _ask(warehouse, form)
    sent = request.files.get("file")
    try:
        sheet = sheets.read(sent.read() if sent else b"", COLUMNS)
    except sheets.SheetError as error:
        form.file.errors = [error.sentence]
        return _ask(warehouse, form, 422)
    checked = own_stock_files.check(warehouse.id, sheet.rows)
    told = {(one.row, one.column) for one in sheet.problems}
    own = [one for one in checked.problems if (one.row, one.column) not in told]
    checked.problems = [*sheet.problems, *own]
    return _look(warehouse, sheet.rows, checked, notes=sheet.notes)


@bp.post("/stock/counts")
@planners
@once
def store(warehouse_id: int) -> ResponseReturnValue:
    """Store a file that was looked at, whole; changed meanwhile, it is shown once more."""
    warehouse, sent = found(warehouse_id), ApplyForm(request.form).values()
    rows = drafts.unpack(sent["rows"], len(COLUMNS))
    if rows is None:
        form = UploadForm()
        form.file.errors = ["The rows did not arrive whole. Choose the file again."]
        return _ask(warehouse, form, 422)
    own_stock.lock(warehouse.id)
    checked = own_stock_files.check(warehouse.id, rows)
    if checked.problems or checked.mark != sent["mark"]:
        return _look(warehouse, rows, checked, notes=[MOVED_ON], status=409)
    changed = own_stock_files.apply(warehouse.id, checked, user_id=current_user.id)
    leads_to(path(warehouse))
    db.session.commit()
    flash(f"{units(changed, 'SKU')} counted from the file.")
    return redirect(path(warehouse), 303)


@bp.get("/stock/template.xlsx")
@bp.get("/stock/template.csv")
@viewers
def template(warehouse_id: int) -> ResponseReturnValue:
    """Return a file to fill in."""
    found(warehouse_id)
    header, *examples = sheets.template(COLUMNS, EXAMPLES)
    return table_response("stock-counts", header, examples)


def _ask(warehouse: Warehouse, form: UploadForm, status: int = 200) -> ResponseReturnValue:
    answer = render_template(
        "own_stock/file.html", warehouse=warehouse, path=path(warehouse), form=form
    )
    return answer, status


def _look(
    warehouse: Warehouse,
    rows: Sequence[Row],
    checked: Check,
    *,
    notes: Sequence[str],
    status: int = 0,
) -> ResponseReturnValue:
    packed = "" if checked.problems else drafts.pack(rows)
    if len(packed) > drafts.MOST_PACKED:
        sentence = "is too long to be stored at once: split the file."
        checked.problems.append(sheets.Problem(0, "", sentence))
    answer = render_template(
        "own_stock/check.html",
        warehouse=warehouse,
        path=path(warehouse),
        checked=checked,
        problems=sorted(checked.problems, key=lambda one: one.row)[:SHOWN],
        changes=checked.changes[:SHOWN],
        notes=notes,
        packed=packed,
    )
    return answer, status or (422 if checked.problems else 200)
