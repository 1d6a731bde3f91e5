"""Boxes between their form and what is stored: typed, filled in, read from CSV, counted up."""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from flask import request

from inventory.models import Sending, SendingBox
from inventory.rules import boxes, typed
from inventory.rules.boxes import Box
from inventory.rules.marketplaces import MARKETPLACES
from inventory.services import sendings

#: The fields of a row of identical boxes, each sent once per row.
FIELDS = ("place", "quantity", "length", "width", "height", "weight", "contents")
SIZES = ("length", "width", "height", "weight")
CSV_COLUMNS = ("box", "quantity", "length", "width", "height", "weight", "sku", "units")
#: Where boxes are measured in inches and pounds.
INCH_COUNTRIES = frozenset({"US"})


class TypedBox(NamedTuple):
    """Identical boxes as they were typed; ``contents`` has a SKU and its units in each line."""

    quantity: str = "1"
    length: str = ""
    width: str = ""
    height: str = ""
    weight: str = ""
    contents: str = ""


class Sum(NamedTuple):
    """Units of a SKU that are to be packed, and that are in boxes; ``said`` compares them."""

    sku: str
    wanted: int
    packed: int
    said: str


class Place(NamedTuple):
    """What is packed together: its boxes as typed, and what they hold. ``faults`` are sentences."""

    id: str
    name: str
    wanted: Mapping[str, int]
    rows: Sequence[TypedBox]
    sums: Sequence[Sum]
    faults: Sequence[str]
    is_whole: bool


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
            rows, faults = _packs(sendings.suggested_boxes(sending, place)), []
        found.append(_place(place, names.get(place, ""), wanted, rows, faults, is_sent=is_sent))
    return found


def told(place: Place, length_unit: str, weight_unit: str) -> list[Box] | None:
    """Return the boxes of a place to be stored; None while something of them cannot be read."""
    found, faults = read(place.rows, place.wanted)
    if faults or place.faults:
        return None
    return [
        Box(*one[:6], length_unit=length_unit, weight_unit=weight_unit)  # type: ignore[arg-type]
        for one in found
    ]


Read = tuple[int, Decimal, Decimal, Decimal, Decimal, Mapping[str, int]]


def read(rows: Sequence[TypedBox], wanted: Mapping[str, int]) -> tuple[list[Read], list[str]]:
    """Return the boxes that can be read, and sentences on the others.

    A size left blank is that of the boxes above.
    """
    found: list[Read] = []
    faults: list[str] = []
    above = ("", "", "", "")
    for number, row in enumerate(rows, 1):
        sizes = [text or old for text, old in zip(row[1:5], above, strict=True)]
        above = tuple(sizes)  # type: ignore[assignment]
        wrong: list[str] = []
        quantity = typed.whole(row.quantity or "1", least=1, most=10_000)
        numbers = [typed.amount(text) if text else "" for text in sizes]
        for name, value in zip(SIZES, numbers, strict=True):
            if value == "":
                wrong.append(f"the {name} is missing.")
            elif isinstance(value, str):
                wrong.append(f"{name}: {value}")
        if isinstance(quantity, str):
            wrong.append(f"number of boxes: {quantity}")
        contents, unread = _contents(row.contents, wanted)
        wrong += unread
        if wrong:
            faults += [f"Boxes {number}: {sentence}" for sentence in wrong]
        else:
            found.append((quantity, *numbers, contents))  # type: ignore[arg-type]
    return found, faults


def _contents(text: str, wanted: Mapping[str, int]) -> tuple[dict[str, int], list[str]]:
    """Lines of a SKU and the units in one box; of a single SKU the units alone suffice."""
    found: dict[str, int] = {}
    wrong = []
    for line in filter(None, map(str.strip, text.splitlines())):
        sku, _, number = line.rpartition(" ")
        sku, value = sku.strip(), typed.whole(number.strip().lstrip("x×"), least=1)
        if not sku and len(wanted) == 1:
            sku = next(iter(wanted))
        if sku not in wanted:
            wrong.append(f"“{typed.cut(line)}”: write a SKU of this group, a space and its units.")
        elif isinstance(value, str):
            wrong.append(f"{sku}: {value}")
        else:
            found[sku] = found.get(sku, 0) + value
    return found, wrong or ([] if found else ["say what is in one of them."])


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
        contents, _ = _contents(row.contents, wanted)
        quantity = typed.whole(row.quantity or "1")
        for sku, number in contents.items():
            packed[sku] = packed.get(sku, 0) + number * (quantity if type(quantity) is int else 0)
    sums = [Sum(sku, n, packed.get(sku, 0), _said(n, packed.get(sku, 0))) for sku, n in wanted.items()]
    told_faults = [*faults, *(read(rows, wanted)[1] if is_sent and not faults else [])]
    return Place(place, name, wanted, rows, sums, told_faults, not any(one.said for one in sums))


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
        return _packs(sendings.suggested_boxes(sending, place), size), []
    if act == "identical":
        return _identical(wanted, request.form.get(f"count-{place}", ""), rows, size)
    if act == "csv":
        return _from_csv(request.form.get(f"csv-{place}", ""), rows)
    return rows, []


def _identical(
    wanted: Mapping[str, int], text: str, rows: list[TypedBox], size: TypedBox
) -> tuple[list[TypedBox], list[str]]:
    count = typed.whole(text.strip() or "0", least=1)
    if isinstance(count, str):
        return rows, ["Say in how many boxes alike the goods are."]
    contents = boxes.identical(wanted, count)
    if contents is None:
        return rows, [f"The units do not come out even in {count} boxes. Fill them by hand."]
    return _packs([(count, contents)], size), []


def _packs(
    packs: Sequence[tuple[int, Mapping[str, int]]], size: TypedBox | None = None
) -> list[TypedBox]:
    first = (size or TypedBox())[1:5]
    return [
        TypedBox(
            str(quantity),
            *(first if at == 0 else ("", "", "", "")),
            contents="\n".join(f"{sku} {number}" for sku, number in contents.items()),
        )
        for at, (quantity, contents) in enumerate(packs)
    ]


def _from_csv(text: str, rows: list[TypedBox]) -> tuple[list[TypedBox], list[str]]:
    """Lines of one ``box`` are put together; its sizes are those of its first line."""
    lines = text.strip().splitlines()
    if not lines:
        return rows, ["Paste the lines of the file first."]
    delimiter = max(",;\t", key=lines[0].count)
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in CSV_COLUMNS if name not in names and name != "quantity"]:
        return rows, [f"The first line must name the columns; missing: {', '.join(missing)}."]
    reader.fieldnames = names
    found: dict[str, TypedBox] = {}
    for line in reader:
        cell = {name: str(line.get(name) or "").strip() for name in CSV_COLUMNS}
        said = f"{cell['sku']} {cell['units']}"
        if known := found.get(cell["box"]):
            found[cell["box"]] = known._replace(contents=f"{known.contents}\n{said}")
        else:
            sizes = [cell[name] for name in SIZES]
            found[cell["box"]] = TypedBox(cell["quantity"] or "1", *sizes, contents=said)
    return list(found.values()), []


def _written(row: SendingBox) -> TypedBox:
    numbers = (row.length, row.width, row.height, row.weight)
    contents = "\n".join(f"{sku} {number}" for sku, number in row.contents.items())
    return TypedBox(str(row.quantity), *(f"{one.normalize():f}" for one in numbers), contents)
