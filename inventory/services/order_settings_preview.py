"""What saving the stock-order settings would do, by the rules that run on saving."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import select

from extensions import db
from inventory.models import Account, OrderKind, Shipment, StatusType, Warehouse
from inventory.rules import wording
from inventory.rules.consequences import Affected, Consequence, plural
from inventory.rules.stale import Rule
from inventory.services import (
    accounts,
    consequences_dates,
    levels,
    order_numbers,
    order_statuses,
    staleness,
)
from inventory.services.date_moves import Moving, moving
from inventory.services.levels import Typed
from inventory.services.order_settings import OF_COUNTING
from inventory.services.staleness import Preview

#: Kind of a figure -> heading of the list behind it.
TITLES = {
    "ignored": "Shipments that would be ignored",
    "counted": "Shipments that would count again",
    "dates": "Orders expected on another day",
    "dates_shipments": "Shipments expected on another day",
}


def of(account: Account, values: Mapping[str, Any]) -> list[Consequence]:
    """Return what saving ``values`` would do; absent ones stay. A handful of statements."""
    found = _moving(account, values)
    return [
        *_ignoring(_preview(account, values, found)),
        *consequences_dates.figures(found),
        *_references(account, values),
        *_new_orders(account, values),
    ]


def rows(
    account: Account, values: Mapping[str, Any], kind: str, limit: int
) -> tuple[str, list[Affected]]:
    """Return the heading and the first ``limit`` rows behind a figure. ``KeyError``: no such."""
    title, moves = TITLES[kind], _moving(account, values)
    if kind in ("dates", "dates_shipments"):
        return title, list(islice(consequences_dates.rows(moves, kind), limit))
    found = _preview(account, values, moves)
    affected = found.ignored if kind == "ignored" else found.counted
    return title, _shipments(affected[:limit], is_ignored=kind == "ignored")


def _moving(account: Account, values: Mapping[str, Any]) -> list[Moving]:
    """Return what would be expected on another day, by connection; no date can: no statement."""
    if values.get("lead_time_days", account.lead_time_days) == account.lead_time_days:
        return []
    return moving(levels.step(account, values))


def _preview(account: Account, values: Mapping[str, Any], moves: Sequence[Moving]) -> Preview:
    differs = [one for one in OF_COUNTING if values.get(one, "") not in ("", getattr(account, one))]
    if not differs and not moves:
        return Preview()
    typed = Typed(account, values)
    rule = Rule(bool(typed.ignore_stale), typed.ignore_after_days)
    expected: dict[int, date] = {}
    for one in moves if rule.is_on else ():
        expected |= one.after
    return staleness.preview(rule, expected=expected or None)


def _ignoring(found: Preview) -> Iterable[Consequence]:
    for kind, affected, words in (
        ("ignored", found.ignored, "would be ignored"),
        ("counted", found.counted, "would count again"),
    ):
        if affected:
            count, units = len(affected), sum(one.units_outstanding for one in affected)
            link = plural(count, "shipment")
            told = f"{link} ({units:,} {plural(units, 'unit')}) {words}"
            kept = "What was received stays in stock. Each can be counted again by hand."
            kept = kept if kind == "ignored" else ""
            yield Consequence(kind, count, told, units, kept, link)


def _references(account: Account, values: Mapping[str, Any]) -> Iterable[Consequence]:
    names = ("next_reference", "purchase_prefix", "transfer_prefix")
    if all(values.get(one, getattr(account, one)) == getattr(account, one) for one in names):
        return
    typed: Any = Typed(account, values)
    coming = [order_numbers.coming_reference(typed, kind) for kind in OrderKind]
    sentence = f"The next purchase order would be {coming[0]}, a transfer order {coming[1]}"
    yield Consequence("", None, sentence, kept="Orders that exist keep their reference.")


def _new_orders(account: Account, values: Mapping[str, Any]) -> Iterable[Consequence]:
    status = values.get("default_status", account.default_status)
    if status != account.default_status:
        is_draft = order_statuses.types().get(status) == StatusType.DRAFT
        kept = "A draft is not counted as on order." if is_draft else ""
        yield Consequence("", None, f"New orders begin as {status}", kept=kept)
    opens = values.get("open_send", account.open_send)
    if opens != account.open_send:
        act = "opens" if opens else "no longer opens"
        yield Consequence("", None, f"Saving an order to an FBA warehouse {act} Send to Amazon")


def _shipments(affected: Sequence[staleness.Affected], *, is_ignored: bool) -> list[Affected]:
    names = (
        select(Shipment.id, Warehouse.name)
        .outerjoin(Warehouse, Warehouse.id == Shipment.warehouse_id)
        .where(Shipment.id.in_([one.id for one in affected]))
    )
    places = {row.id: row.name or "none" for row in db.session.execute(names)}
    words = ("counted", "ignored") if is_ignored else ("ignored", "counted")
    today = accounts.today()
    return [
        Affected(
            "shipment",
            one.id,
            one.amazon_shipment_id,
            places[one.id],
            words[0],
            f"{words[1]}, expected {wording.day(one.expected_on, today)}"
            if one.expected_on
            else words[1],
            one.units_outstanding,
        )
        for one in affected
    ]
