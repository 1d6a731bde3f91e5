"""What Amazon's objections mean for us: which lines, and which owner would be accepted. Pure.

Amazon tells both in prose only: "ERROR: MUG-1 does not require prepOwner but SELLER was
assigned. Accepted values: [NONE]" (models #4058), "... with the resource 'MUG-1'" (#4233).
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

#: The operation's problem that a SKU has no prep category yet.
PREP_MISSING = "FBA_INB_0182"
_ACCEPTED = re.compile(r"\b(prepOwner|labelOwner)\b.*Accepted values: \[([A-Z, ]*)\]", re.DOTALL)
_OWNERS = ("SELLER", "NONE", "AMAZON")


class Accepted(NamedTuple):
    """``field`` ("prepOwner", "labelOwner") would be accepted as ``owner``."""

    field: str
    owner: str


def is_idle(operation: str, text: str, *, is_freight: bool) -> bool:
    """Return whether a warning says nothing: Amazon misses pallets of small parcels as well."""
    is_about_freight = "pallet" in text.lower() and "has not been provided" in text
    return operation == "generateTransportationOptions" and is_about_freight and not is_freight


def lines_of(text: str, skus: Iterable[str]) -> list[str]:
    """Return the SKUs that a text names, in the order given; a part of a longer SKU is none."""
    rest, found = text, set()
    for sku in sorted(set(skus), key=len, reverse=True):
        pattern = re.compile(rf"(?<![\w-]){re.escape(sku)}(?![\w-])") if sku else None
        if pattern and pattern.search(rest):
            found.add(sku)
            rest = pattern.sub(" ", rest)
    return [sku for sku in skus if sku in found]


def accepted_owner(text: str) -> Accepted | None:
    """Return the owner to try once more with; None if the text names none.

    Of several the seller comes first, as who prepares and labels unless told otherwise.
    """
    match = _ACCEPTED.search(text)
    if match is None:
        return None
    named: Sequence[str] = [word.strip() for word in match[2].split(",")]
    owner = next((one for one in _OWNERS if one in named), "")
    return Accepted(match[1], owner) if owner else None
