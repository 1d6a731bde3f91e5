"""Everything Amazon would refuse about a plan, found before anything is sent. Pure.

Amazon finds errors one group at a time, and many only after it has accepted the plan; here
all are told at once, each with its line, its reason and what to do about it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inventory.rules.ineligibility import explained
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.ship_from import ShipFrom, ship_from_problems

MOST_LINES, MOST_UNITS = 1500, 500_000
#: Amazon wants goods that last, and throws away what expires within 50 days.
SHORT_LIFE = timedelta(days=90)
#: Where the prep category can be set through the API; elsewhere in Seller Central.
PREP_COUNTRIES = frozenset({"CA", "US", "ES", "GB", "FR", "NL", "DE", "IT", "SE", "SG", "AU", "JP"})
#: Amazon neither prepares nor labels there since 2026.
NO_AMAZON_SERVICE = frozenset({"US"})
_OWNER_OF = {"SELLER_ONLY": "SELLER", "AMAZON_ONLY": "AMAZON", "NONE_ONLY": "NONE"}
_WHO = {"SELLER": "Seller", "AMAZON": "Amazon", "NONE": "Nobody"}
NO_PREP = "ITEM_NO_PREP"


class Severity(StrEnum):
    """An error stops the sending; a warning is shown beside it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: ``sku`` is empty for the plan as a whole; ``code`` names the check,
    ``field`` the part of the ship-from address."""

    sku: str
    severity: Severity
    code: str
    reason: str
    fix: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it would be sent, and what is known of its SKU.

    ``channel`` is the listing's, FBA or FBM, empty without one. Facts that were not asked for
    are None: ``is_active``, ``in_marketplace``, ``prep_category``, ``limit`` (units that
    Amazon still takes) and ``ineligible`` (Amazon's reasons, empty when it is eligible).
    """

    sku: str
    units: int
    label_owner: str
    prep_owner: str
    expires_on: date | None = None
    lot: str = ""
    case_units: int | None = None
    channel: str = "FBA"
    is_active: bool | None = None
    in_marketplace: bool | None = None
    ineligible: tuple[str, ...] | None = None
    prep_category: str | None = None
    prep_types: tuple[str, ...] = ()
    prep_constraint: str = ""
    label_constraint: str = ""
    must_owners_match: bool = False
    limit: int | None = None


def check(
    *, marketplace_ids: Sequence[str], lines: Sequence[Line], ship_from: ShipFrom, today: date
) -> list[Problem]:
    """Return all problems, those of the plan first, then line by line.

    ``marketplace_ids`` are those of the order's destinations: it must be one.
    """
    country = MARKETPLACES[marketplace_ids[0]].country if _is_one_known(marketplace_ids) else ""
    found = [*_of_plan(marketplace_ids, lines), *_of_address(ship_from), *_of_skus(lines)]
    for line in lines:
        found += _of_units(line)
        found += _of_listing(line)
        found += _of_prep(line, country)
        found += _of_owners(line, country)
        found += _of_life(line, today)
    return found


def errors(problems: Sequence[Problem]) -> list[Problem]:
    """Return what must be put right before anything can be sent."""
    return [one for one in problems if one.severity == Severity.ERROR]


def _is_one_known(marketplace_ids: Sequence[str]) -> bool:
    return len(set(marketplace_ids)) == 1 and marketplace_ids[0] in MARKETPLACES


def _of_plan(marketplace_ids: Sequence[str], lines: Sequence[Line]) -> Iterator[Problem]:
    if len(set(marketplace_ids)) != 1:
        reason = f"A plan goes to one marketplace, this order to {len(set(marketplace_ids))}."
        yield _error("", "marketplaces", reason, "Split the order by destination.")
    elif not _is_one_known(marketplace_ids) or not MARKETPLACES[marketplace_ids[0]].plans:
        reason = "Amazon takes no plans for this marketplace from other software."
        yield _error("", "marketplace", reason, "Create the shipment in Seller Central.")
    if not lines:
        yield _error("", "lines", "The order has no lines.", "Add what is to be sent.")
    elif len(lines) > MOST_LINES:
        reason = f"A plan has at most {MOST_LINES} lines, this order has {len(lines)}."
        yield _error("", "lines", reason, "Split the order.")


def _of_address(address: ShipFrom) -> Iterator[Problem]:
    for field, reason, fix in ship_from_problems(address):
        yield Problem("", Severity.ERROR, "address", reason, fix, field)


def _of_skus(lines: Sequence[Line]) -> Iterator[Problem]:
    """Amazon takes one line and one expiry date per SKU and plan."""
    dates: dict[str, list[date | None]] = {}
    for line in lines:
        dates.setdefault(line.sku, []).append(line.expires_on)
    for sku, found in dates.items():
        if len(set(found)) > 1:
            reason = "A plan takes one expiry date for a SKU, here are several."
            yield _error(sku, "expiries", reason, "Split the order by expiry date.")
        elif len(found) > 1:
            yield _error(sku, "twice", "The SKU is on several lines.", "Put them into one.")


def _of_units(line: Line) -> Iterator[Problem]:
    if not 1 <= line.units <= MOST_UNITS:
        reason = f"A line has 1 to {MOST_UNITS} units, this one {line.units}."
        yield _error(line.sku, "units", reason, "Change the quantity or leave the line out.")
    elif line.limit is not None and line.units > line.limit:
        reason = f"Amazon takes {line.limit} more units at the moment, the line has {line.units}."
        yield _error(line.sku, "limit", reason, "Lower the quantity.")
    elif line.case_units and line.units % line.case_units:
        reason = f"{line.units} units do not fill cases of {line.case_units}."
        yield _warning(line.sku, "case", reason, "Round to full cases, or pack one by hand.")


def _of_listing(line: Line) -> Iterator[Problem]:
    if not 1 <= len(line.sku) <= 255:
        yield _error(line.sku, "sku", "A SKU has 1 to 255 characters.", "Correct the SKU.")
    if line.channel != "FBA":
        reason = "Amazon does not fulfil this SKU."
        if not line.channel:
            reason = "The connection has no listing of this SKU."
        fix = "Change the listing to FBA in Seller Central, or leave the line out."
        yield _error(line.sku, "listing", reason, fix)
    elif line.in_marketplace is False:
        reason = "The SKU is not offered in the destination's marketplace."
        yield _error(line.sku, "listing", reason, "List it there, or leave the line out.")
    elif line.is_active is False:
        # A listing that is merely out of stock is inactive as well.
        reason = "The listing is inactive."
        yield _warning(line.sku, "inactive", reason, "Check the listing in Seller Central.")
    for code in line.ineligible or ():
        yield _error(line.sku, "eligibility", *explained(code))


def _of_prep(line: Line, country: str) -> Iterator[Problem]:
    if line.prep_category == "UNKNOWN":
        fix = "Set the prep category here."
        if country not in PREP_COUNTRIES:
            fix = "Set the prep category in Seller Central."
        reason = "Amazon does not know yet how the SKU must be prepared."
        yield _error(line.sku, "prep_category", reason, fix)
    is_needed = bool(line.prep_types) and NO_PREP not in line.prep_types
    if is_needed and line.prep_owner == "NONE":
        reason = "Amazon asks for preparation of this SKU, and nobody is named to do it."
        yield _warning(line.sku, "prep_owner", reason, "Choose who prepares it.")


def _of_owners(line: Line, country: str) -> Iterator[Problem]:
    told = (
        ("prep owner", line.prep_owner, line.prep_constraint),
        ("labelling owner", line.label_owner, line.label_constraint),
    )
    for words, owner, constraint in told:
        wanted = _OWNER_OF.get(constraint)
        if owner not in _WHO:
            yield _error(line.sku, "owner", f"The {words} is missing.", f"Choose the {words}.")
        elif wanted and owner != wanted:
            reason = f"Amazon takes only {_WHO[wanted]} as {words} of this SKU."
            yield _error(line.sku, "owner", reason, f"Change the {words} to {_WHO[wanted]}.")
        elif owner == "AMAZON" and country in NO_AMAZON_SERVICE:
            reason = f"Amazon cannot be the {words} in this country any more."
            yield _error(line.sku, "owner", reason, f"Choose another {words}.")
    if line.must_owners_match and line.prep_owner != line.label_owner:
        reason = "Amazon wants one and the same for preparing and labelling this SKU."
        yield _error(line.sku, "owner", reason, "Choose the same for both.")


def _of_life(line: Line, today: date) -> Iterator[Problem]:
    if len(line.lot) > 256:
        yield _error(line.sku, "lot", "The lot is longer than 256 characters.", "Shorten it.")
    if line.expires_on is None:
        return
    if line.expires_on <= today:
        yield _error(line.sku, "expired", "The goods are expired.", "Correct the expiry date.")
    elif line.expires_on < today + SHORT_LIFE:
        days = (line.expires_on - today).days
        reason = f"The goods expire in {days} days; Amazon may not sell them any more."
        yield _warning(line.sku, "short_life", reason, "Check the expiry date.")


def _error(sku: str, code: str, reason: str, fix: str) -> Problem:
    return Problem(sku, Severity.ERROR, code, reason, fix)


def _warning(sku: str, code: str, reason: str, fix: str) -> Problem:
    return Problem(sku, Severity.WARNING, code, reason, fix)
