"""The header of an order between its form and its row."""

from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms.validators import ValidationError

from blueprints.conflicts import Conflict, conflicts
from blueprints.orders.forms import OrderForm
from extensions import db
from inventory.models import OrderKind, OrderLine, StockOrder, Vendor, Warehouse
from inventory.rules.orders import Place, is_usable
from inventory.services import (
    accounts,
    order_acts,
    order_choices,
    order_dates,
    order_drafts,
    order_facts,
    order_numbers,
    order_saving,
    order_skus,
    vendors,
)

TEXTS = ("payment_terms", "notes", "vendor_notes")
#: Amazon's, once shipments hang on the order.
AMAZONS = ("source_id", "destination_id", "reference", "rounding", "connection_id", "created_on")
SAVED = (
    "vendor_id", "source_id", "destination_id", "status", "reference", "currency", "rounding",
    "shipping_handling", "placement_fee", "discount", "spread_by", "payment_terms", "payment_on",
    "vendor_notes", "notes",
)  # fmt: skip
MOST_SHOWN = 20


class Refused(Exception):
    """The status cannot be given. ``args[0]`` is a sentence for people."""


def form_for(kind: OrderKind, order: StockOrder | None) -> OrderForm:
    """Return the form of a new order or of ``order``, with the fields it has and their choices."""
    form = OrderForm(request.form or None, data=_shown(order))
    connections = order_skus.connections()
    form.offer(
        vendors=vendors.usable(order.vendor_id if order else None),
        sources=order_choices.sources(order),
        destinations=order_choices.destinations(order),
        statuses=_statuses(order),
        connections=connections,
    )
    gone = {"vendor_id", "update_vendor"} if kind == OrderKind.TRANSFER else {"source_id"}
    if len(connections) < 2:
        gone.add("connection_id")
    if order is not None and order_saving.owned_by_amazon(order):
        gone.update(AMAZONS)
    if kind == OrderKind.TRANSFER:
        form.vendor_notes.label.text = "Notes for the source warehouse"
        form.vendor_notes.description = "On the printed order."
    for name in gone & set(form._fields):
        del form[name]
        setattr(form, name, None)
    if form.source_id is not None:
        form.source_id.validators = [*form.source_id.validators, _usable(form)]
    return form


def values(form: OrderForm) -> dict[str, Any]:
    """Return the header's columns by name; a text left blank is an empty one."""
    found = {name: form.data[name] for name in SAVED if name in form._fields}
    found |= {name: found[name] or "" for name in TEXTS}
    found["currency"] = currency(form)
    if form.created_on is not None and form.created_on.data:
        found["created_on"] = form.created_on.data
    return found | {"expected_on": form.expected_on.data}


def currency(form: OrderForm) -> str:
    """Return the currency chosen; left blank, the vendor's, else the destination's."""
    vendor, place = _chosen_vendor(form), _chosen_place(form)
    said = (form.currency.data, vendor and vendor.currency, place and place.currency)
    return next((one for one in said if one), accounts.account().currency)


def save(order: StockOrder, form: OrderForm, draft: order_drafts.Draft, *, user_id: int) -> bool:
    """Save header, lines and status as typed. Raises what ``order_saving.save`` does, ``Refused``
    where the status cannot be given."""
    version = request.form.get("version", "")
    changed = order_saving.save(
        order,
        {name: value for name, value in values(form).items() if name != "status"},
        draft.lines,
        version=int(version) if version.isdigit() else None,
        user_id=user_id,
    )
    if form.status.data == order.status:
        return changed
    try:
        return order_acts.set_status(order, form.status.data, user_id=user_id) or changed
    except order_acts.CannotDo as why:
        raise Refused(str(why)) from None


def terms(
    form: OrderForm, order: StockOrder | None, known: Mapping[str, OrderLine]
) -> order_drafts.Terms | None:
    """Return what the lines are checked against; ``None`` while no destination is chosen."""
    place = order.destination if order and form.destination_id is None else _chosen_place(form)
    if place is None:
        return None
    return order_drafts.Terms(
        place,
        _chosen_vendor(form),
        form.connection_id.data if form.connection_id is not None else None,
        (form.rounding.data or "up") if form.rounding is not None else "off",
        currency(form),
        known,
        warehouse(form.source_id.data if form.source_id is not None else None),
        order.id if order else None,
    )


def conflicts_of(form: OrderForm, order: StockOrder, draft: order_drafts.Draft) -> list[Conflict]:
    """Return header fields and lines that differ from what is saved now."""
    db.session.refresh(order)
    rows = conflicts(form, {k: v for k, v in _shown(order).items() if k in form._fields})
    saved = {sku: line.units_ordered for sku, line in order_facts.lines_of(order.id).items()}
    yours = {row.typed.sku: row.typed.units for row in draft.rows}
    for sku in dict.fromkeys([*saved, *yours]):
        pair = (str(saved.get(sku, "–")), yours.get(sku) or "–")
        if pair[0] != pair[1]:
            rows.append(Conflict(f"{sku}, units", *pair))
    return rows[:MOST_SHOWN]


def date_hint(form: OrderForm, order: StockOrder | None) -> str:
    """Return what a blank expected date gives, in words."""
    if form.destination_id is None:
        return "Typed, it is locked. Left blank, the shipments say it."
    place = _chosen_place(form)
    if place is None:
        return "Typed, it is locked. Left blank, it is the day created and the lead time."
    typed = form.created_on.data if form.created_on is not None else None
    created = typed or (order.created_on if order else accounts.today())
    found = order_dates.due(created, _chosen_vendor(form), place)
    days = f"{found.days} day{'' if found.days == 1 else 's'}"
    return f"Typed, it is locked. Left blank: {found.on:%-d %b %Y}, {days}, {found.said_by}."


def coming_reference(kind: OrderKind, order: StockOrder | None) -> str:
    """Return the number a new order gets."""
    return order.reference if order else order_numbers.coming_reference(accounts.account(), kind)


def warehouse(value: Any) -> Warehouse | None:
    """Return the warehouse of an id as a form sends it."""
    text = str(value or "")
    is_id = text.isascii() and text.isdigit() and len(text) < 10
    return db.session.get(Warehouse, int(text)) if is_id else None


def _shown(order: StockOrder | None) -> dict[str, Any]:
    if order is None:
        account = accounts.account()
        return {
            "status": account.default_status,
            "currency": None,
            "rounding": "up",
            "spread_by": "value",
        }
    shown = {name: getattr(order, name) for name in SAVED}
    is_typed = order.expected_source == "user"
    shown["created_on"] = order.created_on
    return shown | {"expected_on": order.expected_on if is_typed else None}


def _statuses(order: StockOrder | None) -> list[str]:
    names = order_choices.statuses(order)
    return names if order is None or order.status in names else [order.status, *names]


def _chosen_place(form: OrderForm) -> Warehouse | None:
    return warehouse(form.destination_id.data if form.destination_id is not None else None)


def _chosen_vendor(form: OrderForm) -> Vendor | None:
    chosen = form.vendor_id.data if form.vendor_id is not None else None
    return db.session.get(Vendor, chosen) if chosen else None


def _usable(form: OrderForm) -> Any:
    """A rule on the source: it can send to the destination chosen."""

    def check(_form: OrderForm, field: Any) -> None:
        source, place = warehouse(field.data), _chosen_place(form)
        if source is None or place is None:
            return
        if not is_usable(_place(source), destination=_place(place)):
            raise ValidationError(f"Goods cannot come from {source.name} to {place.name}.")

    return check


def _place(row: Warehouse) -> Place:
    return Place(row.id, str(row.kind), row.connection_id, row.is_enabled)
