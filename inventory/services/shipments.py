"""Inbound shipments: what Amazon says about goods on their way, stored as it was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import select

from amazon.types import InboundShipment
from extensions import db
from inventory.models import Connection, OrderShipment, Shipment, ShipmentStatus
from inventory.rules import dates, flags, wording
from inventory.rules.shipments import is_forward, is_over, is_shipped, read_status
from inventory.services import accounts, changes, destinations, expectations

STATUS_FLAGS = ("unknown_status", "went_back", "amazon_error", "conflicting")


@dataclass(frozen=True, slots=True)
class Seen:
    """When and by which run Amazon was read. ``is_first``: the connection's first reading."""

    at: datetime
    run_id: int | None
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows by what happened to them, and the ids of all it touched."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    ids: tuple[int, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}


def import_page(connection_id: int, page: Sequence[InboundShipment], seen: Seen) -> Imported:
    """Store one page of Amazon's shipments, matched by their FBA id within the connection.

    Rows are written where they differ, a status to the history where the word differs from
    the last one seen. A shipment whose word changed is marked as to be read again, lines and
    all (``lines_read_at`` empty). Flushes; the caller commits.
    """
    connection = db.session.get_one(Connection, connection_id)
    known = by_amazon_id(connection_id, [remote.shipment_id for remote in page])
    ordered = with_order(row.id for row in known.values())
    zone = accounts.timezone()
    today = seen.at.astimezone(zone).date()
    new: dict[str, Shipment] = {}
    differing = []
    for remote in page:
        row = known.get(remote.shipment_id) or new.get(remote.shipment_id)
        if row is None:
            row = new[remote.shipment_id] = _new(connection_id, remote, seen, zone)
        before = _facts(row)
        _describe(row, remote)
        if row.id is None or row.amazon_status != (remote.status or ""):
            _move(row, remote.status, seen, today, has_order=row.id in ordered)
        if row.id is not None and _facts(row) != before:
            differing.append((row, before))
    fresh = [*new.values(), *(row for row, _ in differing)]
    destinations.place(connection, fresh)
    expectations.recompute(connection, fresh, even_over=True)
    created = _store(connection_id, new)
    _note_words(created, differing, seen)
    _log(differing, seen)
    db.session.flush()
    return Imported(
        created=len(created),
        changed=len(differing),
        unchanged=len(known) - len(differing),
        ids=tuple(row.id for row in (*known.values(), *created)),
    )


def by_amazon_id(connection_id: int, amazon_ids: Iterable[str]) -> dict[str, Shipment]:
    """Return FBA id -> stored shipment, in one select."""
    found = select(Shipment).where(
        Shipment.connection_id == connection_id, Shipment.amazon_shipment_id.in_(set(amazon_ids))
    )
    return {row.amazon_shipment_id: row for row in db.session.scalars(found)}


def with_order(shipment_ids: Iterable[int]) -> set[int]:
    """Return which of these shipments hang on an order."""
    linked = select(OrderShipment.shipment_id).where(
        OrderShipment.shipment_id.in_(set(shipment_ids))
    )
    return set(db.session.scalars(linked))


def _store(connection_id: int, new: Mapping[str, Shipment]) -> list[Shipment]:
    """Insert in one statement, then read: SQLite would give the ids one row at a time."""
    if not new:
        return []
    db.session.bulk_save_objects(new.values())
    return list(by_amazon_id(connection_id, new).values())


def _new(connection_id: int, remote: InboundShipment, seen: Seen, zone: tzinfo) -> Shipment:
    first_seen_on, source = seen.at.astimezone(zone).date(), "sync"
    if seen.is_first:
        made = dates.made_at(remote.name, seen.at)
        first_seen_on = (made or seen.at).astimezone(zone).date()
        source = "name" if made else "today"
    return Shipment(
        connection_id=connection_id,
        amazon_shipment_id=remote.shipment_id,
        first_seen_on=first_seen_on,
        first_seen_source=source,
        status="",
        amazon_status="",
        flags="",
        is_open=True,
    )


def _describe(row: Shipment, remote: InboundShipment) -> None:
    row.name = remote.name[:255]
    row.destination_fc = remote.destination_fc[:16]
    row.label_prep_type = remote.label_prep_type[:32]
    row.are_cases_required = remote.are_cases_required
    row.box_contents_source = remote.box_contents_source[:32]
    address = asdict(remote.ship_from) if remote.ship_from else {}
    if row.ship_from != address:
        row.ship_from = address


def _move(row: Shipment, raw: str | None, seen: Seen, today: date, *, has_order: bool) -> None:
    reading = read_status(row.status, raw, has_order=has_order)
    was_over, is_new, before = is_over(row.status), row.id is None, row.status
    row.amazon_status = (raw or "")[:32]
    row.status = reading.status
    row.flags = flags.replaced(row.flags, STATUS_FLAGS, [reading.flag])
    row.is_open = not is_over(row.status)
    row.lines_read_at = None
    if is_new and seen.is_first:
        return  # what happened before we looked has no date
    if row.status != before and is_forward(before, row.status):
        row.last_activity_at = seen.at
    if is_shipped(row.status) and row.shipped_on is None and not is_shipped(before):
        row.shipped_on = today
    if not is_shipped(row.status) and not is_over(row.status):
        row.shipped_on = None
    if row.is_open:
        row.closed_on = None
    elif not was_over:
        row.closed_on = today


def _facts(row: Shipment) -> dict[str, Any]:
    return {
        "name": row.name,
        "fulfilment centre": row.destination_fc,
        "Amazon's status": row.amazon_status,
        "_": (
            row.status,
            row.label_prep_type,
            row.are_cases_required,
            row.box_contents_source,
            row.ship_from,
            row.flags,
        ),
    }


def _note_words(
    created: Sequence[Shipment],
    differing: Sequence[tuple[Shipment, dict[str, Any]]],
    seen: Seen,
) -> None:
    """A word is history when it differs from the last one seen; null counts as a word."""
    moved = [row for row, old in differing if old["Amazon's status"] != row.amazon_status]
    db.session.bulk_save_objects(
        ShipmentStatus(
            shipment_id=row.id,
            amazon_status=row.amazon_status,
            seen_at=seen.at,
            run_id=seen.run_id,
        )
        for row in (*created, *moved)
    )


def _log(differing: Sequence[tuple[Shipment, dict[str, Any]]], seen: Seen) -> None:
    for row, before in differing:
        after = _facts(row)
        fields = {
            name: [before[name], after[name]]
            for name in after
            if name != "_" and before[name] != after[name]
        }
        if fields:
            changes.record(
                "shipment",
                row.id,
                wording.sentence(fields, accounts.today(seen.at)),
                name=row.amazon_shipment_id,
                fields=fields,
                cause="amazon",
                run_id=seen.run_id,
            )
