"""Makes plans step by step with plain HTTP, for the tests of what Amazon does then."""

from typing import Any

from tests.simulator.conftest import US, Caller

ADDRESS = {
    "name": "Harbour Kitchen Depot",
    "addressLine1": "12 Pier Road",
    "city": "Portland",
    "stateOrProvinceCode": "ME",
    "countryCode": "US",
    "postalCode": "04101",
    "phoneNumber": "2075550100",
}
SIZE = {"length": 40, "width": 30, "height": 20, "unitOfMeasurement": "CM"}
WEIGHT = {"value": 9.5, "unit": "KG"}
READY = "2026-11-25T08:00:00Z"
#: Listings without a quirk, and of both packing groups.
PLAIN = (0, 3, 4, 8, 15, 21, 23)


class Sender:
    """A seller's other software, in front of the simulator."""

    def __init__(self, amazon: Caller) -> None:
        self.amazon = amazon
        self.plan = ""

    def item(self, index: int, quantity: int = 24, **more: Any) -> dict[str, Any]:
        listing = self.amazon.simulator.moment("NA").world.listings[index]
        owners = {"labelOwner": "SELLER", "prepOwner": "SELLER"}
        return {"msku": listing.sku, "quantity": quantity, **owners, **more}

    def body(self, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "name": "PO-1042 #K7Q2M9",
            "destinationMarketplaces": [US],
            "sourceAddress": ADDRESS,
            "items": list(items) or [self.item(index) for index in PLAIN],
            **more,
        }

    def look(self, operation_id: str) -> dict[str, Any]:
        """Poll until the operation has ended; three looks are enough."""
        answers = [
            self.amazon.call("getInboundOperationStatus", operation_id).json() for _ in range(3)
        ]
        return answers[-1]

    def run(self, name: str, *path: str, body: Any = None) -> dict[str, Any]:
        """Begin an operation and wait for its end."""
        answer = self.amazon.call(name, *path, body=body)
        assert answer.status_code == 202, answer.text
        return self.look(answer.json()["operationId"])

    def succeed(self, name: str, *path: str, body: Any = None) -> None:
        found = self.run(name, *path, body=body)
        assert found["operationStatus"] == "SUCCESS", found

    def create(self, *items: dict[str, Any], **more: Any) -> str:
        answer = self.amazon.call("createInboundPlan", body=self.body(*items, **more))
        assert answer.status_code == 202, answer.text
        self.plan = answer.json()["inboundPlanId"]
        assert self.look(answer.json()["operationId"])["operationStatus"] == "SUCCESS"
        return self.plan

    def rows(self, name: str, *path: str, **query: Any) -> list[dict[str, Any]]:
        """All pages of a list."""
        rows: list[dict[str, Any]] = []
        while query is not None:
            answer = self.amazon.call(name, *path, **query).json()
            rows += next(value for key, value in answer.items() if key != "pagination")
            token = answer.get("pagination", {}).get("nextToken")
            query = {**query, "paginationToken": token} if token else None
        return rows

    def box(self, items: list[dict[str, Any]], boxes: int = 4) -> dict[str, Any]:
        """Identical boxes that hold all of the lines."""
        lines = [
            {
                "msku": one["msku"],
                "quantity": one["quantity"] // boxes,
                "labelOwner": one["labelOwner"],
                "prepOwner": one["prepInstructions"][0]["prepOwner"],
            }
            for one in items
        ]
        return {
            "quantity": boxes,
            "contentInformationSource": "BOX_CONTENT_PROVIDED",
            "dimensions": SIZE,
            "weight": WEIGHT,
            "items": lines,
        }

    def pack(self, boxes: tuple[int, int] = (4, 4), **more: Any) -> None:
        """Accept the first packing option and tell so many boxes for its two groups.

        ``more`` are fields of each box."""
        self.succeed("generatePackingOptions", self.plan)
        option = self.rows("listPackingOptions", self.plan)[0]
        self.succeed("confirmPackingOption", self.plan, option["packingOptionId"])
        groupings = [
            {
                "packingGroupId": group,
                "boxes": [
                    {
                        **self.box(self.rows("listPackingGroupItems", self.plan, group), count),
                        **more,
                    }
                ],
            }
            for group, count in zip(option["packingGroups"], boxes, strict=True)
        ]
        body = {"packageGroupings": groupings}
        self.succeed("setPackingInformation", self.plan, body=body)

    def pack_shipment(self, shipment_id: str) -> None:
        """Tell the boxes of a shipment that is packed after it was placed."""
        box = self.box(self.rows("listShipmentItems", self.plan, shipment_id))
        groupings = [{"shipmentId": shipment_id, "boxes": [box]}]
        body = {"packageGroupings": groupings}
        self.succeed("setPackingInformation", self.plan, body=body)

    def place(self, parts: int = 1) -> dict[str, Any]:
        """Generate and confirm the placement with so many shipments."""
        self.succeed("generatePlacementOptions", self.plan, body={})
        options = self.rows("listPlacementOptions", self.plan)
        option = next(one for one in options if len(one["shipmentIds"]) == parts)
        self.succeed("confirmPlacementOption", self.plan, option["placementOptionId"])
        return option

    def offer(self, option: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        """Generate transport for all shipments of a placement; return the offers."""
        placement = option["placementOptionId"]
        told = [
            {"shipmentId": one, "readyToShipWindow": {"start": READY}, **more}
            for one in option["shipmentIds"]
        ]
        body = {"placementOptionId": placement, "shipmentTransportationConfigurations": told}
        self.succeed("generateTransportationOptions", self.plan, body=body)
        return self.rows(
            "listTransportationOptions", self.plan, placementOptionId=placement, pageSize=20
        )

    def choose(self, offers: list[dict[str, Any]], solution: str, mode: str) -> dict[str, Any]:
        """Return the body that confirms the first such offer for each shipment."""
        chosen: dict[str, str] = {}
        for one in offers:
            if (one["shippingSolution"], one["shippingMode"]) == (solution, mode):
                chosen.setdefault(one["shipmentId"], one["transportationOptionId"])
        rows = [{"shipmentId": a, "transportationOptionId": b} for a, b in chosen.items()]
        return {"transportationSelections": rows}

    def send(self, parts: int = 1) -> dict[str, Any]:
        """Make a plan and order transport by Amazon's partner; return the placement."""
        self.create()
        self.pack()
        option = self.place(parts)
        body = self.choose(self.offer(option), *PARTNERED_PARCEL)
        self.succeed("confirmTransportationOptions", self.plan, body=body)
        return option

    def shipment(self, shipment_id: str) -> dict[str, Any]:
        return self.amazon.call("getShipment", self.plan, shipment_id).json()


PARTNERED_PARCEL = ("AMAZON_PARTNERED_CARRIER", "GROUND_SMALL_PARCEL")
OWN_PARCEL = ("USE_YOUR_OWN_CARRIER", "GROUND_SMALL_PARCEL")
PARTNERED_FREIGHT = ("AMAZON_PARTNERED_CARRIER", "FREIGHT_LTL")
OWN_FREIGHT = ("USE_YOUR_OWN_CARRIER", "FREIGHT_LTL")
