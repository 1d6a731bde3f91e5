"""The address that goods for Amazon leave from, as Amazon takes it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

#: Countries whose addresses need a state or province.
STATES_NEEDED = frozenset({"US", "CA"})


@dataclass(frozen=True, slots=True)
class ShipFrom:
    """The address that the goods leave from."""

    name: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""


#: Field -> its words, Amazon's longest text, and whether it may be empty.
_ADDRESS = {
    "name": ("name", 50, False),
    "line1": ("first address line", 180, False),
    "line2": ("second address line", 60, True),
    "city": ("city", 30, False),
    "state": ("state", 64, True),
    "postal_code": ("postcode", 32, False),
    "country": ("country", 2, False),
    "phone": ("phone number", 20, False),
}


def ship_from_problems(address: ShipFrom) -> Iterator[tuple[str, str]]:
    """Yield (reason, fix) of all that Amazon would refuse; it asks for a phone number too."""
    for field, (words, longest, may_be_empty) in _ADDRESS.items():
        value = getattr(address, field)
        is_needed = not may_be_empty or (field == "state" and address.country in STATES_NEEDED)
        if is_needed and not value.strip():
            yield f"The ship-from address has no {words}.", f"Add the {words}."
        elif len(value) > longest:
            reason = f"The {words} of the ship-from address is longer than {longest} characters."
            yield reason, "Shorten it."
