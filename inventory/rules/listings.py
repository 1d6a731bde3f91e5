"""How what marketplaces say of a listing becomes what the listing shows."""

from collections.abc import Mapping
from typing import Any

from inventory.rules.marketplaces import MARKETPLACES

TITLE_LENGTH = 500
#: A listing's fields that come from one of its offers.
SHOWN = ("asin", "fnsku", "title", "status")
#: Amazon's word for "can be bought now".
BUYABLE = "BUYABLE"

#: An offer's stored fields, by name.
Offer = dict[str, Any]
NO_OFFER: Offer = {
    "asin": "",
    "fnsku": "",
    "title": "",
    "status": "",
    "created_at": None,
    "updated_at": None,
}


def channel_of(code: str) -> str:
    """Return "FBM" for ``DEFAULT`` (the seller ships), "FBA" for ``AMAZON_NA`` and the like."""
    return "FBM" if code.upper() in ("DEFAULT", "") else "FBA"


def cut(title: str) -> str:
    """Return a title that fits. Markup stays: it is text, and shown as such."""
    title = title.replace("\x00", "").strip()
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1].rstrip() + "…"


def merged(stored: Mapping[str, Offer], new: Mapping[str, Offer]) -> dict[str, Offer]:
    """Return the offers by marketplace: what is stored, with the fields of ``new`` over it."""
    return {
        **stored,
        **{one: {**stored.get(one, NO_OFFER), **fields} for one, fields in new.items()},
    }


def shown(
    offers: Mapping[str, Offer], primary_marketplace: str, before: Mapping[str, str]
) -> dict[str, str]:
    """Return what a listing shows: the primary marketplace's offer, else the first one's.

    What that offer leaves out stays as it was ``before`` (inventory knows FNSKUs, too).
    """
    ordered = _in_order(offers, primary_marketplace)
    offer = offers[ordered[0]] if ordered else NO_OFFER
    fields = {name: offer[name] or before.get(name, "") for name in ("asin", "fnsku", "title")}
    words = offer["status"].split(",")
    return {**fields, "status": "active" if BUYABLE in words else "inactive"}


def speaks_for(
    marketplaces: Mapping[str, object], offers: Mapping[str, Offer], primary_marketplace: str
) -> bool:
    """Return whether an answer about ``marketplaces`` gives the listing's FBM quantity.

    Each marketplace names one; taken is that of the first where the listing is on offer.
    """
    ordered = _in_order(offers, primary_marketplace)
    on_offer = [one for one in ordered if offers[one]["status"]]
    return not ordered or (on_offer or ordered)[0] in marketplaces


def is_lossy(text: str, original: str) -> bool:
    """Return whether ``text`` is ``original`` with question marks for what a code page lacks."""
    return (
        "?" in text
        and len(text) == len(original)
        and all(a == b or (a == "?" and b > "\x7f") for a, b in zip(text, original, strict=True))
    )


def _in_order(offers: Mapping[str, Offer], primary_marketplace: str) -> list[str]:
    places = {one: place for place, one in enumerate(MARKETPLACES)}
    return sorted(
        offers, key=lambda one: (one != primary_marketplace, places.get(one, len(places)), one)
    )
