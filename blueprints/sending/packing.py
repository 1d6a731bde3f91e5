"""Boxes between their form and what is stored: typed, filled in, read from a file, counted up."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from flask import request

from blueprints.sending import box_rows
from blueprints.sending.box_rows import TypedBox
from inventory.models import Sending, SendingBox
from inventory.rules import boxes, typed
from inventory.rules.boxes import Box
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import sendings

#: The fields of a row of identical boxes, each sent once per row.
FIELDS = ("place", "quantity", "length", "width", "height", "weight", "contents")
NOTHING = "Choose a file with rows, or paste them, first."
#: Where boxes are measured in inches and pounds.
INCH_COUNTRIES = frozenset({"US"})


class Sum(NamedTuple):
    """Units of a SKU that are to be packed, and that are in boxes; ``said`` compares them."""

    sku: str
    wanted: int
    packed: int
    said: str


class Place(NamedTuple):
    """What is packed together: its boxes as typed, and what they hold. ``faults`` are sentences.

    ``wrong`` names the fields they are about: (number of the row, field).
    """

    id: str
    name: str
    wanted: Mapping[str, int]
    rows: Sequence[TypedBox]
    sums: Sequence[Sum]
    faults: Sequence[str]
    is_whole: bool
    wrong: frozenset[tuple[int, str]]


def is_rewriting() -> bool:
    """Return whether a button was pressed that changes rows, and not the one that saves."""
    return bool(request.form.get("fill"))


def units(sending: Sending) -> tuple[str, str]:
    """Return the units of length and weight chosen, those stored, or the country's."""
    stored = next((rows[0] for rows in sendings.boxes(sending).values() if rows), None)
    place = MARKETPLACES.get(sending.marketplace_id)
    is_inch = place is not None and place.country in INCH_COUNTRIES
    length = stored.length_unit if stored else "IN" if is_inch else "CM"
    weight = stored.weight_unit if stored else "LB" if is_inch else "KG"
    sent = (request.form.get("length_unit"), request.form.get("weight_unit"))
    return (
        sent[0] if sent[0] in boxes.LENGTH_UNITS else length,
        sent[1] if sent[1] in boxes.WEIGHT_UNITS else weight,
    )


def places(sending: Sending, names: Mapping[str, str]) -> list[Place]:
    """Return everything that must be packed, with its boxes as typed, stored or suggested."""
    stored = sendings.boxes(sending)
    is_sent = request.method == "POST" and "box-place" in request.form
    found = []
    for place, wanted in sendings.places(sending).items():
        if is_sent:
            rows, faults = _filled(place, wanted, sending)
        elif place in stored:
            rows, faults = [_written(one) for one in stored[place]], []
        else:
            rows, faults = box_rows.packs_of(sendings.suggested_boxes(sending, place)), []
        found.append(_place(place, names.get(place, ""), wanted, rows, faults, is_sent=is_sent))
    return found


def told(place: Place, length_unit: str, weight_unit: str) -> list[Box] | None:
    """Return the boxes of a place to be stored; None while something of them cannot be read."""
    found, faults = box_rows.read(place.rows, place.wanted)
    if faults or place.faults:
        return None
    return [Box(*one[:6], length_unit=length_unit, weight_unit=weight_unit) for one in found]


def _place(
    place: str,
    name: str,
    wanted: Mapping[str, int],
    rows: Sequence[TypedBox],
    faults: Sequence[str],
    *,
    is_sent: bool,
) -> Place:
    packed: dict[str, int] = {}
    for row in rows:
        contents, _ = box_rows.contents_of(row.contents, wanted)
        quantity = typed.whole(row.quantity or "1")
        for sku, number in contents.items():
            packed[sku] = packed.get(sku, 0) + number * (quantity if type(quantity) is int else 0)
    sums = [
        Sum(sku, n, packed.get(sku, 0), _said(n, packed.get(sku, 0))) for sku, n in wanted.items()
    ]
    found = box_rows.read(rows, wanted)[1] if is_sent and not is_rewriting() else []
    told_faults = [*faults, *(one.said for one in found)]
    is_whole = not any(one.said for one in sums)
    marked = frozenset((one.row, one.field) for one in found)
    return Place(place, name, wanted, rows, sums, told_faults, is_whole, marked)


def _said(wanted: int, packed: int) -> str:
    if packed == wanted:
        return ""
    rest = abs(wanted - packed)
    return f"{rest} not in a box" if packed < wanted else f"{rest} too many"


def _filled(
    place: str, wanted: Mapping[str, int], sending: Sending
) -> tuple[list[TypedBox], list[str]]:
    """Return the rows as sent, after what the button pressed does with them."""
    columns = [request.form.getlist(f"box-{name}") for name in FIELDS]
    cells = zip_longest(*columns, fillvalue="")
    rows = [TypedBox(*(text.strip() for text in row[1:])) for row in cells if row[0] == place]
    act, _, rest = request.form.get("fill", "").partition(":")
    where, _, number = rest.partition(":")
    if where != place:
        return rows, []
    size = rows[0] if rows else TypedBox()
    if act == "add":
        return [*rows, TypedBox()], []
    if act == "remove" and number.isdigit():
        return [row for at, row in enumerate(rows) if at != int(number)], []
    if act == "cases":
        return box_rows.packs_of(sendings.suggested_boxes(sending, place), size), []
    if act == "identical":
        return box_rows.identical(wanted, request.form.get(f"count-{place}", ""), rows, size)
    if act == "csv":
        table = _table(place)
        return box_rows.from_sheet(table, rows) if table else (rows, [NOTHING])
    return rows, []


def _table(place: str) -> bytes:
    """Return the file chosen, or else what was pasted."""
    file = request.files.get(f"file-{place}")
    if file is not None and file.filename:
        return file.read()
    return request.form.get(f"csv-{place}", "").strip().encode()


def _written(row: SendingBox) -> TypedBox:
    numbers = (row.length, row.width, row.height, row.weight)
    length, width, height, weight = (f"{one.normalize():f}" for one in numbers)
    contents = "\n".join(f"{sku} {number}" for sku, number in row.contents.items())
    return TypedBox(str(row.quantity), length, width, height, weight, contents)
