"""The rows of the stock list: each number a link to the orders and shipments it is made of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from blueprints import cells, states
from blueprints.marks import ago
from inventory.rules.stock import DEFAULT_BASIS, basis_words
from inventory.services import choices, stock_lists
from inventory.services.choices import Choice
from inventory.services.stock_lists import FIGURES
from inventory.services.stock_on_order import OnOrder

#: A warehouse's stock read so much later than the oldest, which the head tells, tells its own age.
APART = timedelta(minutes=10)
NOTHING = OnOrder()
NOWHERE = Choice(0, "–")
#: Class of the cells of a row's figures: the first two also where there is less room.
CLASSES = ("n p2", "n p2", *["n p3"] * 7)
#: Figure -> which shipments it is made of.
SHIPMENTS = {
    "inbound_working": "view=preparing",
    "inbound_shipped": "view=open",
    "inbound_receiving": "view=receiving",
}


def stock_rows(
    found: Sequence[Any],
    root: str,
    titles: Mapping[int, str],
    places: Mapping[int, Choice],
    coming: Mapping[tuple[int, int], OnOrder],
    marks: Mapping[tuple[int, str], datetime],
) -> Markup:
    """Return the rows of a page; ``root`` is what all addresses of the app begin with.

    ``titles`` are by listing, ``places`` all warehouses, ``coming`` by warehouse and listing,
    ``marks`` when Amazon's stock was read.
    """
    root = cells.text(root)
    names = {one.id: _place(one, marks) for one in places.values()}
    return cells.joined(
        _row(
            row,
            root,
            cells.text(cells.cut(titles.get(row.listing_id, ""))),
            places.get(row.warehouse_id, NOWHERE),
            names.get(row.warehouse_id, ("–", "")),
            coming.get((row.warehouse_id, row.listing_id), NOTHING),
        )
        for row in found
    )


def _place(place: Choice, marks: Mapping[tuple[int, str], datetime]) -> tuple[str, str]:
    """Return a warehouse's name, and beneath what is its own: age, what counts as stock."""
    basis = place.stock_basis if place.stock_basis != DEFAULT_BASIS else None
    said = [f"stock is {cells.text(basis_words(basis))}"] if basis else []
    read_at = stock_lists.as_of(marks, place)
    read = [at for (owner, _), at in marks.items() if owner == place.connection_id]
    if read_at and read_at - min(read) > APART:
        said.insert(0, ago(read_at))
    return cells.text(place.name), " · ".join(said)


def _row(
    row: Any, root: str, title: str, place: Choice, named: tuple[str, str], coming: OnOrder
) -> str:
    (name, beneath), sku = named, cells.text(row.seller_sku)
    at = f"&amp;sku={quote(row.seller_sku)}"
    held = str(row.stock)
    if choices.is_own(place):
        held = f'<a href="{root}/warehouses/{place.id}/stock?q={quote(row.seller_sku)}">{held}</a>'
        beneath = " · ".join(filter(None, (f"counted {ago(row.changed_at)}", beneath)))
    if row.shared:
        beneath = f"{beneath} {states.badge('Shared pool')}"
    beneath = f"<small>{beneath}</small>" if beneath else ""
    return (
        f'<tr><th scope="row"><a href="{root}/listings/{row.listing_id}">{sku}</a>'
        f'<small class="cut">{title}</small><small class="only-sm">{name}</small></th>'
        f'<td class="p2">{name}{beneath}</td>'
        f'<td class="n">{held}</td>'
        f"{_coming(coming, root, place, at)}{_unexplained(row, root, place, at)}"
        f"{''.join(_figures(row, root, place, at))}</tr>"
    )


def _coming(coming: OnOrder, root: str, place: Choice, at: str) -> str:
    """Return the cells of what orders bring: they lead to the list that has most of it."""
    lists = "transfer" if coming.transfers * 2 > coming.units else "purchase"
    orders = f"{root}/{lists}-orders?destination={place.id}{at}&amp;view="
    ignored = f"{root}/shipments?warehouse={place.id}{at}&amp;view=ignored"
    others = coming.units - coming.transfers if lists == "transfer" else coming.transfers
    beneath = ""
    if others:
        other = "purchase" if lists == "transfer" else "transfer"
        address = f"{root}/{other}-orders?destination={place.id}{at}&amp;view=open"
        beneath = f'<small><a href="{address}">{others} in {other}s</a></small>'
    return (
        f"{_cell('n', coming.units, f'{orders}open', beneath)}"
        f"{_cell('n p2', coming.overdue, f'{orders}overdue')}"
        f"{_cell('n p2', coming.ignored, ignored)}"
    )


def _figures(row: Any, root: str, place: Choice, at: str) -> Iterator[str]:
    for name, kind, figure in zip(FIGURES, CLASSES, stock_lists.figures(row), strict=True):
        which = SHIPMENTS.get(name, "").replace("&", "&amp;")
        address = f"{root}/shipments?{which}&amp;warehouse={place.id}{at}" if which else ""
        yield _cell(kind, figure, address)


def _unexplained(row: Any, root: str, place: Choice, at: str) -> str:
    """Return the cell of what Amazon's count and the orders disagree on, with whose is more."""
    if not row.unexplained:
        return f'<td class="n p2 quiet">{"–" if row.unexplained is None else 0}</td>'
    where = f"connection={place.connection_id}" if row.pool_key else f"warehouse={place.id}"
    address = f"{root}/shipments?view=open&amp;{where}{at}"
    words = "more at Amazon" if row.unexplained > 0 else "more on orders"
    return (
        f'<td class="n p2"><a class="warn" href="{address}">{abs(row.unexplained)}</a>'
        f"<small>{words}</small></td>"
    )


def _cell(kind: str, units: int, address: str, beneath: str = "") -> str:
    """Return a cell; nothing is quiet and leads nowhere."""
    if not units:
        return f'<td class="{kind} quiet">0{beneath}</td>'
    shown = f'<a href="{address}">{units}</a>' if address else units
    return f'<td class="{kind}">{shown}{beneath}</td>'
