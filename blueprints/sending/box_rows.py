"""Rows of boxes as they are typed, filled in or brought: read, or sentences on what is wrong."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from inventory.rules import boxes, sheets, typed
from inventory.rules.order_sheets import LINES
from inventory.rules.sheets import Column

SIZES = ("length", "width", "height", "weight")
COLUMNS = (
    Column("box", ("carton", "box number"), is_needed=True),
    Column("quantity", ("boxes", "number of boxes")),
    *(Column(name, is_needed=True) for name in SIZES),
    LINES[0],
    Column("units", ("units in box",), is_needed=True),
)


class TypedBox(NamedTuple):
    """Identical boxes as they were typed; ``contents`` has a SKU and its units in each line."""

    quantity: str = "1"
    length: str = ""
    width: str = ""
    height: str = ""
    weight: str = ""
    contents: str = ""


class Fault(NamedTuple):
    """What is wrong of a row, by its number from 1, and of which of its fields."""

    row: int
    field: str
    said: str


Read = tuple[int, Decimal, Decimal, Decimal, Decimal, Mapping[str, int]]


def read(rows: Sequence[TypedBox], wanted: Mapping[str, int]) -> tuple[list[Read], list[Fault]]:
    """Return the boxes that can be read, and sentences on the others.

    A size left blank is that of the boxes above.
    """
    found: list[Read] = []
    faults: list[Fault] = []
    above = ("", "", "", "")
    for number, row in enumerate(rows, 1):
        sizes = [text or old for text, old in zip(row[1:5], above, strict=True)]
        above = tuple(sizes)  # type: ignore[assignment]
        wrong: list[tuple[str, str]] = []
        quantity = typed.whole(row.quantity or "1", least=1, most=10_000)
        numbers = [typed.amount(text) if text else "" for text in sizes]
        for name, value in zip(SIZES, numbers, strict=True):
            if value == "":
                wrong.append((name, f"the {name} is missing."))
            elif isinstance(value, str):
                wrong.append((name, f"{name}: {value}"))
        if isinstance(quantity, str):
            wrong.append(("quantity", f"number of boxes: {quantity}"))
        contents, unread = contents_of(row.contents, wanted)
        wrong += [("contents", sentence) for sentence in unread]
        if wrong:
            faults += [Fault(number, name, f"Boxes {number}: {said}") for name, said in wrong]
        else:
            found.append((quantity, *numbers, contents))  # type: ignore[arg-type]
    return found, faults


def contents_of(text: str, wanted: Mapping[str, int]) -> tuple[dict[str, int], list[str]]:
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


def identical(
    wanted: Mapping[str, int], text: str, rows: list[TypedBox], size: TypedBox
) -> tuple[list[TypedBox], list[str]]:
    count = typed.whole(text.strip() or "0", least=1)
    if isinstance(count, str):
        return rows, ["Say in how many boxes alike the goods are."]
    contents = boxes.identical(wanted, count)
    if contents is None:
        return rows, [f"The units do not come out even in {count} boxes. Fill them by hand."]
    return packs_of([(count, contents)], size), []


def packs_of(
    packs: Sequence[tuple[int, Mapping[str, int]]], size: TypedBox | None = None
) -> list[TypedBox]:
    """Return rows for (boxes, contents of one); the first has the sizes, the others follow it."""
    rows = [
        TypedBox(
            str(quantity), contents="\n".join(f"{sku} {number}" for sku, number in contents.items())
        )
        for quantity, contents in packs
    ]
    if rows and size:
        first = rows[0]
        rows[0] = size._replace(quantity=first.quantity, contents=first.contents)
    return rows


def from_sheet(content: bytes, rows: list[TypedBox]) -> tuple[list[TypedBox], list[str]]:
    """Return the boxes of a table; ``rows``, where it cannot be read.

    Its rows of one ``box`` are put together; the sizes are those of the first.
    """
    try:
        sheet = sheets.read(content, COLUMNS)
    except sheets.SheetError as error:
        return rows, [error.sentence]
    found: dict[str, TypedBox] = {}
    for _, (box, quantity, length, width, height, weight, sku, number) in sheet.rows:
        said = f"{sku} {number}"
        if known := found.get(box):
            found[box] = known._replace(contents=f"{known.contents}\n{said}")
        else:
            found[box] = TypedBox(quantity or "1", length, width, height, weight, said)
    faults = [f"Row {one.row}, {one.column or 'cells'}: {one.sentence}" for one in sheet.problems]
    return list(found.values()), faults
