"""What another pick-up delay or lead time would do to expected dates, in words and lists."""

from collections.abc import Iterable, Sequence
from datetime import date

from inventory.rules import wording
from inventory.rules.consequences import Affected, Consequence, counted, plural
from inventory.services import accounts
from inventory.services.date_moves import Move, Moving, moved


def figures(found: Sequence[Moving]) -> list[Consequence]:
    """Return how many orders would be expected on another day, and which change is overdue."""
    moves = [move for one in found for move in moved(one)]
    today = accounts.today()
    told = []
    for noun in ("order", "shipment"):
        rows = [one for one in moves if (one.kind == "shipment") == (noun == "shipment")]
        free = [one for one in rows if not one.is_locked]
        kept = _overdue(free, today) + _locked(len(rows) - len(free))
        if not rows:
            continue
        link = f"{_modes(free)}{plural(len(free), noun)}"
        suffix = "" if noun == "order" else " without an order"
        verb = "moves" if len(free) == 1 else "move"
        sentence = f"{link}{suffix} {verb} {_far(free)}"
        units = sum(one.units for one in free)
        kind = "dates" if noun == "order" else "dates_shipments"
        told.append(Consequence(kind, len(free), sentence, units, kept.strip(), link))
    return told


def rows(found: Sequence[Moving], kind: str) -> Iterable[Affected]:
    """Return the orders ("dates") or shipments ("dates_shipments") whose date would move."""
    today = accounts.today()
    for place in found:
        for one in moved(place):
            if (one.kind == "shipment") != (kind == "dates_shipments"):
                continue
            was = wording.day(one.was, today) if one.was else "none"
            would = wording.day(one.would, today) if one.would else "none"
            if one.is_locked:
                would = f"{was}, set by hand: stays"
            name = place.step.before.name(one.warehouse_id)
            yield Affected(one.kind, one.subject_id, one.name, name, was, would, one.units)


def _modes(moves: Sequence[Move]) -> str:
    names = sorted({one.mode.removeprefix("FREIGHT_")[:3] for one in moves})
    return f"{' and '.join(names)} " if names and set(names) <= {"LTL", "FTL"} else ""


def _far(moves: Sequence[Move]) -> str:
    days = sorted({one.days for one in moves})
    if len(days) == 1 and days[0]:
        return f"{counted(abs(days[0]), 'day')} {'later' if days[0] > 0 else 'earlier'}"
    return "to another day"


def _overdue(moves: Sequence[Move], today: date) -> str:
    late = [(_late(one.was, one, today), _late(one.would, one, today)) for one in moves]
    stop, start = late.count((True, False)), late.count((False, True))
    told = [f"{stop:,} of them {plural_verb(stop, 'stop')} being overdue."] if stop else []
    told += [f"{start:,} of them {plural_verb(start, 'become')} overdue."] if start else []
    return " ".join(told)


def plural_verb(count: int, verb: str) -> str:
    """Return "stops" for one, "stop" for more."""
    return f"{verb}s" if count == 1 else verb


def _late(on: date | None, one: Move, today: date) -> bool:
    return on is not None and on < today and one.units > 0


def _locked(count: int) -> str:
    if not count:
        return ""
    return f" {count:,} locked by hand {'stays' if count == 1 else 'stay'}."
