"""The lines of an order as rows of inputs, written in Python: there may be 2,000 of them."""

from collections.abc import Sequence

from markupsafe import Markup

from blueprints import cells
from blueprints.presentation import icon
from inventory.services.order_drafts import Row

#: Field of a line -> what its input is called, and its column's class.
INPUTS = {
    "units": ("Quantity", "n"),
    "cost": ("Unit cost", "n"),
    "tax": ("Tax", "n p2"),
    "case": ("Units per case", "n p2"),
}
#: Amazon's, where the order is.
LOCKED = ("units", "case")


def drawn(rows: Sequence[Row], *, is_locked: bool) -> Markup:
    """Return the rows of the table; with ``is_locked`` only costs and taxes can be typed."""
    cross, warning = icon("x"), icon("alert-circle")
    # Others link to the first line of a SKU.
    first = {row.typed.sku: number for number, row in reversed([*enumerate(rows, 1)])}
    return cells.joined(
        f"<tr{_id(row, first[row.typed.sku] == number)}>"
        + _row(row, number, is_locked, cross, warning)
        for number, row in enumerate(rows, 1)
    )


def _id(row: Row, is_first: bool) -> str:
    return f' id="line-{cells.text(row.typed.sku)}"' if is_first and row.typed.sku else ""


def _row(row: Row, number: int, is_locked: bool, cross: Markup, warning: Markup) -> str:
    sku = cells.text(row.typed.sku)
    fault = " ".join(dict.fromkeys(row.faults.values()))
    told = (
        f'<span class="error" id="line-{number}-e">{warning}{cells.text(fault)}</span>'
        if fault
        else ""
    )
    inputs = "".join(_cell(row, name, sku, number, is_locked) for name in INPUTS)
    # A control named "remove" would hide the form's own method of that name, which htmx calls.
    remove = (
        ""
        if is_locked
        else f'<button class="btn btn-only" type="submit" name="drop" value="{number}" '
        f'aria-label="Remove {sku}">{cross}</button>'
    )
    return (
        f'<th scope="row">{sku or "–"}<input type="hidden" name="line-sku" value="{sku}">'
        f"{cells.small(cells.cut(row.title))}{cells.small(row.note, 'info')}"
        f"{_available(row)}{told}</th>"
        f'{inputs}<td class="end">{remove}</td></tr>'
    )


def _available(row: Row) -> str:
    if row.available is None:
        return ""
    text = row.typed.units
    wanted = int(text) if text.isascii() and text.isdigit() else 0
    there = max(0, row.available)
    if wanted > there:
        words = f"only {there}" if there else "none"
        return cells.small(f"{words} available at the source", "warn")
    return cells.small(f"{there} available at the source")


def _cell(row: Row, name: str, sku: str, number: int, is_locked: bool) -> str:
    label, kind = INPUTS[name]
    is_bad = name in row.faults or (name == "units" and "sku" in row.faults)
    bad = f' aria-invalid="true" aria-describedby="line-{number}-e"' if is_bad else ""
    locked = " readonly" if is_locked and name in LOCKED else ""
    vendors = row.blanks.get(name)
    blank = f' placeholder="{cells.text(vendors)}"' if vendors else ""
    return (
        f'<td class="{kind}"><input class="form-control in-row{" is-invalid" if is_bad else ""}" '
        f'name="line-{name}" value="{cells.text(getattr(row.typed, name))}" inputmode="decimal" '
        f'autocomplete="off" aria-label="{label} of {sku}"{blank}{bad}{locked}></td>'
    )
