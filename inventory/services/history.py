"""The log of changes as people read it: who, when, what, old → new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from extensions import db
from inventory.models import Change, Warehouse
from inventory.rules import wording
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.settings import DEFAULTS, LEVELS
from inventory.services.put_back import was_there

#: Field -> what pages call it; others are shown by their own name.
LABELS = {
    "primary_marketplace_id": "Primary marketplace",
    "sync_fees": "Sync shipping/handling",
    "pickup_delay_days": "Estimated pick-up delay",
    "order_type": "Inbound shipment order type",
    "default_source_id": "Default source warehouse",
    "import_early": "Import before SHIPPED",
    "sync_inbound": "Sync inbound shipments",
    "lead_time_days": "Lead time",
    "days_of_stock": "Days of stock",
    "stock_basis": "Stock basis",
    "disabled_at": "Disabled",
    "seller_id": "Seller ID",
    "application_id": "Amazon application",
    "destination_id": "Destination",
    "source_id": "Source",
    "shipping and handling": "Shipping/handling",
    "per_euro": "Rate for one euro",
    "next_reference": "Next reference number",
    "purchase_prefix": "Prefix of purchase orders",
    "transfer_prefix": "Prefix of transfer orders",
    "open_send": "Open Send to Amazon on saving",
    "ignore_stale": "Ignore unreceived FBA shipments",
    "ignore_after_days": "Days past the expected date",
    "ignore_pin": "By hand",
}
BLANK = "–"
#: Whose settings an entry is about -> the level at which they say something (rules.settings).
LEVEL = {"connection": "connection", "warehouse": "warehouse", "order_settings": "account"}
#: Fields whose values are words of ours.
WORDS: Mapping[str, Mapping[str, str]] = {
    "order_type": {"auto": "Auto", "purchase": "Purchase order", "transfer": "Transfer order"},
    "stock_basis": {
        "fulfillable": "Fulfillable",
        "fc_transfer": "Fulfillable + FC transfer",
        "fc_processing": "Fulfillable + FC transfer + FC processing",
    },
}
#: Fields whose values are ids of warehouses.
WAREHOUSES = ("source_id", "destination_id")
#: Days of an order, as ``order_facts`` logs them, and what it logs of a line behind its SKU.
DAYS = ("created", "expected", "payment date")
OF_LINES = (" cost", " tax", " case")
#: What sentences of our own tell whole, but for the lines.
TOLD = ("order", "shipment")


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: ``fields`` are (label, old, new) in words, without what ``summary`` says already.

    ``who`` is a person or a cause.
    """

    id: int
    at: datetime
    who: str
    cause: str
    subject_kind: str
    subject_id: int | None
    subject_name: str
    summary: str
    fields: tuple[tuple[str, str, str], ...]
    run_id: int | None
    #: The fields that had a value to go back to, and the batch of an act on many things.
    names: tuple[str, ...] = ()
    batch: str | None = None
    undoes_id: int | None = None


def history(subject_kind: str, subject_id: int, limit: int = 50) -> list[Entry]:
    """Return the newest acts on one thing, newest first. Two queries."""
    acts = select(Change).where(
        Change.subject_kind == subject_kind, Change.subject_id == subject_id
    )
    newest = acts.order_by(Change.id.desc()).limit(limit).options(joinedload(Change.user))
    return entries(db.session.scalars(newest).all())


def entries(changes: Sequence[Change]) -> list[Entry]:
    """Return ``changes`` in words; ids of warehouses become names in one query."""
    names = _warehouse_names(changes)
    return [_entry(change, names) for change in changes]


def _entry(change: Change, names: dict[int, str]) -> Entry:
    causes = {"amazon": "Amazon", "rule": "a rule", "system": "Stockbridge"}
    by_person = "somebody removed since" if change.user is None else change.user.shown_name
    return Entry(
        id=change.id,
        at=change.at,
        who=causes.get(change.cause, by_person),
        cause=change.cause,
        subject_kind=change.subject_kind,
        subject_id=change.subject_id,
        subject_name=change.subject_name,
        summary=change.summary,
        fields=tuple(_fields(change, names)),
        run_id=change.run_id,
        names=tuple(name for name, pair in change.fields.items() if was_there(name, pair[0])),
        batch=change.batch,
        undoes_id=change.undoes_id,
    )


def _fields(change: Change, names: dict[int, str]) -> Iterable[tuple[str, str, str]]:
    is_told = change.subject_kind in TOLD and change.cause != "person"
    for name, pair in change.fields.items():
        if change.subject_kind in TOLD and wording.is_of_line(name):
            yield name, f"{pair[0]:,}", f"{pair[1]:,} units"
            continue
        old, new = (
            _unsaid(change.subject_kind, name, names)
            if value is None
            else _value(name, value, names)
            for value in pair
        )
        if not is_told and name != "taking_part" and f"{old} → {new}" not in change.summary:
            is_of_line = change.subject_kind == "order" and name.endswith(OF_LINES)
            yield (name if is_of_line else _label(name)), old, new


def _label(name: str) -> str:
    if name.startswith("centre "):
        return f"Fulfilment centre {name.split(' ')[1]}"
    return LABELS.get(name, name.replace("_", " ").capitalize())


def _unsaid(subject_kind: str, name: str, names: dict[int, str]) -> str:
    """Return what it means that a level says nothing: a setting inherits, or has its default."""
    levels = LEVELS.get(name, ())
    if LEVEL.get(subject_kind) not in levels:
        return BLANK
    if levels[0] != LEVEL[subject_kind]:
        return "inherited"
    default = DEFAULTS[name]
    return "none" if default is None else f"default ({_value(name, default, names)})"


def _value(name: str, value: Any, names: dict[int, str]) -> str:
    if value == "":
        return BLANK
    if isinstance(value, bool):
        return "on" if value else "off"
    if name in DAYS:
        return _day(str(value))
    if name.endswith(WAREHOUSES):
        return names.get(value, f"warehouse {value}")
    if name.endswith(("marketplace_id", "marketplace")) and value in MARKETPLACES:
        return MARKETPLACES[value].name
    return WORDS.get(name, {}).get(value, str(value))


def _day(text: str) -> str:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{on.day} {on:%b %Y}"


def _warehouse_names(changes: Sequence[Change]) -> dict[int, str]:
    ids = {
        value
        for change in changes
        for name, pair in change.fields.items()
        if name.endswith(WAREHOUSES)
        for value in pair
        if isinstance(value, int)
    }
    if not ids:
        return {}
    rows = select(Warehouse.id, Warehouse.name).where(Warehouse.id.in_(ids))
    # dict() is no help: mypy does not take rows for pairs.
    return {warehouse_id: name for warehouse_id, name in db.session.execute(rows)}  # noqa: C416
