"""What is read of Amazon for a sending: the pre-flight, what is offered, what has become real.

Nothing here changes anything at Amazon. All raise ``AmazonError``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from amazon.client import SellingPartnerClient
from amazon.option_types import PrepDetail
from amazon.plan_types import PlanItem, TransportationOption
from inventory.rules import preflight
from inventory.rules.sending import Route
from inventory.services import sending_offers
from inventory.services.sending_facts import Here
from inventory.services.sending_offers import PARTNERED, Offer

MOST_SKUS = 100
#: Eligibility is told one product a second; of more products Amazon tells when the plan is made.
MOST_ASKED = 120
PARCEL = "GROUND_SMALL_PARCEL"
#: Options of own carriers kept of a shipment: there can be over a thousand.
MOST_OWN = 40


def check(client: SellingPartnerClient, here: Here) -> list[preflight.Problem]:
    """Return all that Amazon would refuse, by its own answers about preparation and products."""
    prep = _prep(client, here)
    refused = _ineligible(client, here)
    lines = []
    for line in here.lines:
        detail = prep.get(line.item.seller_sku)
        lines.append(_judged(line, detail, refused.get(line.asin)))
    return preflight.check(
        marketplace_ids=[here.marketplace_id],
        lines=lines,
        ship_from=here.ship_from,
        today=here.today,
    )


def packing(client: SellingPartnerClient, here: Here, _: str) -> list[Offer]:
    """Return the packing options, with the units of their groups."""
    found = []
    for page in client.list_packing_options(plan_id=here.plan_id):
        for option in page:
            units = {
                group: _units(client.list_packing_group_items(plan_id=here.plan_id, group_id=group))
                for group in option.group_ids
            }
            found.append(sending_offers.packing(option, units))
    return found


def placement(client: SellingPartnerClient, here: Here, _: str) -> list[Offer]:
    """Return the placement options, with where each of their shipments would go."""
    found = []
    for page in client.list_placement_options(plan_id=here.plan_id):
        for option in page:
            rows = [_destination(client, here, one) for one in option.shipment_ids]
            found.append(sending_offers.placement(option, rows))
    return found


def transport(client: SellingPartnerClient, here: Here, _: str) -> list[Offer]:
    """Return the carriers' options that suit the route; of own carriers the first few."""
    kept: Counter[str] = Counter()
    found = []
    pages = client.list_transportation_options(
        plan_id=here.plan_id, placement_option_id=here.placement_option_id
    )
    for page in pages:
        for option in filter(lambda one: _suits(here, one), page):
            is_own = option.solution != PARTNERED
            if is_own and kept[option.shipment_id] >= MOST_OWN:
                continue
            kept[option.shipment_id] += is_own
            found.append(sending_offers.transport(option))
    return found


def windows(client: SellingPartnerClient, here: Here, shipment_id: str) -> list[Offer]:
    """Return the delivery windows of a shipment."""
    pages = client.list_delivery_window_options(plan_id=here.plan_id, shipment_id=shipment_id)
    return [sending_offers.window(shipment_id, one) for page in pages for one in page]


#: What generates options -> their kind, and how they are read.
OFFERS: dict[str, tuple[str, Callable[[SellingPartnerClient, Here, str], list[Offer]]]] = {
    "generatePackingOptions": ("packing", packing),
    "generatePlacementOptions": ("placement", placement),
    "generateTransportationOptions": ("transport", transport),
    "generateDeliveryWindowOptions": ("window", windows),
}


def box_ids(client: SellingPartnerClient, here: Here) -> dict[str, list[str]]:
    """Return shipment -> the ids on its boxes' labels."""
    return {
        leg.shipment_id: [
            box.box_id
            for page in client.list_shipment_boxes(
                plan_id=here.plan_id, shipment_id=leg.shipment_id
            )
            for box in page
            if box.box_id
        ]
        for leg in here.legs
    }


def confirmed(client: SellingPartnerClient, here: Here) -> list[TransportationOption]:
    """Return the options that are selected now, each with its confirmed quote."""
    found = []
    for leg in here.legs:
        ids = {"plan_id": here.plan_id, "shipment_id": leg.shipment_id}
        wanted = client.get_shipment(**ids).selected_option_id
        pages = client.list_transportation_options(**ids)
        options = (one for page in pages for one in page if one.option_id == wanted)
        found += [one for one in [next(options, None)] if one is not None]
    return found


def _prep(client: SellingPartnerClient, here: Here) -> dict[str, PrepDetail]:
    skus = [line.item.seller_sku for line in here.lines]
    found: dict[str, PrepDetail] = {}
    for start in range(0, len(skus), MOST_SKUS):
        details = client.list_prep_details(
            marketplace_id=here.marketplace_id, seller_skus=skus[start : start + MOST_SKUS]
        )
        found |= {one.seller_sku: one for one in details}
    return found


def _ineligible(client: SellingPartnerClient, here: Here) -> dict[str, tuple[str, ...]]:
    asins = list(dict.fromkeys(line.asin for line in here.lines if line.asin))
    found: dict[str, tuple[str, ...]] = {}
    for asin in asins[:MOST_ASKED]:
        told = client.get_item_eligibility_preview(asin=asin, marketplace_id=here.marketplace_id)
        found[asin] = () if told.is_eligible else told.reasons or ("no reason given",)
    return found


def _judged(
    line: Any, detail: PrepDetail | None, reasons: tuple[str, ...] | None
) -> preflight.Line:
    judged = preflight.Line(
        sku=line.item.seller_sku,
        units=line.item.quantity,
        label_owner=line.item.label_owner,
        prep_owner=line.item.prep_owner,
        expires_on=line.item.expires_on,
        lot=line.item.lot_code,
        case_units=line.units_per_case,
        ineligible=reasons,
    )
    if detail is None:
        return judged
    return replace(
        judged,
        prep_category=detail.category,
        prep_types=detail.types,
        prep_constraint=detail.prep_owner_constraint,
        label_constraint=detail.label_owner_constraint,
        must_owners_match=detail.must_owners_match,
    )


def _units(pages: Iterable[Sequence[PlanItem]]) -> dict[str, int]:
    units: Counter[str] = Counter()
    for page in pages:
        for item in page:
            units[item.seller_sku] += item.quantity
    return dict(units)


def _destination(client: SellingPartnerClient, here: Here, shipment_id: str) -> dict[str, Any]:
    ids = {"plan_id": here.plan_id, "shipment_id": shipment_id}
    shipment = client.get_shipment(**ids)
    return {
        "id": shipment_id,
        "destination": " ".join((shipment.destination_fc, shipment.destination_country)).strip(),
        "country": shipment.destination_country,
        "city": ", ".join(filter(None, (shipment.destination_city, shipment.destination_state))),
        "units": _units(client.list_shipment_items(**ids)),
    }


def _suits(here: Here, option: TransportationOption) -> bool:
    return (option.mode == PARCEL) == (here.route != Route.FREIGHT)
