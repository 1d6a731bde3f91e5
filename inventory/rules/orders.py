"""What an order made from shipments is: kind, source, type, name, dates. Pure.

An order of Amazon's has one shipment; orders sent from here may have several.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from inventory.rules import shipments

PURCHASE, TRANSFER = "purchase", "transfer"


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse as a possible source. ``kind`` is "fba", "fbm", "own" or "combined"."""

    id: int
    kind: str
    connection_id: int | None
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Kind and source of an order; ``source_missing``: wanted to be a transfer."""

    kind: str
    source_id: int | None
    source_missing: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One shipment of an order. ``lines`` maps a SKU to (units shipped, units received)."""

    status: str
    expected_on: date | None
    expected_source: str
    lines: Mapping[str, tuple[int, int]]
    closed_on: date | None = None
    fee: Decimal | None = None
    fee_currency: str = ""
    #: The day whose exchange rate counts for the fee.
    fee_on: date = date.min
    #: Since when its outstanding units do not count; None: they count.
    ignored_on: date | None = None

    @property
    def outstanding(self) -> int:
        return sum(shipments.outstanding(self.status, *units) for units in self.lines.values())

    @property
    def quotes(self) -> list[tuple[Decimal, str, date]]:
        """Return what is quoted (rules.fees): nothing, or one amount, its currency, its day."""
        return [] if self.fee is None else [(self.fee, self.fee_currency, self.fee_on)]

    @property
    def is_short(self) -> bool:
        return any(received < shipped for shipped, received in self.lines.values())


@dataclass(frozen=True, slots=True)
class Units:
    """Of one SKU, over all shipments of an order."""

    ordered: int
    received: int
    outstanding: int
    #: Of the outstanding, on ignored shipments.
    ignored: int = 0
    #: On shipments that have left.
    sent: int = 0


def origin(order_type: str, source: Place | None, *, destination: Place) -> Origin:
    """Return kind and source for an order type in force ("purchase" or "transfer").

    A transfer without a usable source becomes a purchase order that says so.
    """
    if order_type != TRANSFER:
        return Origin(PURCHASE, None)
    if source is None or not is_usable(source, destination=destination):
        return Origin(PURCHASE, None, source_missing=True)
    return Origin(TRANSFER, source.id)


def is_usable(source: Place, *, destination: Place) -> bool:
    """Return whether transfers may come from ``source``: an enabled own warehouse, or the
    merchant's warehouse of the same connection; never the destination itself."""
    if source.id == destination.id or not source.is_enabled:
        return False
    if source.kind == "fbm":
        return source.connection_id == destination.connection_id
    return source.kind == "own"


def type_of(parts: Sequence[Part], known: str) -> str:
    """Return the order's type: active while a shipment is, else closed, else canceled.

    ``known`` is the type it has; it stays where no shipment says anything.
    """
    said = {shipments.status_type(part.status) or known for part in parts}
    for one in (shipments.ACTIVE, shipments.CLOSED, shipments.CANCELED):
        if one in said:
            return one
    return known


def least_advanced(parts: Sequence[Part]) -> str:
    """Return the status of the least advanced open shipment; of all, when none is open."""
    is_open = [part.status for part in parts if not shipments.is_over(part.status)]
    return shipments.least_advanced(is_open or [part.status for part in parts])


def name_of(parts: Sequence[Part], known: str, *, type_changed: bool) -> str:
    """Return the named status. A name people gave stays while its type does."""
    if known and known not in NAMES and not type_changed:
        return known
    return shipments.display_name(least_advanced(parts), is_short=any(p.is_short for p in parts))


#: Every name that comes from Amazon's status and not from people.
NAMES = frozenset(
    {one.name for one in shipments.MEANINGS.values()}
    | {shipments.CHECK, shipments.CLOSED_SHORT, *(name for _, name in shipments.FLAGGED.values())}
)


def units(parts: Sequence[Part]) -> dict[str, Units]:
    """Return SKU -> units. More received of one shipment makes up for nothing of another."""
    totals: dict[str, Units] = {}
    for part in parts:
        for sku, (shipped, received) in part.lines.items():
            so_far = totals.get(sku, Units(0, 0, 0))
            to_come = shipments.outstanding(part.status, shipped, received)
            totals[sku] = Units(
                so_far.ordered + shipped,
                so_far.received + received,
                so_far.outstanding + to_come,
                so_far.ignored + (to_come if part.ignored_on else 0),
                so_far.sent + (shipped if shipments.has_left(part.status) else 0),
            )
    return totals


def planned(shipped: Mapping[str, Units], wanted: Mapping[str, int]) -> dict[str, Units]:
    """Return SKU -> units of a seller's own order that shipments carry.

    What was ordered stays (``wanted``: SKU -> units); what is to come is what the shipments say,
    whose units replace those of the order. A SKU that nobody ordered has 0 ordered.
    """
    none = Units(0, 0, 0)
    return {
        sku: replace(shipped.get(sku, none), ordered=wanted.get(sku, 0))
        for sku in dict.fromkeys([*wanted, *shipped])
    }


def expected(parts: Sequence[Part]) -> tuple[date | None, str]:
    """Return the header's date: the last of the outstanding shipments, else the last of all."""
    dated = [(part.expected_on, part) for part in parts if part.expected_on is not None]
    if not dated:
        return None, ""
    waiting = [pair for pair in dated if pair[1].outstanding]
    on, part = max(waiting or dated, key=lambda pair: pair[0])
    return on, part.expected_source


def ignored_on(parts: Sequence[Part]) -> date | None:
    """Return since when units of it are ignored: the first of its shipments that are."""
    return min(
        (part.ignored_on for part in parts if part.ignored_on and part.outstanding), default=None
    )


def closed_on(parts: Sequence[Part], order_type: str) -> date | None:
    """Return the day the last shipment was over, for an order that is."""
    if order_type == shipments.ACTIVE:
        return None
    return max((part.closed_on for part in parts if part.closed_on), default=None)
