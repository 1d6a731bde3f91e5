"""The rows of the stock list: each number a link to the orders and shipments it is made of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
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

NOTHING = OnOrder()
NOWHERE = Choice(0, "–")
#: Class of the cells of a row's figures: the first two also where there is less room.
CLASSES = ("n p2", "n p2", *["n p3"] * 7)
#: Figure -> which shipments it is made of.
SHIPMENTS = {
    "inbound_working": "view=all&status=WORKING",
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
    """Return a warehouse's name, and what is said beneath: how old its stock is, what counts."""
    basis = place.stock_basis if place.stock_basis != DEFAULT_BASIS else None
    age = "" if choices.is_own(place) else ago(stock_lists.as_of(marks, place))
    said = f" · stock is {cells.text(basis_words(basis))}" if basis else ""
    return cells.text(place.name), f"{age}{said}"


def _row(
    row: Any, root: str, title: str, place: Choice, named: tuple[str, str], coming: OnOrder
) -> str:
    (name, beneath), sku = named, cells.text(row.seller_sku)
    at = f"&amp;q={quote(row.seller_sku)}"
    held = str(row.stock)
    if choices.is_own(place):
        held = f'<a href="{root}/warehouses/{place.id}/stock?{at[5:]}">{held}</a>'
        beneath = f"counted {ago(row.changed_at)}{beneath}"
    pool = states.badge("Shared pool") if row.shared else ""
    return (
        f'<tr><th scope="row"><a href="{root}/listings/{row.listing_id}">{sku}</a>'
        f'<small class="cut">{title}</small><small class="only-sm">{name}</small></th>'
        f'<td class="p2 nowrap">{name}<small>{beneath} {pool}</small></td>'
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
        f'<td class="n">{_link(coming.units, f"{orders}open")}{beneath}</td>'
        f'<td class="n p2">{_link(coming.overdue, f"{orders}overdue")}</td>'
        f'<td class="n p2">{_link(coming.ignored, ignored)}</td>'
    )


def _figures(row: Any, root: str, place: Choice, at: str) -> Iterator[str]:
    for name, kind, figure in zip(FIGURES, CLASSES, stock_lists.figures(row), strict=True):
        shown = str(figure)
        if figure and name in SHIPMENTS:
            which = SHIPMENTS[name].replace("&", "&amp;")
            shown = _link(figure, f"{root}/shipments?{which}&amp;warehouse={place.id}{at}")
        yield f'<td class="{kind}">{shown}</td>'


def _unexplained(row: Any, root: str, place: Choice, at: str) -> str:
    """Return the cell of what Amazon's count and the orders disagree on, with whose is more."""
    if not row.unexplained:
        return f'<td class="n p2">{"–" if row.unexplained is None else 0}</td>'
    where = f"connection={place.connection_id}" if row.pool_key else f"warehouse={place.id}"
    address = f"{root}/shipments?view=open&amp;{where}{at}"
    words = "more at Amazon" if row.unexplained > 0 else "more on orders"
    return (
        f'<td class="n p2"><a class="warn" href="{address}">{abs(row.unexplained)}</a>'
        f"<small>{words}</small></td>"
    )


def _link(units: int, address: str) -> str:
    return f'<a href="{address}">{units}</a>' if units else "0"
