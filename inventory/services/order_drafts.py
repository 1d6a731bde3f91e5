"""An order's lines while they are written: each checked against what there is, all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from inventory.models import OrderLine, Vendor, Warehouse
from inventory.rules.order_lines import (
    MOST_LINES,
    UP,
    Typed,
    Wanted,
    doubles,
    read,
    rounded,
)
from inventory.services import departures, order_skus
from inventory.services.order_facts import plain
from inventory.services.order_saving import Line
from inventory.services.order_skus import Found

TWICE = "This SKU is there twice: put its units on one line."
TOO_MANY = f"An order has at most {MOST_LINES:,} lines."


@dataclass(frozen=True, slots=True)
class Terms:
    """What lines are checked against; ``known`` are the lines the order has, by SKU.

    ``connection_id`` says whose SKUs are meant where several connections have them. Costs of
    the vendor's are taken where ``currency`` is the vendor's.
    """

    destination: Warehouse
    vendor: Vendor | None = None
    connection_id: int | None = None
    rounding: str = UP
    currency: str = ""
    known: Mapping[str, OrderLine] = field(default_factory=dict)
    #: Of a transfer, and the order that is edited, whose own claim does not count against it.
    source: Warehouse | None = None
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line as typed, its title, and sentences on what is wrong ("units", "cost" …) or noted.

    ``available`` are the units of it that a transfer's source can send; ``None`` without one.
    ``blanks`` are what a field ("cost", "case") left blank takes from the vendor.
    """

    typed: Typed
    title: str
    faults: Mapping[str, str]
    note: str = ""
    available: int | None = None
    blanks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """Lines as typed, and those of them that can be saved."""

    rows: Sequence[Row]
    lines: Sequence[Line]
    fault: str = ""

    @property
    def is_sound(self) -> bool:
        return not self.fault and not any(row.faults for row in self.rows)

    @property
    def notes(self) -> list[str]:
        """Return what saving does to lines besides saving them."""
        return [f"{row.typed.sku}: {row.note}" for row in self.rows if row.note]


def check(typed: Sequence[Typed], terms: Terms) -> Draft:
    """Return ``typed`` checked: quantities, SKUs, costs, whole cases. One statement, of a
    transfer three."""
    if len(typed) > MOST_LINES:
        return Draft([Row(line, "", {}) for line in typed[:MOST_LINES]], [], TOO_MANY)
    resolved = order_skus.resolve(
        list(dict.fromkeys(line.sku for line in typed if line.sku)),
        terms.destination,
        vendor=terms.vendor,
        connection_id=terms.connection_id,
        known={sku: line.listing_id for sku, line in terms.known.items()},
    )
    there = _available(resolved, terms)
    twice = doubles(line.sku for line in typed)
    rows, lines = [], []
    for line in typed:
        wanted, faults = read(line)
        if line.sku in twice:
            faults = {**faults, "sku": TWICE}
        elif line.sku in resolved.faults:
            faults = {**faults, "sku": resolved.faults[line.sku]}
        found = resolved.found.get(line.sku)
        note = ""
        if wanted and found and not faults:
            made, note, faults = _line(wanted, found, terms)
            lines.append(made)
        left = there.get(found.listing_id) if found else None
        blanks = _blanks(line, found, terms) if found else {}
        rows.append(Row(line, found.title if found else "", faults, note, left, blanks))
    return Draft(rows, lines)


def check_costs(typed: Sequence[Typed], known: Mapping[str, OrderLine]) -> Draft:
    """Return costs and taxes checked, of lines whose quantities are Amazon's: those stay."""
    rows, lines = [], []
    for line in typed:
        stored = known.get(line.sku)
        if stored is None:
            continue
        wanted, faults = read(replace(line, units="1", case=""))
        rows.append(Row(replace(line, units=str(stored.units_ordered)), "", faults))
        if wanted:
            money = (wanted.unit_cost, wanted.tax_rate)
            lines.append(Line(line.sku, stored.listing_id, stored.units_ordered, *money))
    return Draft(rows, lines)


def unchecked(typed: Sequence[Typed]) -> Draft:
    """Return lines as typed, while it is not known yet where they go."""
    return Draft([Row(line, "", {}) for line in typed[:MOST_LINES]], [])


def _available(resolved: order_skus.Resolved, terms: Terms) -> Mapping[int, int]:
    if terms.source is None:
        return {}
    ids = [one.listing_id for one in resolved.found.values()]
    return departures.available(terms.source.id, ids, but=terms.order_id)


def _line(wanted: Wanted, found: Found, terms: Terms) -> tuple[Line, str, dict[str, str]]:
    is_new = wanted.sku not in terms.known
    case = wanted.units_per_case or (found.units_per_case if is_new else None)
    units = wanted.units
    if not _is_as_stored(wanted, terms.known.get(wanted.sku)):
        units = rounded(units, case, found.minimum_units, terms.rounding)
    faults = {} if units else {"units": f"Less than one case of {case} units."}
    line = Line(
        wanted.sku,
        found.listing_id,
        units,
        _cost(wanted, found, terms) if is_new else wanted.unit_cost,
        wanted.tax_rate,
        case,
    )
    return line, _note(wanted.units, units, case, found.minimum_units), faults


def _is_as_stored(wanted: Wanted, line: OrderLine | None) -> bool:
    """Who changes a note does not ask for other quantities."""
    stored = line and (line.units_ordered, line.units_per_case)
    return stored == (wanted.units, wanted.units_per_case)


def _cost(wanted: Wanted, found: Found, terms: Terms) -> Decimal | None:
    return _vendors_cost(found, terms) if wanted.unit_cost is None else wanted.unit_cost


def _vendors_cost(found: Found, terms: Terms) -> Decimal | None:
    is_same = terms.vendor is not None and terms.vendor.currency in ("", terms.currency)
    return found.unit_cost if is_same else None


def _blanks(line: Typed, found: Found, terms: Terms) -> dict[str, str]:
    if line.sku in terms.known:
        return {}
    cost, case = plain(_vendors_cost(found, terms)), found.units_per_case
    return {"cost": cost or "", "case": str(case or "")}


def _note(typed: int, units: int, case: int | None, minimum: int | None) -> str:
    if units and units < (minimum or 0):
        return f"below the vendor’s minimum of {minimum} units"
    if units == typed or not units:
        return ""
    why, least = [], max(typed, minimum or 0)
    if least > typed:
        why.append(f"the vendor’s minimum of {minimum}")
    if units != least:
        why.append(f"whole cases of {case}")
    return f"{typed} → {units} units, {', '.join(why)}"
