"""The calls of a sending that change something at Amazon: how each is made."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from amazon.client import SellingPartnerClient
from amazon.plan_inputs import (
    AddressInput,
    BoxInput,
    Contact,
    Freight,
    Mass,
    PackingInput,
    PalletInput,
    PrepInput,
    Size,
    TransportChoice,
    TransportInput,
)
from inventory.rules.boxes import Box
from inventory.rules.sending import Route
from inventory.services import accounts
from inventory.services.sending_facts import Here, LegFacts

#: An operation's id, and the plan's where one was made.
Given = tuple[str, str]
Make = Callable[[SellingPartnerClient, Here, str], str]
#: SKUs of one setPrepDetails.
MOST_SKUS = 100


def make(client: SellingPartnerClient, here: Here, operation: str, shipment_id: str) -> Given:
    """Make the call, once; return what Amazon gave at once. Raises ``AmazonError``."""
    if operation == "createInboundPlan":
        made = client.create_inbound_plan(
            name=here.plan_name,
            marketplace_id=here.marketplace_id,
            source=_address(here),
            items=[line.item for line in here.lines],
        )
        return made.operation_id, made.plan_id
    return _MAKERS[operation](client, here, shipment_id), ""


def _prepare(client: SellingPartnerClient, here: Here, _: str) -> str:
    wanted = [line for line in here.lines if line.is_prep_wanted][:MOST_SKUS]
    details = [
        PrepInput(line.item.seller_sku, line.prep_category, line.prep_types) for line in wanted
    ]
    return client.set_prep_details(marketplace_id=here.marketplace_id, details=details)


def _generate_packing(client: SellingPartnerClient, here: Here, _: str) -> str:
    return client.generate_packing_options(plan_id=here.plan_id)


def _confirm_packing(client: SellingPartnerClient, here: Here, _: str) -> str:
    ids = {"plan_id": here.plan_id, "option_id": here.packing_option_id}
    return client.confirm_packing_option(**ids)


def _pack(client: SellingPartnerClient, here: Here, _: str) -> str:
    is_later = here.route == Route.FREIGHT
    packing = [
        PackingInput(
            tuple(_box(here, box) for box in boxes),
            group_id="" if is_later else place,
            shipment_id=place if is_later else "",
        )
        for place, boxes in here.packed.items()
    ]
    return client.set_packing_information(plan_id=here.plan_id, packing=packing)


def _generate_placement(client: SellingPartnerClient, here: Here, _: str) -> str:
    return client.generate_placement_options(plan_id=here.plan_id)


def _confirm_placement(client: SellingPartnerClient, here: Here, _: str) -> str:
    ids = {"plan_id": here.plan_id, "option_id": here.placement_option_id}
    return client.confirm_placement_option(**ids)


def _generate_transport(client: SellingPartnerClient, here: Here, _: str) -> str:
    return client.generate_transportation_options(
        plan_id=here.plan_id,
        placement_option_id=here.placement_option_id,
        shipments=[_told(here, leg) for leg in here.legs],
    )


def _confirm_transport(client: SellingPartnerClient, here: Here, _: str) -> str:
    contact = _contact(here)
    choices = [TransportChoice(leg.shipment_id, leg.option_id, contact) for leg in here.legs]
    return client.confirm_transportation_options(plan_id=here.plan_id, choices=choices)


def _generate_windows(client: SellingPartnerClient, here: Here, shipment_id: str) -> str:
    ids = {"plan_id": here.plan_id, "shipment_id": shipment_id}
    return client.generate_delivery_window_options(**ids)


def _confirm_window(client: SellingPartnerClient, here: Here, shipment_id: str) -> str:
    return client.confirm_delivery_window_options(
        plan_id=here.plan_id, shipment_id=shipment_id, option_id=here.leg(shipment_id).window_id
    )


def _track(client: SellingPartnerClient, here: Here, shipment_id: str) -> str:
    told = dict(here.leg(shipment_id).tracking)
    bill, lading = told.pop("freight_bill", ""), told.pop("bill_of_lading", "")
    return client.update_shipment_tracking_details(
        plan_id=here.plan_id,
        shipment_id=shipment_id,
        parcels=None if bill else told,
        freight_bill=bill,
        bill_of_lading=lading,
    )


def _cancel(client: SellingPartnerClient, here: Here, _: str) -> str:
    return client.cancel_inbound_plan(plan_id=here.plan_id)


_MAKERS: Mapping[str, Make] = {
    "setPrepDetails": _prepare,
    "generatePackingOptions": _generate_packing,
    "confirmPackingOption": _confirm_packing,
    "setPackingInformation": _pack,
    "generatePlacementOptions": _generate_placement,
    "confirmPlacementOption": _confirm_placement,
    "generateTransportationOptions": _generate_transport,
    "confirmTransportationOptions": _confirm_transport,
    "generateDeliveryWindowOptions": _generate_windows,
    "confirmDeliveryWindowOptions": _confirm_window,
    "updateShipmentTrackingDetails": _track,
    "cancelInboundPlan": _cancel,
}


def _address(here: Here) -> AddressInput:
    one = here.ship_from
    return AddressInput(
        name=one.name,
        line1=one.line1,
        line2=one.line2,
        city=one.city,
        state=one.state,
        postal_code=one.postal_code,
        country_code=one.country,
        phone=one.phone,
    )


def _contact(here: Here) -> Contact:
    return Contact(here.ship_from.name, here.ship_from.phone)


def _box(here: Here, box: Box) -> BoxInput:
    return BoxInput(
        box.quantity,
        Size(box.length, box.width, box.height, box.length_unit),
        Mass(box.weight, box.weight_unit),
        items=tuple(here.item(sku, units) for sku, units in box.contents.items()),
    )


def _told(here: Here, leg: LegFacts) -> TransportInput:
    freight = leg.freight
    return TransportInput(
        leg.shipment_id,
        _ready_at(here, leg),
        _contact(here),
        _freight(freight) if freight.get("freight_class") else None,
        tuple(_pallet(one) for one in freight.get("pallets", ())),
    )


def _ready_at(here: Here, leg: LegFacts) -> datetime:
    """At eight in the morning; Amazon takes no time that has passed."""
    assert leg.ready_on is not None
    eight = datetime.combine(leg.ready_on, time(8), here.zone)
    return max(eight, accounts.now() + timedelta(hours=1))


def _freight(told: Mapping[str, Any]) -> Freight:
    return Freight(
        str(told["freight_class"]),
        Decimal(str(told["declared_value"])),
        str(told["currency"]),
    )


def _pallet(told: Mapping[str, Any]) -> PalletInput:
    size = Size(
        Decimal(str(told["length"])),
        Decimal(str(told["width"])),
        Decimal(str(told["height"])),
        str(told["length_unit"]),
    )
    mass = Mass(Decimal(str(told["weight"])), str(told["weight_unit"]))
    return PalletInput(int(told["quantity"]), size, mass, bool(told.get("is_stackable")))
