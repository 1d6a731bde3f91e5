"""The lines of a plan as rows of inputs, written in Python: there may be 1,500 of them."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from blueprints import cells
from blueprints.sending.forms import OWNERS
from blueprints.sending.plan import Typed
from inventory.services.sendings import DraftLine

#: Field of a line -> what its select is called.
SELECTS = {"prep": "Prep owner", "label": "Labelling owner"}
#: Field of a line -> what its input is called, and how it is.
INPUTS = {
    "expires": ("Expiry date", 'type="date"', "is-day"),
    "lot": ("Lot", 'maxlength="40"', "of-lot"),
    "case": ("Units per case", 'inputmode="numeric"', "in-row"),
}


def drawn(
    lines: Sequence[DraftLine],
    typed: Mapping[str, Typed],
    owners: Sequence[str],
    bad: frozenset[str],
) -> Markup:
    """Return the rows of the table; ``bad`` are the SKUs with something to mend."""
    offered = [("", "Default"), *((one, OWNERS[one]) for one in owners)]
    return cells.joined(
        _row(line, typed.get(line.sku, Typed(line.sku)), offered, line.sku in bad) for line in lines
    )


def _row(line: DraftLine, said: Typed, offered: Sequence[tuple[str, str]], is_bad: bool) -> str:
    sku = cells.text(line.sku)
    picks = "".join(_select(name, sku, getattr(said, name), offered) for name in SELECTS)
    inputs = "".join(_input(name, sku, getattr(said, name)) for name in INPUTS)
    mark = ' class="bad"' if is_bad else ""
    return (
        f'<tr id="line-{sku}"><th scope="row"><span{mark}>{sku}</span>'
        f'<input type="hidden" name="line-sku" value="{sku}">'
        f"{cells.small(cells.cut(line.title))}</th>"
        f'<td class="n" data-label="Sent, units">{line.units}</td>{picks}{inputs}</tr>'
    )


def _select(name: str, sku: str, value: str, offered: Sequence[tuple[str, str]]) -> str:
    options = "".join(
        f'<option value="{key}"{" selected" if key == value else ""}>{word}</option>'
        for key, word in offered
    )
    return (
        f'<td data-label="{SELECTS[name]}"><select class="form-select of-line" name="line-{name}" '
        f'aria-label="{SELECTS[name]} of {sku}">{options}</select></td>'
    )


def _input(name: str, sku: str, value: str) -> str:
    label, more, size = INPUTS[name]
    return (
        f'<td data-label="{label}"><input class="form-control of-line {size}" name="line-{name}" '
        f'value="{cells.text(value)}" {more} autocomplete="off" aria-label="{label} of {sku}"></td>'
    )
