"""The address that goods for Amazon leave from, as Amazon takes it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Country whose addresses need a state or province, in two letters -> one of them.
STATES_NEEDED = {"US": "ME", "CA": "ON"}


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


#: Country -> the form of its postcodes, and what one looks like. Only where the form is certain.
_POSTCODES = {
    "AT": (r"\d{4}", "1010"),
    "AU": (r"\d{4}", "2000"),
    "BE": (r"\d{4}", "1000"),
    "BR": (r"\d{5}-?\d{3}", "01310-100"),
    "CA": (r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d", "K1A 0B1"),
    "CH": (r"\d{4}", "8001"),
    "CN": (r"\d{6}", "518000"),
    "DE": (r"\d{5}", "10115"),
    "ES": (r"\d{5}", "28001"),
    "FR": (r"\d{5}", "75001"),
    "GB": (r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})", "SW1A 1AA"),
    "IN": (r"\d{3} ?\d{3}", "110001"),
    "IT": (r"\d{5}", "00118"),
    "JP": (r"\d{3}-?\d{4}", "100-0001"),
    "MX": (r"\d{5}", "06000"),
    "NL": (r"\d{4} ?[A-Z]{2}", "1012 AB"),
    "PL": (r"\d{2}-?\d{3}", "00-001"),
    "SE": (r"\d{3} ?\d{2}", "111 22"),
    "SG": (r"\d{6}", "018956"),
    "US": (r"\d{5}(?:[- ]?\d{4})?", "04101 or 04101-1234"),
}


def ship_from_problems(address: ShipFrom) -> Iterator[tuple[str, str, str]]:
    """Yield (field, reason, fix) of all that Amazon would refuse; it wants a phone number too."""
    for field, (words, longest, may_be_empty) in _ADDRESS.items():
        value = getattr(address, field)
        is_needed = not may_be_empty or (field == "state" and address.country in STATES_NEEDED)
        if is_needed and not value.strip():
            yield field, f"The ship-from address has no {words}.", f"Add the {words}."
        elif len(value) > longest:
            reason = f"The {words} of the ship-from address is longer than {longest} characters."
            yield field, reason, "Shorten it."
        elif fix := _malformed(field, value.strip(), address.country):
            where = "" if field == "country" else f" in {address.country}"
            yield field, f"“{value.strip()}” is no {words}{where}.", fix


def _malformed(field: str, text: str, country: str) -> str:
    """Return how it should be written; "" where nothing is wrong or nothing is certain."""
    forms = {
        "state": (r"[A-Z]{2}", STATES_NEEDED.get(country, "")),
        "country": (r"[A-Z]{2}", "US"),
        "postal_code": _POSTCODES.get(country, ("", "")),
    }
    form, example = forms.get(field, ("", ""))
    is_good = not example or re.fullmatch(form, text, re.IGNORECASE | re.ASCII)
    return "" if is_good else f"Write it like {example}."
