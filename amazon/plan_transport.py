"""Brings a plan on its way: transport, delivery windows and tracking of version 2024-03-20.

As everywhere, what answers with an operation id has only begun, and is sent once.
"""

from collections.abc import Iterator, Mapping, Sequence

from amazon.fields import Json
from amazon.option_types import Box, DeliveryWindow
from amazon.plan_creation import BOXES_PAGE_SIZE, operation_id_of
from amazon.plan_inputs import TransportChoice, TransportInput, rows
from amazon.plan_packing import PlanPacking
from amazon.plans import page_reader

WINDOWS_PAGE_SIZE = 100


class PlanTransport(PlanPacking):
    """Carriers and dates. Confirming a partnered carrier's option is an order that costs money."""

    def generate_transportation_options(
        self, *, plan_id: str, placement_option_id: str, shipments: Sequence[TransportInput]
    ) -> str:
        """Ask for new transport options of shipments; return the operation's id.

        Amazon's freight carriers are only offered where freight and pallets are told and
        within limits; else they are missing without a word. Raises ``AmazonError``.
        """
        return self.call(
            "generateTransportationOptions",
            operation_id_of,
            names={"inboundPlanId": plan_id},
            body={
                "placementOptionId": placement_option_id,
                "shipmentTransportationConfigurations": rows(shipments),
            },
        )

    def confirm_transportation_options(
        self, *, plan_id: str, choices: Sequence[TransportChoice]
    ) -> str:
        """Begin to order transport, one option for each shipment; return the operation's id.

        All must be of one solution. Costs are due from here on. Raises ``AmazonError``.
        """
        return self.call(
            "confirmTransportationOptions",
            operation_id_of,
            names={"inboundPlanId": plan_id},
            body={"transportationSelections": rows(choices)},
        )

    def generate_delivery_window_options(self, *, plan_id: str, shipment_id: str) -> str:
        """Ask for delivery windows of a shipment; return the operation's id.

        Needed where the chosen option has the precondition CONFIRMED_DELIVERY_WINDOW.
        Raises ``AmazonError``.
        """
        return self.call(
            "generateDeliveryWindowOptions", operation_id_of, names=_of(plan_id, shipment_id)
        )

    def list_delivery_window_options(
        self, *, plan_id: str, shipment_id: str
    ) -> Iterator[list[DeliveryWindow]]:
        """Yield pages of what was generated. Raises ``AmazonError``."""
        return self._pages(
            "listDeliveryWindowOptions",
            _of(plan_id, shipment_id),
            {"pageSize": WINDOWS_PAGE_SIZE},
            page_reader("deliveryWindowOptions", DeliveryWindow.from_json),
            lambda window: window.option_id,
        )

    def confirm_delivery_window_options(
        self, *, plan_id: str, shipment_id: str, option_id: str
    ) -> str:
        """Begin to accept a window; return the operation's id. Raises ``AmazonError``."""
        return self.call(
            "confirmDeliveryWindowOptions",
            operation_id_of,
            names={**_of(plan_id, shipment_id), "deliveryWindowOptionId": option_id},
        )

    def list_shipment_boxes(self, *, plan_id: str, shipment_id: str) -> Iterator[list[Box]]:
        """Yield pages of the boxes of a shipment, 1,000 each. Raises ``AmazonError``."""
        return self._pages(
            "listShipmentBoxes",
            _of(plan_id, shipment_id),
            {"pageSize": BOXES_PAGE_SIZE},
            page_reader("boxes", Box.from_json),
            lambda box: box.package_id,
        )

    def update_shipment_tracking_details(
        self,
        *,
        plan_id: str,
        shipment_id: str,
        parcels: Mapping[str, str] | None = None,
        freight_bill: str = "",
        bill_of_lading: str = "",
    ) -> str:
        """Begin to tell how an own carrier's goods travel; return the operation's id.

        ``parcels`` maps box id to tracking number; freight has one bill number instead, and
        perhaps a bill of lading's. Raises ``AmazonError``; ``ValueError`` unless it is one of both.
        """
        if bool(parcels) == bool(freight_bill):
            raise ValueError("either parcels or a freight bill")
        return self.call(
            "updateShipmentTrackingDetails",
            operation_id_of,
            names=_of(plan_id, shipment_id),
            body={"trackingDetails": _tracking(parcels or {}, freight_bill, bill_of_lading)},
        )


def _of(plan_id: str, shipment_id: str) -> dict[str, str]:
    return {"inboundPlanId": plan_id, "shipmentId": shipment_id}


def _tracking(parcels: Mapping[str, str], freight_bill: str, bill_of_lading: str) -> Json:
    if parcels:
        items = [{"boxId": box, "trackingId": number} for box, number in parcels.items()]
        return {"spdTrackingDetail": {"spdTrackingItems": items}}
    freight: Json = {"freightBillNumber": [freight_bill]}
    if bill_of_lading:
        freight["billOfLadingNumber"] = bill_of_lading
    return {"ltlTrackingDetail": freight}
