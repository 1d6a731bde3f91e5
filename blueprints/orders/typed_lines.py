"""The lines of an order as a form sends them: rows, what was pasted, what was picked."""

from itertools import zip_longest

from werkzeug.datastructures import MultiDict

from inventory.models import OrderLine
from inventory.rules.order_lines import Typed, pasted

#: The fields of a row, each sent once per row.
FIELDS = ("sku", "units", "cost", "tax", "case")


def typed_lines(form: MultiDict[str, str]) -> list[Typed]:
    """Return the rows in their order, without those to be removed, then what is to be added.

    Rows to be removed are sent by number, from 1: a SKU can be there twice.
    """
    columns = [form.getlist(f"line-{name}") for name in FIELDS]
    rows = [
        Typed(*(text.strip() for text in cells)) for cells in zip_longest(*columns, fillvalue="")
    ]
    gone = set(form.getlist("drop"))
    kept = [row for number, row in enumerate(rows, 1) if str(number) not in gone]
    picked = [Typed(sku, "") for sku in (form.get("add", ""), _found(form)) if sku]
    return [*kept, *pasted(form.get("lines", "")), *picked]


def is_rewriting(form: MultiDict[str, str]) -> bool:
    """Return whether a button was pressed that changes rows, and not Save."""
    return any(form.get(name) for name in ("rows", "add", "drop"))


def written(line: OrderLine) -> Typed:
    """Return a stored line as its row shows it."""
    cost, tax = (
        "" if one is None else f"{one.normalize():f}" for one in (line.unit_cost, line.tax_rate)
    )
    case = "" if line.units_per_case is None else str(line.units_per_case)
    return Typed(line.seller_sku, str(line.units_ordered), cost, tax, case)


def _found(form: MultiDict[str, str]) -> str:
    """What was typed into the search, where Enter was pressed: a SKU, taken as it is.

    Not where lines were pasted: then a search that is left standing is none of them.
    """
    is_enter = form.get("rows") and not form.get("lines", "").strip()
    return form.get("find", "").strip() if is_enter else ""
