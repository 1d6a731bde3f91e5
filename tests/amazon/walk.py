"""A client in front of a simulated Amazon, and the steps by which it makes a plan."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import requests

from amazon.auth import AccessToken, LoginWithAmazon
from amazon.client import SellingPartnerClient
from amazon.option_types import PlacementOption
from amazon.plan_inputs import (
    AddressInput,
    BoxInput,
    ItemInput,
    Mass,
    PackingInput,
    Size,
    TransportChoice,
    TransportInput,
)
from amazon.plan_types import TransportationOption
from amazon.throttle import Throttle
from simulator import CREDENTIALS, IN_MEMORY, Simulator, SimulatorTransport
from tests.amazon import models

US = "ATVPDKIKX0DER"
ADDRESS = AddressInput(
    "Harbour Kitchen Depot", "12 Pier Road", "Portland", "04101", "US", "2075550100", state="ME"
)
SIZE, MASS = Size(Decimal(40), Decimal(30), Decimal("20.5"), "CM"), Mass(Decimal("9.5"), "KG")
#: Listings without a quirk at the simulated Amazon.
SKUS = (0, 3, 4, 8, 15, 21, 23)
NAME = "PO-1042 #K7Q2M9"


class Judge(SimulatorTransport):
    """Hands on only what the official models allow."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        if models.PRESENT and models.find(request.method or "", request.path_url.split("?")[0]):
            models.check_request(request)
        return super().send(request, **options)


class Walk:
    """A client in front of a simulated Amazon, and the steps of a plan."""

    def __init__(self) -> None:
        self.amazon = Simulator(IN_MEMORY, limits=False)
        http = requests.Session()
        http.mount("https://", Judge(self.amazon))
        login = LoginWithAmazon(
            token_url="https://na.amazon.test/auth/o2/token",
            client_id=CREDENTIALS.client_id,
            client_secret=CREDENTIALS.client_secret,
            http=http,
        )
        self.client = SellingPartnerClient(
            endpoint="https://na.amazon.test",
            token=AccessToken(login, "Atzr|sandbox"),
            http=http,
            throttle=Throttle(),
            sleep=lambda seconds: None,
        )
        self.plan = ""
        self.items = tuple(
            ItemInput(listing.sku, 24, "SELLER", "SELLER")
            for listing in map(self.amazon.moment("NA").world.listings.__getitem__, SKUS)
        )

    def wait(self, operation_id: str) -> None:
        for _ in range(3):
            found = self.client.get_inbound_operation_status(operation_id=operation_id)
            if found.is_success:
                return
        raise AssertionError(found)

    def create(self) -> None:
        made = self.client.create_inbound_plan(
            name=NAME, marketplace_id=US, source=ADDRESS, items=self.items
        )
        self.plan = made.plan_id
        self.wait(made.operation_id)

    def boxes(self, items: tuple[ItemInput, ...]) -> tuple[BoxInput, ...]:
        one = [
            ItemInput(item.seller_sku, item.quantity // 4, item.label_owner, item.prep_owner)
            for item in items
        ]
        return (BoxInput(4, SIZE, MASS, items=tuple(one)),)

    def pack(self) -> None:
        self.wait(self.client.generate_packing_options(plan_id=self.plan))
        option = next(self.client.list_packing_options(plan_id=self.plan))[0]
        ids = {"plan_id": self.plan, "option_id": option.option_id}
        self.wait(self.client.confirm_packing_option(**ids))
        packing = []
        for group in option.group_ids:
            rows = next(self.client.list_packing_group_items(plan_id=self.plan, group_id=group))
            items = [
                ItemInput(row.seller_sku, row.quantity, row.label_owner, row.prep_owner)
                for row in rows
            ]
            packing.append(PackingInput(self.boxes(tuple(items)), group_id=group))
        self.wait(self.client.set_packing_information(plan_id=self.plan, packing=packing))

    def place(self, parts: int) -> PlacementOption:
        self.wait(self.client.generate_placement_options(plan_id=self.plan))
        options = next(self.client.list_placement_options(plan_id=self.plan))
        option = next(one for one in options if len(one.shipment_ids) == parts)
        ids = {"plan_id": self.plan, "option_id": option.option_id}
        self.wait(self.client.confirm_placement_option(**ids))
        return option

    def offers(self, option: PlacementOption, **more: Any) -> list[TransportationOption]:
        ready = datetime.now(UTC) + timedelta(days=2)
        told = [TransportInput(one, ready, **more) for one in option.shipment_ids]
        ids = {"plan_id": self.plan, "placement_option_id": option.option_id}
        self.wait(self.client.generate_transportation_options(**ids, shipments=told))
        return [one for page in self.client.list_transportation_options(**ids) for one in page]

    def order(self, offers: list[TransportationOption], solution: str, mode: str) -> None:
        chosen: dict[str, str] = {}
        for one in offers:
            if (one.solution, one.mode) == (solution, mode):
                chosen.setdefault(one.shipment_id, one.option_id)
        choices = [TransportChoice(*pair) for pair in chosen.items()]
        ids = {"plan_id": self.plan}
        self.wait(self.client.confirm_transportation_options(**ids, choices=choices))

    def open_window(self, shipment_id: str) -> None:
        ids = {"plan_id": self.plan, "shipment_id": shipment_id}
        self.wait(self.client.generate_delivery_window_options(**ids))
        window = next(self.client.list_delivery_window_options(**ids))[0]
        self.wait(self.client.confirm_delivery_window_options(**ids, option_id=window.option_id))
