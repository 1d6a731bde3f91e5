"""What the form of a sending shows before anything is sent: lines, owners, addresses, problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from extensions import db
from inventory.models import (
    Listing,
    ListingOffer,
    OrderLine,
    Sending,
    SendingLine,
    SendingState,
    StockOrder,
    Warehouse,
    WarehouseKind,
)
from inventory.rules import preflight
from inventory.rules.marketplaces import MARKETPLACES
from inventory.rules.preflight import NO_AMAZON_SERVICE, Problem
from inventory.rules.ship_from import ShipFrom
from inventory.services import accounts, sending_addresses
from inventory.services.sending_addresses import Address

OWNERS = ("SELLER", "AMAZON", "NONE")


@dataclass(frozen=True, slots=True)
class LineChoice:
    """What is said of one SKU besides the default; an empty owner takes the default."""

    prep_owner: str = ""
    label_owner: str = ""
    expires_on: date | None = None
    lot_code: str = ""
    units_per_case: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """The form of a sending; ``lines`` by SKU; ``route`` a word of ``rules.sending.Route``."""

    ship_from: ShipFrom
    prep_owner: str = "SELLER"
    label_owner: str = "SELLER"
    lines: Mapping[str, LineChoice] = field(default_factory=dict)
    do_not_split: bool = False
    route: str = ""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as it would be sent, with the owners that were chosen for the SKU the last time."""

    sku: str
    listing_id: int
    title: str
    fnsku: str
    asin: str
    units: int
    prep_owner: str
    label_owner: str
    units_per_case: int | None
    channel: str
    is_active: bool
    in_marketplace: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form shows. ``owners`` are those that Amazon takes in the country."""

    order: StockOrder
    marketplace_id: str
    country: str
    lines: Sequence[DraftLine]
    owners: Sequence[str]
    addresses: Sequence[Address]
    problems: Sequence[Problem]


def draft(order: StockOrder, choices: Choices | None = None) -> Draft:
    """Return the facts for the form, with what can be known to be wrong without asking Amazon.

    Without ``choices`` the first address and the suggested owners are judged.
    """
    marketplace_id = order.destination.marketplace_id or ""
    place = MARKETPLACES.get(marketplace_id)
    country = place.country if place else ""
    rows = _lines(order, marketplace_id)
    addresses = sending_addresses.known(order)
    wanted = choices or Choices(addresses[0].ship_from if addresses else ShipFrom())
    return Draft(
        order=order,
        marketplace_id=marketplace_id,
        country=country,
        lines=rows,
        owners=[one for one in OWNERS if one != "AMAZON" or country not in NO_AMAZON_SERVICE],
        addresses=addresses,
        problems=preflight.check(
            marketplace_ids=[marketplace_id],
            lines=[_judged(row, wanted, suggest=choices is None) for row in rows],
            ship_from=wanted.ship_from,
            today=accounts.today(),
        ),
    )


def can_be_sent(order: StockOrder) -> str:
    """Return why an order cannot be sent at all; "" when it can be tried."""
    place: Warehouse = order.destination
    if place.kind != WarehouseKind.FBA or place.connection is None:
        return "Only orders to an FBA warehouse can be sent to Amazon."
    if place.connection.disabled_at is not None:
        return f"The connection {place.connection.name} is disabled."
    if order.origin == "amazon":
        return "The order came from Amazon: its shipment is there already."
    if order.status_type != "active":
        return f"The order is {order.status_type}. Make it active first."
    return ""


def owners_of(choice: LineChoice, choices: Choices) -> tuple[str, str]:
    """Return who prepares and who labels."""
    return choice.prep_owner or choices.prep_owner, choice.label_owner or choices.label_owner


def _judged(row: DraftLine, choices: Choices, *, suggest: bool) -> preflight.Line:
    choice = choices.lines.get(row.sku, LineChoice())
    prep, label = owners_of(choice, choices)
    if suggest:
        prep, label = row.prep_owner, row.label_owner
    return preflight.Line(
        sku=row.sku,
        units=row.units,
        prep_owner=prep,
        label_owner=label,
        expires_on=choice.expires_on,
        lot=choice.lot_code,
        case_units=choice.units_per_case or row.units_per_case,
        channel=row.channel,
        is_active=row.is_active,
        in_marketplace=row.in_marketplace,
    )


def _lines(order: StockOrder, marketplace_id: str) -> list[DraftLine]:
    offers = sa.select(ListingOffer.listing_id).where(ListingOffer.marketplace_id == marketplace_id)
    found = (
        sa.select(OrderLine, Listing, Listing.id.in_(offers).label("is_offered"))
        .join(Listing, Listing.id == OrderLine.listing_id)
        .where(OrderLine.order_id == order.id, OrderLine.units_outstanding > 0)
        .order_by(OrderLine.seller_sku)
    )
    rows = db.session.execute(found).all()
    owners = _learned([row.OrderLine.seller_sku for row in rows], order)
    has_offers = _has_offers([row.Listing.id for row in rows])
    return [
        DraftLine(
            line.seller_sku,
            listing.id,
            listing.title,
            listing.fnsku,
            listing.asin,
            line.units_outstanding,
            *owners.get(line.seller_sku, ("SELLER", "SELLER")),
            line.units_per_case,
            listing.channel if listing.connection_id == order.destination.connection_id else "",
            listing.status != "inactive",
            # A listing known from stock or shipments alone has no offers: nothing is known.
            bool(is_offered) or listing.id not in has_offers,
        )
        for line, listing, is_offered in rows
    ]


def _has_offers(listing_ids: Sequence[int]) -> set[int]:
    found = sa.select(ListingOffer.listing_id).where(ListingOffer.listing_id.in_(listing_ids))
    return set(db.session.scalars(found))


def _learned(skus: Sequence[str], order: StockOrder) -> dict[str, tuple[str, str]]:
    """The owners that Amazon took of a SKU the last time."""
    found = (
        sa.select(SendingLine)
        .join(Sending, Sending.id == SendingLine.sending_id)
        .where(
            Sending.connection_id == order.destination.connection_id,
            Sending.marketplace_id == (order.destination.marketplace_id or ""),
            Sending.plan_id != "",
            Sending.state.not_in((SendingState.FAILED, SendingState.VOIDED)),
            SendingLine.seller_sku.in_(skus),
        )
        .order_by(SendingLine.id)
    )
    return {
        line.seller_sku: (line.prep_owner, line.label_owner) for line in db.session.scalars(found)
    }
