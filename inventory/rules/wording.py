"""What changed about an order or a shipment, in sentences for people. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from inventory.rules import flags
from inventory.rules.shipments import FLAGGED, MEANINGS, display_name

#: Fields that follow from these others: a sentence that tells of one leaves them out.
FOLLOWING = {
    "Amazon's status": {"status"},
    "type": {"status"},
    "closed": {"status", "type"},
    "units outstanding": {"status", "units ordered", "units received"},
}
#: Ends of the names of fields that tell of one line: "<SKU> received".
OF_LINES = (" shipped", " ordered", " received")
TOTALS = ("units ordered", "units received")


def sentence(fields: Mapping[str, Sequence[Any]], today: date) -> str:
    """Return what ``fields`` (name -> [old, new]) say, without full stop; lines are left out.

    Dates are ISO texts; those of another year than ``today``'s carry it.
    """
    told = [
        phrase(fields[name][0], fields[name][1], today)
        for name, phrase in PHRASES.items()
        if name in fields and not FOLLOWING.get(name, set()) & fields.keys()
    ]
    return "; ".join(told) or "Lines changed"


def is_of_line(name: str) -> bool:
    """Return whether a field is of one line of an order or a shipment, in units."""
    return name.endswith(OF_LINES) and name not in TOTALS


def day(on: date, today: date) -> str:
    """Return "2 Dec"; of another year "4 Jan 2027"."""
    return f"{on.day} {on:%b}" if on.year == today.year else f"{on.day} {on:%b} {on.year}"


def counted(label: str, units: int) -> str:
    """Return a change of units: "Received +4 units", "Received −1 unit"."""
    sign = "+" if units >= 0 else "−"
    return f"{label} {sign}{abs(units):,} unit{'' if abs(units) == 1 else 's'}"


def status(word: str) -> str:
    """Return Amazon's word as people say it; one without a meaning as it came."""
    is_known = word in MEANINGS or word in FLAGGED or word == "CREATING"
    return display_name(word) if is_known and word != "MIXED" else word or "none"


def _status(old: str, new: str, _today: date) -> str:
    if status(old) == status(new):
        return f"Amazon's status {old or 'none'} → {new or 'none'}"
    return f"Status {status(old)} → {status(new)}"


def _flags(old: str, new: str, _today: date) -> str:
    before, after = flags.words(old), flags.words(new)
    came = [_came(word) for word in after if word not in before]
    gone = [word.partition(":")[0] for word in before if word not in after]
    went = [flags.SENTENCES.get(name, (name, name))[1] for name in gone if not flags.has(new, name)]
    return "; ".join(came + went)


def _came(word: str) -> str:
    name, _, detail = word.partition(":")
    text = flags.SENTENCES.get(name, (name, name))[0]
    return f"{text} to {status(detail)}" if detail else text


def _text(label: str) -> Callable[[Any, Any, date], str]:
    return lambda old, new, _today: f"{label} {old or 'none'} → {new or 'none'}"


def _date(label: str) -> Callable[[Any, Any, date], str]:
    def phrase(old: str | None, new: str | None, today: date) -> str:
        days = [day(date.fromisoformat(one), today) if one else "none" for one in (old, new)]
        return f"{label} {days[0]} → {days[1]}"

    return phrase


def _units(label: str) -> Callable[[Any, Any, date], str]:
    return lambda old, new, _today: counted(label, new - old)


#: Field -> its phrase from (old, new, today), in the order of a sentence.
PHRASES: Mapping[str, Callable[[Any, Any, date], str]] = {
    "status": _text("Status"),
    "Amazon's status": _status,
    "type": _text("Type"),
    "expected": _date("Expected"),
    "shipping and handling": _text("Shipping/handling"),
    "destination": _text("Destination"),
    "fulfilment centre": _text("Fulfilment centre"),
    "name": _text("Name"),
    "created": _date("Created"),
    "closed": _date("Closed"),
    "units ordered": _units("Ordered"),
    "units received": _units("Received"),
    "units outstanding": _units("Outstanding"),
    "flags": _flags,
}
