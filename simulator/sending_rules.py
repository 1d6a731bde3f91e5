"""What Amazon objects to about a new plan: SKUs, owners, preparation, expiry, address."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from simulator import works
from simulator.catalogue import Listing
from simulator.geography import CENTRE_ADDRESSES, country_of
from simulator.operations import Call, Refused
from simulator.works import Problem

#: SKUs of one plan, whatever the model says.
ITEMS_LIMIT = 1500
UNKNOWN = "UNKNOWN"
_PREP: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("NONE", ("ITEM_NO_PREP",)),
    ("NONE", ("ITEM_NO_PREP",)),
    ("FRAGILE", ("ITEM_BUBBLEWRAP",)),
    ("NONE", ("ITEM_NO_PREP",)),
    ("TEXTILE", ("ITEM_POLYBAGGING",)),
    ("NONE", ("ITEM_NO_PREP",)),
)
_CATEGORIES = (
    "ADULT BABY FC_PROVIDED FRAGILE GRANULAR HANGER LIQUID PERFORATED SET SHARP SMALL TEXTILE NONE"
)


@dataclass(frozen=True)
class Needs:
    """How a SKU must be prepared; owners that Amazon accepts, and what it tells of that."""

    category: str
    types: tuple[str, ...]
    prep_owners: tuple[str, ...]
    label_owners: tuple[str, ...]
    label_constraint: str
    needs_expiry: bool


def country_for(call: Call, marketplace_id: str) -> str:
    """Return the country of a marketplace of the seller; raise ``Refused`` (400) for others."""
    if marketplace_id not in call.moment.world.marketplace_ids:
        raise Refused(400, "Invalid destinationMarketplace provided.")
    return country_of(marketplace_id)


def fba_listing(call: Call, country: str, sku: str) -> Listing | None:
    """Return the listing that Amazon fulfils in a country; ``None`` where there is none."""
    listing = call.moment.world.listing(sku)
    if listing is None or not listing.is_fba or country not in listing.countries:
        return None
    return listing


def needs(call: Call, country: str, listing: Listing) -> Needs:
    """Return what Amazon wants of a SKU. Several say nothing until it is done wrong."""
    index = listing.index
    category, types = _PREP[index % len(_PREP)]
    if own := _set_by_seller(call, country, listing.sku):
        category, types = own
    elif index % 23 == 11:
        category, types = UNKNOWN, ()
    helpers = () if country == "US" else ("AMAZON",)
    prep: tuple[str, ...] = ("SELLER", "NONE") if category in ("NONE", UNKNOWN) else ("SELLER",)
    prep = (*prep, *helpers)
    if category == "NONE" and index % 19 == 8:
        prep = ("NONE",)  # told by the error alone (models #4058)
    if category == "NONE" and index % 29 == 5:
        prep = ("SELLER",)  # although no preparation is needed (jlevers #823)
    has_barcode = index % 13 == 6
    label: tuple[str, ...] = ("NONE",) if has_barcode or index % 31 == 9 else ("SELLER", *helpers)
    return Needs(category, types, prep, label, "NONE_ONLY" if has_barcode else "", index % 37 == 12)


def refuse(call: Call, country: str, items: list[dict[str, Any]]) -> None:
    """Raise ``Refused`` (400) for the first group of objections; others stay untold (#4021)."""
    if len(items) > ITEMS_LIMIT:
        raise Refused(400, f"A plan must not have more than {ITEMS_LIMIT} items.")
    skus = [item["msku"] for item in items]
    found = {sku: fba_listing(call, country, sku) for sku in skus}
    _refuse_all(f"The requested MSKU {sku} is not valid." for sku, one in found.items() if not one)
    twice = Counter((one["msku"], one.get("expiration")) for one in items)
    _refuse_all(f"ERROR: {key[0]} is given twice." for key, n in twice.items() if n > 1)
    dates: dict[str, set[Any]] = {sku: set() for sku in skus}
    for item in items:
        dates[item["msku"]].add(item.get("expiration"))
    _refuse_all(f"ERROR: {sku} has several expirations." for sku in dates if len(dates[sku]) > 1)
    wanted = {sku: needs(call, country, one) for sku, one in found.items() if one}
    _refuse_all(
        message for item in items for message in _owner_objections(item, wanted[item["msku"]])
    )
    _refuse_all(
        f"ERROR: {item['msku']} requires an expiration date."
        for item in items
        if wanted[item["msku"]].needs_expiry and "expiration" not in item
    )


def failures(
    call: Call, country: str, items: list[dict[str, Any]], source: dict[str, str]
) -> list[Problem]:
    """Return what only the asynchronous operation finds, warnings included."""
    problems = []
    for item in items:
        listing = fba_listing(call, country, item["msku"])
        if listing and needs(call, country, listing).category == UNKNOWN:
            details = f"There's an input error with the resource '{item['msku']}'."
            text = "Missing prep classification for the SKU."
            problems.append(works.problem("FBA_INB_0182", text, details))
    known = source["countryCode"] in CENTRE_ADDRESSES
    if source["countryCode"] in ("US", "CA") and "stateOrProvinceCode" not in source:
        text = "The source address needs a state or province."
        problems.append(works.problem("InvalidAddress", text))
    if call.word == "address_refused" or not known:
        text = "The source address is not valid."
        problems.append(works.problem("InvalidAddress", text, source["addressLine1"]))
    elif not any(letter.isdigit() for letter in source["postalCode"]):
        text = "The source address could not be verified."
        problems.append(works.problem("AddressNotVerified", text, severity="WARNING"))
    return problems


def list_prep_details(call: Call) -> dict[str, Any]:
    """Answer listPrepDetails."""
    if len(call.query["mskus"]) > 100:
        raise Refused(400, "At most 100 MSKUs can be asked for.")
    country = country_for(call, call.query["marketplaceId"])
    rows = []
    for sku in call.query["mskus"]:
        listing = fba_listing(call, country, sku)
        if listing is None:
            raise Refused(400, "The requested MSKU is not valid.")
        wanted = needs(call, country, listing)
        row = {"msku": sku, "prepCategory": wanted.category, "prepTypes": list(wanted.types)}
        if wanted.label_constraint:
            row["labelOwnerConstraint"] = wanted.label_constraint
        rows.append(row)
    return {"mskuPrepDetails": rows}


def check_prep(call: Call, country: str, rows: list[dict[str, Any]]) -> None:
    """Raise ``Refused`` (400) for preparation that cannot be set."""
    for row in rows:
        if fba_listing(call, country, row["msku"]) is None:
            raise Refused(400, "The requested MSKU is not valid.")
        if row["prepCategory"] not in _CATEGORIES.split():
            raise Refused(400, f"The prep category {row['prepCategory']} cannot be set.")
        if not row["prepTypes"]:
            raise Refused(400, "At least one prep type is required.")


def _owner_objections(item: dict[str, Any], wanted: Needs) -> list[str]:
    found = []
    for name, accepted in (("prepOwner", wanted.prep_owners), ("labelOwner", wanted.label_owners)):
        given = item[name]
        if given not in accepted:
            verb = "does not require" if accepted == ("NONE",) else "requires"
            found.append(
                f"ERROR: {item['msku']} {verb} {name} but {given} was assigned."
                f" Accepted values: [{', '.join(accepted)}]"
            )
    return found


def _refuse_all(messages: Any) -> None:
    found = list(messages)
    if found:
        raise Refused(400, found[0], None, *found[1:])


def _set_by_seller(call: Call, country: str, sku: str) -> tuple[str, tuple[str, ...]] | None:
    rows = call.simulator.journal.rows(
        "SELECT category, types FROM prep WHERE region = ? AND country = ? AND sku = ?",
        call.region,
        country,
        sku,
    )
    return (rows[0][0], tuple(json.loads(rows[0][1]))) if rows else None
