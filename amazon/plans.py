"""Inbound plans with dates, destination, carrier and quote: Fulfillment Inbound 2024-03-20."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TypeVar

from amazon import fields
from amazon.answers import listed, records
from amazon.encoding import Value
from amazon.fields import Json
from amazon.paging import Page, chain, next_token
from amazon.transport import Transport
from amazon.types import InboundPlan, PlanDetail, PlanItem, PlanShipment, TransportationOption

#: Without a status only ACTIVE plans are listed; ERRORED ones cannot be asked for.
PLAN_STATUSES = ("ACTIVE", "SHIPPED", "VOIDED")
PLANS_PAGE_SIZE = 30
ITEMS_PAGE_SIZE = 1000
OPTIONS_PAGE_SIZE = 20

T = TypeVar("T")


class Plans(Transport):
    """Version 2024-03-20: what v0 does not know. It has no received quantities."""

    def list_inbound_plans(
        self, *, status: str, newest_first: bool = True, by_creation: bool = False
    ) -> Iterator[list[InboundPlan]]:
        """Yield pages of plans of one status, by last update, which is no reliable change feed.

        Plans have no shipments here, and there is no filter by date: stop where all is known.
        ``by_creation`` sorts by the time of creation instead. Raises ``AmazonError``.
        """
        query: dict[str, Value] = {
            "status": status,
            "sortBy": "CREATION_TIME" if by_creation else "LAST_UPDATED_TIME",
            "sortOrder": "DESC" if newest_first else "ASC",
            "pageSize": PLANS_PAGE_SIZE,
        }
        return self._pages(
            "listInboundPlans",
            {},
            query,
            page_reader("inboundPlans", InboundPlan.from_json),
            lambda plan: plan.plan_id,
        )

    def get_inbound_plan(self, *, plan_id: str) -> PlanDetail:
        """Return one plan with its shipments.

        Plans of Amazon Global Logistics answer 400: ``RejectedError``, to be passed over.
        """
        return self.call("getInboundPlan", PlanDetail.from_json, names={"inboundPlanId": plan_id})

    def get_shipment(self, *, plan_id: str, shipment_id: str) -> PlanShipment:
        """Return dates, destination and tracking of one shipment (ids of 2024-03-20).

        Raises ``AmazonError``.
        """
        return self.call(
            "getShipment",
            lambda body: PlanShipment.from_json(body, plan_id=plan_id),
            names={"inboundPlanId": plan_id, "shipmentId": shipment_id},
        )

    def list_shipment_items(self, *, plan_id: str, shipment_id: str) -> Iterator[list[PlanItem]]:
        """Yield pages of the lines of one shipment, 1,000 each: expected units, not received.

        Raises ``AmazonError``.
        """
        return self._pages(
            "listShipmentItems",
            {"inboundPlanId": plan_id, "shipmentId": shipment_id},
            {"pageSize": ITEMS_PAGE_SIZE},
            page_reader("items", PlanItem.from_json),
            lambda item: (item.seller_sku, item.expires_on, item.fnsku, item.label_owner),
        )

    def list_transportation_options(
        self,
        *,
        plan_id: str,
        shipment_id: str | None = None,
        placement_option_id: str | None = None,
    ) -> Iterator[list[TransportationOption]]:
        """Yield pages of the transport options of one shipment, or of all of a placement.

        There can be over a thousand: keep what is wanted, and stop at the chosen one. Give
        one of the two ids; after confirmation the chosen option has the confirmed quote.
        Raises ``AmazonError``.
        """
        if (shipment_id is None) == (placement_option_id is None):
            raise ValueError("exactly one of shipment and placement option")
        return self._pages(
            "listTransportationOptions",
            {"inboundPlanId": plan_id},
            {
                "shipmentId": shipment_id,
                "placementOptionId": placement_option_id,
                "pageSize": OPTIONS_PAGE_SIZE,
            },
            page_reader("transportationOptions", TransportationOption.from_json),
            lambda option: (option.shipment_id, option.option_id),
        )

    def _pages(
        self,
        operation: str,
        names: Mapping[str, str],
        query: Mapping[str, Value],
        reader: Callable[[Json], Page[T]],
        key: Callable[[T], Hashable],
    ) -> Iterator[list[T]]:
        def fetch(token: str | None) -> Page[T]:
            asked = {**query, "paginationToken": token}
            return self.call(operation, reader, names=names, query=asked)

        return (page.items for page in chain(operation, fetch, key))


def page_reader(name: str, kind: Callable[[Json], T]) -> Callable[[Json], Page[T]]:
    """Return the reader of a 2024-03-20 page whose rows are under ``name``."""

    def read(body: Json) -> Page[T]:
        token = next_token(fields.mapping(body, "pagination"))
        return Page(records(kind, listed(body, name)), token)

    return read
