"""Fulfilment centres of a connection: which marketplace each serves, and people's corrections."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, func, select

from extensions import db
from inventory.models import CentrePlace, Change, Connection, Shipment
from inventory.rules.consequences import Affected, Consequence, plural
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import changes, destinations, expectations, lists, orders, staleness
from inventory.services.levels import of_connection
from inventory.services.put_back import CENTRE

#: Words that outrank a correction.
STRONGER = ("user", "plan")
#: A field of the log: "centre ONT8 marketplace", as ``put_back`` reads it.
FIELD = "{}".join(CENTRE)
_FACTS = (
    Shipment.id,
    Shipment.amazon_shipment_id,
    Shipment.warehouse_id,
    Shipment.destination_fc,
    Shipment.destination_country,
    Shipment.plan_id,
    Shipment.marketplace_id,
    Shipment.marketplace_source,
    Shipment.units_outstanding,
)


@dataclass(frozen=True, slots=True)
class Centre:
    """A centre that shipments went to. ``marketplace_id`` is where most of them count.

    ``source`` says why: "centre" when somebody corrected it, else as on a shipment.
    """

    code: str
    shipments: int
    marketplace_id: str
    source: str
    corrected: str = ""


def seen(connection_id: int) -> list[Centre]:
    """Return the centres seen or corrected, those with most shipments first. Two statements."""
    key = (Shipment.destination_fc, Shipment.marketplace_id, Shipment.marketplace_source)
    found = select(*key, func.count()).where(
        Shipment.connection_id == connection_id, Shipment.destination_fc != ""
    )
    counts: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for code, marketplace_id, source, count in db.session.execute(found.group_by(*key)):
        counts[code][marketplace_id, source] += count
    corrected = destinations.corrections(connection_id)
    for code in corrected:
        counts.setdefault(code, Counter())
    rows = [_centre(code, words, corrected.get(code, "")) for code, words in counts.items()]
    return sorted(rows, key=lambda one: (-one.shipments, one.code))


def differing(connection_id: int, wanted: Mapping[str, str]) -> dict[str, list[str | None]]:
    """Return centre -> [corrected now, would be] where they differ; None: no correction."""
    now = destinations.corrections(connection_id)
    return {
        code: [now.get(code), marketplace_id or None]
        for code, marketplace_id in wanted.items()
        if now.get(code, "") != marketplace_id
    }


def consequences(connection: Connection, wanted: Mapping[str, str]) -> list[Consequence]:
    """Return how many open shipments would move to another warehouse."""
    moving = moves(connection, wanted)
    if not differing(connection.id, wanted):
        return []
    units = sum(row.units_outstanding for row, _to in moving)
    count = len(moving)
    link = f"open {plural(count, 'shipment')}"
    sentence = f"{link} would count for another marketplace"
    kept = "Those whose plan or correction says where they go stay."
    return [Consequence("centres", count, sentence, units, kept, link)]


def rows(connection: Connection, wanted: Mapping[str, str]) -> Iterable[Affected]:
    """Return the shipments behind ``consequences``."""
    names = of_connection(connection)
    for row, marketplace_id in moves(connection, wanted):
        was, would = (country(one) for one in (row.marketplace_id, marketplace_id))
        place = names.name(row.warehouse_id)
        name = f"{row.amazon_shipment_id} to {row.destination_fc}"
        yield Affected("shipment", row.id, name, place, was, would, row.units_outstanding)


def moves(
    connection: Any, wanted: Mapping[str, str], guesses_too: bool = False
) -> list[tuple[Any, str]]:
    """Return the open shipments that would count elsewhere, with the marketplace id they get.

    ``wanted`` are corrections by centre ("" takes one away). With ``guesses_too`` all guessed
    ones are decided again, for another primary marketplace on ``connection``.
    """
    corrected = {**destinations.corrections(connection.id), **wanted}
    here = destinations.known(connection, {code: one for code, one in corrected.items() if one})
    is_open = _open(connection.id)
    if not guesses_too:
        is_open = is_open.where(Shipment.destination_fc.in_(wanted))
    found = lists.read(is_open)
    return [
        (row, marketplace_id)
        for row, marketplace_id, _source in destinations.decide(here, connection.id, found)
        if marketplace_id != row.marketplace_id
    ]


def correct(
    connection: Connection, wanted: Mapping[str, str], *, user_id: int | None
) -> Change | None:
    """Store corrections ("" takes one away) and move open shipments; None: nothing differs.

    The act is one entry of the connection's log; each moved shipment has one too, in the same
    batch. Flushes; the caller commits.
    """
    differs = differing(connection.id, wanted)
    if not differs:
        return None
    for code, (_now, marketplace_id) in differs.items():
        row = db.session.get(CentrePlace, (connection.id, code))
        if row is not None and marketplace_id is None:
            db.session.delete(row)
        elif row is not None and marketplace_id:
            row.marketplace_id = marketplace_id
        elif marketplace_id:
            new = CentrePlace(connection_id=connection.id, centre=code)
            new.marketplace_id = marketplace_id
            db.session.add(new)
    db.session.flush()
    act = changes.record(
        "connection",
        connection.id,
        "Fulfilment centres corrected",
        name=connection.name,
        fields={FIELD.format(code): pair for code, pair in differs.items()},
        user_id=user_id,
    )
    act.batch = str(uuid4())
    affected = _open(connection.id, Shipment).where(Shipment.destination_fc.in_(differs))
    put(connection, db.session.scalars(affected).all(), user_id=user_id, batch=act.batch)
    return act


def put(
    connection: Connection,
    shipments: Sequence[Shipment],
    *,
    user_id: int | None,
    batch: str | None = None,
) -> int:
    """Decide again where shipments go, with dates and orders; return how many moved. Flushes."""
    before = {row.id: row.marketplace_id for row in shipments}
    placed = destinations.place(connection, shipments)
    moved = [row for row in placed if row.marketplace_id != before[row.id]]
    for row in moved:
        done = changes.record(
            "shipment",
            row.id,
            "Marketplace follows the settings",
            name=row.amazon_shipment_id,
            fields={"marketplace": [before[row.id], row.marketplace_id]},
            user_id=user_id,
        )
        done.batch = batch
    expectations.recompute(connection, moved, cause="rule")
    db.session.flush()
    orders.update(connection.id, [row.id for row in placed])
    staleness.evaluate(connection.id)
    return len(moved)


def open_guesses(connection_id: int) -> Sequence[Shipment]:
    """Return the open shipments whose marketplace nobody has said for sure."""
    return db.session.scalars(_open(connection_id, Shipment)).all()


def _open(connection_id: int, *what: Any) -> Select[Any]:
    found: Select[Any] = select(*(what or _FACTS))
    return found.where(
        Shipment.connection_id == connection_id,
        Shipment.is_open.is_(True),
        Shipment.marketplace_source.not_in(STRONGER),
    ).order_by(Shipment.id)


def _centre(code: str, words: Counter[tuple[str, str]], corrected: str) -> Centre:
    (marketplace_id, source), _count = (words.most_common(1) or [(("", ""), 0)])[0]
    if corrected:
        marketplace_id, source = corrected, "centre"
    return Centre(code, words.total(), marketplace_id, source, corrected)


def country(marketplace_id: str) -> str:
    """Return the name of a marketplace's country."""
    found = MARKETPLACES.get(marketplace_id)
    return found.name if found else "unknown"


def in_words(corrections: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return centre and country's name, for people; a correction taken away says so."""
    return [(code, country(one) if one else "not corrected") for code, one in corrections.items()]
