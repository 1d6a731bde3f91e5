"""Lines brought into an order from a file: a SKU that is there gets the file's units."""

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.models import StatusType, StockOrder
from inventory.rules import order_sheets, sheets
from inventory.rules.order_lines import MOST_LINES
from inventory.rules.order_sheets import SheetLine
from inventory.rules.sheets import Problem
from inventory.services import changes, order_facts, order_imports, order_saving
from inventory.services.order_skus import Found


class CannotTakeLines(Exception):
    """The order takes no lines here. ``args[0]`` is a sentence for people."""


@dataclass(frozen=True, slots=True)
class CheckedLines:
    """What a file would bring, and every problem by row: with one, nothing is brought."""

    lines: list[SheetLine]
    found: Mapping[str, Found]
    #: SKU -> units that the order has now.
    before: Mapping[str, int]
    problems: list[Problem]
    notes: list[str]


def refusal(order: StockOrder) -> str:
    """Return why ``order`` takes no lines from a file; "" when it does."""
    if order_saving.owned_by_amazon(order):
        return "Amazon owns its lines: what it counts comes with the next sync."
    if order.status_type not in (StatusType.DRAFT, StatusType.ACTIVE):
        return f"It is {order.status_type}. Make it active first."
    return ""


def check(order: StockOrder, content: bytes) -> CheckedLines:
    """Return what the file would bring. Writes nothing. Raises ``sheets.SheetError``."""
    sheet = sheets.read(content, order_sheets.LINES)
    lines, problems = order_sheets.lines(sheet)
    found = order_imports.find_lines(lines, problems, order.destination, order.vendor)
    known = order_facts.lines_of(order.id)
    if len(known.keys() | {line.sku for line in lines}) > MOST_LINES:
        problems.append(Problem(0, "", f"The order would have more than {MOST_LINES} lines."))
    problems.sort(key=lambda one: (one.row, one.column))
    before = {sku: line.units_ordered for sku, line in known.items()}
    return CheckedLines(lines, found, before, problems, sheet.notes)


def bring(order: StockOrder, checked: CheckedLines, name: str, *, user_id: int) -> int | None:
    """Put the file's lines on the order, beside those it has. Flushes.

    Return the act in the log, ``None`` where nothing differs. Raises ``CannotTakeLines``.
    """
    if why := refusal(order):
        raise CannotTakeLines(why)
    lines = {
        sku: order_saving.Line(
            sku,
            line.listing_id,
            line.units_ordered,
            line.unit_cost,
            line.tax_rate,
            line.units_per_case,
        )
        for sku, line in order_facts.lines_of(order.id).items()
    }
    for line in checked.lines:
        lines[line.sku] = _merged(line, checked.found[line.sku], lines.get(line.sku))
    if not order_saving.save(order, {}, list(lines.values()), version=None, user_id=user_id):
        return None
    act = changes.history("order", order.id, 1)[0]
    act.summary = f"Lines brought in from the file {name}"[:500]
    return act.id


def _merged(line: SheetLine, found: Found, old: order_saving.Line | None) -> order_saving.Line:
    """A blank cell leaves what the line has, or takes what the vendor asks."""
    cost, case = (
        (old.unit_cost, old.units_per_case) if old else (found.unit_cost, found.units_per_case)
    )
    return order_saving.Line(
        line.sku,
        old.listing_id if old else found.listing_id,
        line.units,
        cost if line.unit_cost is None else line.unit_cost,
        line.tax_rate if line.tax_rate is not None or old is None else old.tax_rate,
        line.units_per_case or case,
    )
