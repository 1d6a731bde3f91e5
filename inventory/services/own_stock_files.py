"""Counts of an own warehouse as a file: looked at first, then stored whole."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from inventory.rules import typed
from inventory.rules.sheets import Column, Problem, Row
from inventory.services import lists, own_stock, own_stock_lists, sku_choices
from inventory.services.sku_choices import SkuChoice

MOST_ROWS = 20_000
LONGEST_REASON = 200
COLUMNS = (
    Column("sku", ("seller_sku", "msku", "merchant_sku"), is_needed=True),
    Column("units", ("quantity", "qty", "count", "counted", "stock"), is_needed=True),
    Column("reason", ("why", "note")),
    Column("connection", ("account", "seller")),
    Column("channel", ("fulfilment", "fulfillment")),
)
#: What the export has besides, for people.
EXPORTED = (
    *(column.name for column in COLUMNS),
    "title", "changed", "changed_by", "last_reason", "available",
)  # fmt: skip
#: Rows of the template.
EXAMPLES = (
    ("HK-KETTLE-1", "120", "Stocktake", "", ""),
    ("HK-MUG-2", "0", "Sold at the fair", "Harbour", "FBM"),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A row that would change stock: ``before`` → ``after`` units."""

    row: int
    listing_id: int
    sku: str
    before: int
    after: int
    reason: str


@dataclass(slots=True)
class Check:
    """What a file would do. Only one without problems can be stored."""

    changes: list[Counted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Rows whose units are stored already.
    unchanged: int = 0

    @property
    def mark(self) -> str:
        """Return what is the same as long as the file would do the same."""
        said = [(one.listing_id, one.before, one.after) for one in self.changes]
        return sha256(repr(said).encode()).hexdigest()[:32]

    @property
    def units(self) -> int:
        """Return by how many units stock would change in all."""
        return sum(one.after - one.before for one in self.changes)


def check(warehouse_id: int, rows: Sequence[Row]) -> Check:
    """Return what storing ``rows`` would do: values in the order of ``COLUMNS``. Stores nothing.

    Of several listings with one SKU, that which the warehouse lists already is meant.
    """
    found = Check()
    if len(rows) > MOST_ROWS:
        found.problems.append(
            Problem(0, "", f"The file has {len(rows)} rows; at most {MOST_ROWS} fit. Split it.")
        )
        return found
    known = sku_choices.by_sku({values[0] for _, values in rows})
    unclear = [one for choices in known.values() if len(choices) > 1 for one in choices]
    listed = sku_choices.at(warehouse_id, unclear)
    seen: dict[int, int] = {}
    counted: list[tuple[int, int, int, str]] = []
    for number, values in rows:
        choices: Sequence[SkuChoice] = known.get(values[0], [])
        if not any(values[3:]):
            choices = sku_choices.prefer(choices, listed)
        listing_id, units = _read(number, values, choices, found.problems)
        if listing_id is None or units is None:
            continue
        if first := seen.setdefault(listing_id, number) - number:
            sentence = f"is in row {number + first} already: keep one of them."
            found.problems.append(Problem(number, "sku", sentence))
        counted.append((number, listing_id, units, values[2]))
    _compare(warehouse_id, counted, found)
    return found


def apply(warehouse_id: int, checked: Check, *, user_id: int | None) -> int:
    """Store what ``check`` found, as one batch; return the number of SKUs changed. Flushes.

    ``checked`` has no problems, and was made in the same transaction.
    """
    units = {one.listing_id: one.after for one in checked.changes}
    reasons = {one.listing_id: one.reason for one in checked.changes}
    act = own_stock.Act(user_id, "file")
    return len(own_stock.count_all(warehouse_id, units, reasons, act))


def export(warehouse_id: int, q: str, sort: str) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of ``EXPORTED``: what can be counted anew and uploaded again."""
    for row in lists.everything(*own_stock_lists.for_file(warehouse_id, q, sort)):
        changed = row.at.isoformat(timespec="seconds") if row.at else None
        yield (
            row.seller_sku,
            row.fulfillable,
            None,
            row.connection,
            row.channel,
            row.title,
            changed,
            row.who,
            row.reason,
            row.fulfillable - row.claimed,
        )


def _read(
    number: int, values: Sequence[str], found: Sequence[SkuChoice], problems: list[Problem]
) -> tuple[int | None, int | None]:
    sku, units, reason, connection, channel = values
    listing_id = None
    told = _which(sku, sku_choices.narrow(found, {"channel": channel, "connection": connection}))
    if isinstance(told, int):
        listing_id = told
    else:
        problems.append(Problem(number, "sku", told if found else _unknown(sku)))
    read = typed.whole(units) if units else "is blank: 0 for none, or delete the row."
    if isinstance(read, str):
        problems.append(Problem(number, "units", read))
    if len(reason) > LONGEST_REASON:
        sentence = f"has more than {LONGEST_REASON} characters."
        problems.append(Problem(number, "reason", sentence))
    return listing_id, read if isinstance(read, int) else None


def _which(sku: str, found: Sequence[SkuChoice]) -> int | str:
    if len(found) == 1:
        return found[0].listing_id
    if not found:
        return f"“{typed.cut(sku)}” is not sold on this channel or connection."
    names = " or ".join(f"{one.channel}, {one.connection}" for one in found[:4])
    return f"“{typed.cut(sku)}” is several listings: say channel and connection ({names})."


def _unknown(sku: str) -> str:
    return f"“{typed.cut(sku)}” is no SKU that is known." if sku else "is blank."


def _compare(warehouse_id: int, counted: Iterable[tuple[int, int, int, str]], found: Check) -> None:
    rows = list(counted)
    held = own_stock.held(warehouse_id, {listing_id for _, listing_id, _, _ in rows})
    for number, listing_id, units, reason in rows:
        before = held[listing_id]
        if before.units == units:
            found.unchanged += 1
        else:
            changed = Counted(number, listing_id, before.sku, before.units, units, reason)
            found.changes.append(changed)
