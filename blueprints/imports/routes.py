"""/<list>/import: a file is looked at first, with every problem by row, then brought in whole."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from blueprints.access import planners
from blueprints.imports import kinds
from blueprints.imports.kinds import Kind
from blueprints.orders.offered import undoable
from blueprints.responses import table_response
from blueprints.shipments.rows import order_url
from blueprints.submissions import leads_to, once
from blueprints.uploads import takes_files
from extensions import db
from inventory.models import ImportDraft, StockOrder
from inventory.rules import sheets
from inventory.services import import_drafts, import_undo, order_line_imports

bp = Blueprint("imports", __name__)

#: Problems that a page shows; their number is told whole.
SHOWN = 200
CHANGED = "Something changed since you looked: this is how the file stands now."


@bp.route("/<string:name>/import", methods=["GET", "POST"])
@planners
@takes_files(sheets.MOST_BYTES)
def create(name: str) -> ResponseReturnValue:
    """Take a file and show what it would bring."""
    return _create(kinds.named(name) or abort(404))


@bp.route("/<string:name>/import/<int:draft_id>", methods=["GET", "POST"])
@planners
@once
def show(name: str, draft_id: int) -> ResponseReturnValue:
    """Show what a file would bring, and bring it in."""
    return _show(kinds.named(name) or abort(404), draft_id)


@bp.post("/<string:name>/import/<batch>/undo")
@planners
def undo(name: str, batch: str) -> ResponseReturnValue:
    """Take back what a file brought in, while nothing happened to it."""
    kind = kinds.named(name) or abort(404)
    if kind.undo is None:
        abort(404)
    try:
        undone = kind.undo(batch[:36], current_user.id)
    except import_undo.MovedOn as moved:
        db.session.rollback()
        told = f"Nothing was undone: {', '.join(moved.args)} changed since."
        flash(told, "error")
    else:
        db.session.commit()
        flash(f"Undone: {undone}." if undone else "Undone already.")
    return redirect(kind.back, 303)


@bp.route("/orders/<int:order_id>/import", methods=["GET", "POST"])
@planners
@takes_files(sheets.MOST_BYTES)
def create_lines(order_id: int) -> ResponseReturnValue:
    """Take a file of lines for an order and show what it would bring."""
    order = db.get_or_404(StockOrder, order_id)
    if refused := _refusal(order):
        return refused
    return _create(_lines(order))


@bp.route("/orders/<int:order_id>/import/<int:draft_id>", methods=["GET", "POST"])
@planners
@once
def show_lines(order_id: int, draft_id: int) -> ResponseReturnValue:
    """Show what a file would bring into an order, and bring it in."""
    order = db.get_or_404(StockOrder, order_id)
    if refused := _refusal(order):
        return refused
    return _show(_lines(order), draft_id)


@bp.get("/<string:name>/import/template.xlsx")
@bp.get("/<string:name>/import/template.csv")
@planners
def template(name: str) -> ResponseReturnValue:
    """Return a file to fill in: the header, and a row that shows how."""
    kind = kinds.named(name) or abort(404)
    header = [column.name for column in kind.columns]
    return table_response(f"{kind.name}-template", header, [kind.example])


def _create(kind: Kind) -> ResponseReturnValue:
    if request.method == "GET":
        return _ask(kind)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _ask(kind, "Choose a file.")
    content = sent.read()
    try:
        sheets.read(content, kind.columns)  # what cannot be read is not kept
    except sheets.SheetError as error:
        return _ask(kind, error.sentence)
    draft = import_drafts.keep(
        kind.name, sent.filename, content, user_id=current_user.id, order_id=kind.order_id
    )
    db.session.commit()
    return redirect(f"{_path(kind)}/{draft.id}", 303)


def _show(kind: Kind, draft_id: int) -> ResponseReturnValue:
    draft = import_drafts.find(draft_id, kind.name, user_id=current_user.id, order_id=kind.order_id)
    if draft is None:
        flash("That file was brought in already, or forgotten. Choose it again.")
        return redirect(_path(kind), 303)
    checked = kind.check(draft.content)
    look = kind.look(checked)
    if request.method == "GET" or look.problems:
        return _dry_run(kind, draft, look, 409 if request.method == "POST" else 200)
    return _bring(kind, draft, checked)


def _bring(kind: Kind, draft: ImportDraft, checked: Any) -> ResponseReturnValue:
    name = draft.name
    try:
        import_drafts.take(draft)
        told, location, undo_path = kind.bring(checked, name, current_user.id)
        leads_to(location)
        db.session.commit()
    except import_drafts.DraftGone:
        db.session.rollback()
        flash("That file was brought in already.")
        return redirect(kind.back, 303)
    except (IntegrityError, StaleDataError):
        # Somebody made one of its orders, or changed a vendor, since it was checked.
        db.session.rollback()
        flash(CHANGED)
        return redirect(request.path, 303)
    if undo_path:
        undoable(told, undo_path)
    else:
        flash(told)
    return redirect(location, 303)


def _ask(kind: Kind, error: str = "") -> ResponseReturnValue:
    columns = [(column, kinds.HELP.get(column.name, "")) for column in kind.columns]
    page = render_template(
        "imports/new.html",
        kind=kind,
        path=_path(kind),
        error=error,
        columns=columns,
        most_mb=sheets.MOST_BYTES // sheets.MB,
        most_rows=sheets.MOST_ROWS,
        latest=kind.latest(),
    )
    return page, 422 if error else 200


def _dry_run(kind: Kind, draft: ImportDraft, look: kinds.Look, status: int) -> ResponseReturnValue:
    page = render_template(
        "imports/show.html",
        kind=kind,
        path=_path(kind),
        draft=draft,
        look=look,
        problems=look.problems[:SHOWN],
        notes=[*([CHANGED] if status == 409 else []), *look.notes],
    )
    return page, status


def _path(kind: Kind) -> str:
    if kind.order_id is not None:
        return f"{request.script_root}/orders/{kind.order_id}/import"
    return kind.path


def _lines(order: StockOrder) -> Kind:
    return kinds.lines_of(order, order_url(request.script_root, order))


def _refusal(order: StockOrder) -> ResponseReturnValue | None:
    if why := order_line_imports.refusal(order):
        flash(why)
        return redirect(order_url(request.script_root, order), 303)
    return None
