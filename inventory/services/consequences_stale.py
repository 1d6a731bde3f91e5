"""Which shipments other dates would let the ignore rule ignore, or count again."""

from collections.abc import Iterable, Sequence

from inventory.rules import wording
from inventory.rules.consequences import Affected, Consequence, counted, plural
from inventory.services import accounts, ignoring, staleness
from inventory.services.date_moves import Moving


def figures(moving: Sequence[Moving]) -> list[Consequence]:
    """Return how many shipments would be ignored, and how many would count again."""
    found = []
    for one in moving:
        shown = _preview(one)
        for kind, rows, verb in (
            ("ignored", shown.ignored, "would be ignored"),
            ("counted", shown.counted, "would count again"),
        ):
            if rows:
                units = sum(row.units_outstanding for row in rows)
                link = plural(len(rows), "shipment")
                sentence = f"{link} ({counted(units, 'unit')}) {verb}"
                found.append(Consequence(kind, len(rows), sentence, units, link=link))
    return found


def rows(moving: Sequence[Moving], kind: str) -> Iterable[Affected]:
    """Return the shipments that would be "ignored", or "counted" again."""
    words = ("counts", "ignored") if kind == "ignored" else ("ignored", "counts")
    for one in moving:
        shown = _preview(one)
        for row in shown.ignored if kind == "ignored" else shown.counted:
            on = wording.day(row.expected_on, accounts.today()) if row.expected_on else "no day"
            was, would = words[0], f"{words[1]}, expected {on}"
            name = row.amazon_shipment_id
            yield Affected("shipment", row.id, name, "", was, would, row.units_outstanding)


def _preview(moving: Moving) -> staleness.Preview:
    rule = ignoring.rule_in_force()
    if not rule.is_on:
        return staleness.Preview()
    connection_id = moving.step.before.connection.id
    return staleness.preview(rule, connection_id=connection_id, expected=moving.after)
